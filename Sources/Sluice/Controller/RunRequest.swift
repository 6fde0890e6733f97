internal import HTTPEngine
internal import JSONWire
internal import Primitives

/// The body of `POST {base_path}/workflows/runs`.
struct RunRequest {
    /// The workflow; nil for the default one.
    let workflowID: String?
    /// The run's input; null where the body names none.
    let input: JSONValue
    /// Whether the answer waits for the run's end; true where the body does not say.
    let waitsForCompletion: Bool
    /// Whether the answer is the output alone.
    let isOutputOnly: Bool

    private static let known = ["workflow_id", "input", "wait_for_completion", "output_only"]

    /// Reads the body.
    ///
    /// - Throws: 400 when it is not JSON, 422 when a member is of another type, is unknown, or two contradict.
    init(_ body: [UInt8]) throws(Problem) {
        let value = try Self.parse(body)
        guard case .object(let object) = value else {
            throw Self.invalid("the body must be a map, and it is \(value.kindName)")
        }
        if let unknown = object.members.first(where: { !Self.known.contains($0.name) }) {
            throw Self.invalid(
                "unknown member '\(unknown.name.prefix(64))'; known are \(Self.known.joined(separator: ", "))"
            )
        }
        workflowID = try Self.text(object, "workflow_id")
        input = object["input"] ?? .null
        waitsForCompletion = try Self.flag(object, "wait_for_completion") ?? true
        isOutputOnly = try Self.flag(object, "output_only") ?? false
        if isOutputOnly, !waitsForCompletion {
            throw Self.invalid("output_only needs wait_for_completion")
        }
    }

    private static func parse(_ body: [UInt8]) throws(Problem) -> JSONValue {
        if body.isEmpty { return .object([:]) }
        do throws(JSONError) {
            return try JSONValue.parse(body)
        } catch {
            throw Problem(
                status: 400,
                code: .bodyUnparseable,
                detail: "the body is not JSON: \(error.message)"
            )
        }
    }

    private static func text(_ object: JSONObject, _ name: String) throws(Problem) -> String? {
        switch object[name] {
        case nil, .null?: nil
        case .string(let text)?: text
        case let other?: throw invalid("\(name) must be text, and it is \(other.kindName)")
        }
    }

    private static func flag(_ object: JSONObject, _ name: String) throws(Problem) -> Bool? {
        switch object[name] {
        case nil, .null?: nil
        case .bool(let flag)?: flag
        case let other?: throw invalid("\(name) must be true or false, and it is \(other.kindName)")
        }
    }

    private static func invalid(_ detail: String) -> Problem {
        Problem(status: 422, code: .inputInvalid, detail: detail)
    }
}
