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

    /// When a claim was made: when the run began that it tells of; nil where it tells of none.
    ///
    /// - Complexity: O(bytes); nothing of the rest is read.
    package static func time(_ bytes: [UInt8]) -> WallTime? {
        let name = Array(#""task_id":""#.utf8)
        guard bytes.count >= name.count + 36 else { return nil }
        for start in 0...(bytes.count - name.count - 36)
        where bytes[start..<start + name.count].elementsEqual(name) {
            let text = bytes[(start + name.count)...].prefix(36)
            return UUIDv7(text: String(decoding: text, as: UTF8.self))
                .map { WallTime(milliseconds: Int64($0.high >> 16)) }
        }
        return nil
    }

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
