package import JSONWire
internal import Journal
package import Primitives

/// What a claim remembers of the answer: JSON of ours that names the runs.
package struct ClaimAnswer {
    private let members: JSONObject

    /// Reads what a claim has kept; what is no object of ours reads as an empty one.
    package init(_ bytes: [UInt8]) {
        if case .object(let members) = JSONValue.journaled(bytes) {
            self.members = members
        } else {
            members = JSONObject()
        }
    }

    /// The run, where the answer names one.
    package var run: UUIDv7? {
        members["task_id"]?.string.flatMap { UUIDv7(text: $0) }
    }

    /// The answer for a request that repeats the first one.
    package var again: JSONValue { JSONValue.object(members).markedAsDuplicate(true) }

    /// The bytes that a claim keeps of one run.
    static func bytes(of run: UUIDv7) -> [UInt8] {
        Array(#"{"task_id":"\#(run.text)"}"#.utf8)
    }
}

extension JSONValue {
    /// An object of ours with `"duplicate":true`, where it tells of something that was done before.
    package func markedAsDuplicate(_ isDuplicate: Bool) -> JSONValue {
        guard isDuplicate, case .object(var object) = self else { return self }
        object["duplicate"] = .bool(true)
        return .object(object)
    }
}
