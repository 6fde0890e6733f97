import JSONWire
import TestKit
import Testing

/// What a sender is told.
enum Told: Equatable {
    case delivered
    case duplicate
    case held
    case progress
    case refused(Int)
}

/// Checks an answer to a callback: its status, its members, and, of a refusal, that it is a problem with code and id.
func expect(
    _ reply: HTTPReply,
    _ told: Told,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let body = try JSONValue.parse(reply.body)
    switch told {
    case .delivered: expect(reply, 200, body, "delivered", nil, sourceLocation)
    case .duplicate: expect(reply, 200, body, "delivered", true, sourceLocation)
    case .held: expect(reply, 202, body, "held", nil, sourceLocation)
    case .progress: expect(reply, 200, body, "progress", nil, sourceLocation)
    case .refused(let status):
        #expect(reply.status == status, "\(reply.text)", sourceLocation: sourceLocation)
        expectProblem(reply, body, sourceLocation)
    }
}

/// Checks that a trigger started one run, and gives its id.
func triggered(
    _ reply: HTTPReply,
    sourceLocation: SourceLocation = #_sourceLocation
) throws -> String {
    let body = try JSONValue.parse(reply.body)
    #expect(reply.status == 200, "\(reply.text)", sourceLocation: sourceLocation)
    #expect(body["status"] == .string("triggered"), sourceLocation: sourceLocation)
    return try #require(body["task_id"]?.string, sourceLocation: sourceLocation)
}

private func expect(
    _ reply: HTTPReply,
    _ status: Int,
    _ body: JSONValue,
    _ word: String,
    _ duplicate: Bool?,
    _ sourceLocation: SourceLocation
) {
    #expect(reply.status == status, "\(reply.text)", sourceLocation: sourceLocation)
    #expect(body["status"] == .string(word), sourceLocation: sourceLocation)
    #expect(body["duplicate"] == duplicate.map(JSONValue.bool), sourceLocation: sourceLocation)
    #expect(
        reply.headers["content-type"] == "application/json",
        sourceLocation: sourceLocation
    )
}

private func expectProblem(
    _ reply: HTTPReply,
    _ body: JSONValue,
    _ sourceLocation: SourceLocation
) {
    #expect(
        reply.headers["content-type"] == "application/problem+json",
        sourceLocation: sourceLocation
    )
    #expect(body["code"]?.string?.isEmpty == false, sourceLocation: sourceLocation)
    #expect(
        body["request_id"]?.string == reply.headers["x-request-id"],
        sourceLocation: sourceLocation
    )
}
