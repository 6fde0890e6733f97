import JSONWire
import TestKit
import Testing

/// `Idempotency-Key` where the controller starts runs.
@Suite struct IdempotencyTests {
    private static let key = ("Idempotency-Key", #""k-1""#)

    private static func start(
        _ fixture: ControllerFixture,
        _ body: String,
        _ headers: [(String, String)] = [key]
    ) throws -> HTTPReply {
        try fixture.api.post("/workflows/runs", json: body, headers: headers)
    }

    @Test func `the same request again is told the first run's state`() throws {
        let fixture = try ControllerFixture()
        let body = #"{"workflow_id":"quick","input":{"word":"hi"}}"#
        let first = try Self.start(fixture, body)
        #expect(first.json["duplicate"] == nil)
        let again = try Self.start(fixture, body)
        #expect(again.status == 200)
        #expect(again.json["duplicate"] == .bool(true))
        for name in ["task_id", "status", "output"] {
            #expect(again.json[name] == first.json[name])
        }
        #expect(try fixture.api.get("/tasks").json["tasks"]?.elements.count == 1)
        let other = try Self.start(fixture, #"{"workflow_id":"quick","input":{"word":"ho"}}"#)
        #expect(other.status == 422)
        #expect(other.json["code"] == .string("idempotency_key_reused"))
    }

    @Test func `one that does not wait is told the same`() throws {
        let fixture = try ControllerFixture()
        let body = #"{"workflow_id":"held","input":{"key":"a"},"wait_for_completion":false}"#
        let first = try Self.start(fixture, body)
        let again = try Self.start(fixture, body)
        #expect(again.status == first.status)
        #expect(again.text == first.text.dropLast() + #","duplicate":true}"#)
    }

    @Test func `the output alone carries no member of ours`() throws {
        let fixture = try ControllerFixture()
        let body = #"{"output_only":true}"#
        let first = try Self.start(fixture, body)
        #expect(try Self.start(fixture, body).text == first.text)
        #expect(try fixture.api.get("/tasks").json["tasks"]?.elements.count == 1)
    }

    @Test func `a refused start is released`() throws {
        let fixture = try ControllerFixture()
        let body = #"{"workflow_id":"none"}"#
        #expect(try Self.start(fixture, body).status == 404)
        #expect(try Self.start(fixture, body).status == 404)
        #expect(try Self.start(fixture, #"{"workflow_id":"quick"}"#).json["duplicate"] == nil)
    }

    @Test func `a malformed key is refused`() throws {
        let fixture = try ControllerFixture()
        let reply = try Self.start(fixture, "{}", [("Idempotency-Key", #""k-1"#)])
        #expect(reply.status == 400)
        #expect(reply.json["code"] == .string("idempotency_key_invalid"))
        #expect(try fixture.api.get("/tasks").json["tasks"]?.elements.isEmpty == true)
    }

    @Test func `keys belong to their token`() throws {
        let fixture = try ControllerFixture(
            controller: "  tokens: [aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbb]\n"
        )
        func start(_ token: String) throws -> HTTPReply {
            try Self.start(fixture, "{}", [Self.key, ("Authorization", "Bearer \(token)")])
        }
        let first = try start("aaaaaaaaaaaaaaaa")
        let second = try start("bbbbbbbbbbbbbbbb")
        #expect(second.json["duplicate"] == nil)
        #expect(second.json["task_id"] != first.json["task_id"])
        #expect(try start("aaaaaaaaaaaaaaaa").json["task_id"] == first.json["task_id"])
    }

    @Test func `a window can be named, and a run that is forgotten is still known`() throws {
        let fixture = try ControllerFixture(
            controller: "  deduplicate_for: 1h\n",
            "executor: { max_ended_runs: 1 }\n" + Workflows.all
        )
        let first = try Self.start(fixture, "{}")
        let id = try #require(first.json["task_id"]?.string)
        try eventually("others to push the run out") {
            _ = try Self.start(fixture, "{}", [])
            return try fixture.api.get("/tasks/\(id)").status == 404
        }
        let again = try Self.start(fixture, "{}")
        #expect(again.status == 200)
        #expect(again.json["task_id"] == first.json["task_id"])
        #expect(again.json["duplicate"] == .bool(true))
    }
}
