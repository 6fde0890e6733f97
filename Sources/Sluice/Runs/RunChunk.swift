internal import JSONWire

/// A piece of the answer that a step is receiving, for those who watch the run; it is kept nowhere.
struct RunChunk: Sendable {
    /// The step.
    let step: String
    /// The step's try, from 1.
    let attempt: Int
    /// What the piece says.
    let data: JSONValue

    /// The piece as a server-sent event; it has no id, so that a client that comes back asks for history only.
    var event: String {
        let object: JSONObject = [
            "kind": .string("chunk"), "step": .string(step), "attempt": .integer(Int64(attempt)),
            "data": data,
        ]
        return "event: chunk\ndata: \(JSONValue.object(object).jsonText)\n\n"
    }
}
