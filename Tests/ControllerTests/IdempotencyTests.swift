import JSONWire
import TestKit
import Testing

/// `Idempotency-Key` where the controller starts runs.
@Suite struct IdempotencyTests {
    private static let key = ("Idempotency-Key", #""k-1""#)

    private static func start(
        _ rig: Rig,
        _ body: String,
        _ headers: [(String, String)] = [key]
    ) throws -> HTTPReply {
        try rig.api.post("/workflows/runs", json: body, headers: headers)
    }

    @Test func `the same request again is told the first run's state`() throws {
        let rig = try Rig()
        let body = #"{"workflow_id":"quick","input":{"word":"hi"}}"#
        let first = try Self.start(rig, body)
        #expect(first.json["duplicate"] == nil)
        let again = try Self.start(rig, body)
        #expect(again.status == 200)
        #expect(again.json["duplicate"] == .bool(true))
        for name in ["task_id", "status", "output"] {
            #expect(again.json[name] == first.json[name])
        }
        #expect(try rig.api.get("/tasks").json["tasks"]?.elements.count == 1)
        let other = try Self.start(rig, #"{"workflow_id":"quick","input":{"word":"ho"}}"#)
        #expect(other.status == 422)
        #expect(other.json["code"] == .string("idempotency_key_reused"))
    }

    @Test func `one that does not wait is told the same`() throws {
        let rig = try Rig()
        let body = #"{"workflow_id":"held","input":{"key":"a"},"wait_for_completion":false}"#
        let first = try Self.start(rig, body)
        let again = try Self.start(rig, body)
        #expect(again.status == first.status)
        #expect(again.text == first.text.dropLast() + #","duplicate":true}"#)
    }

    @Test func `the output alone carries no member of ours`() throws {
        let rig = try Rig()
        let body = #"{"output_only":true}"#
        let first = try Self.start(rig, body)
        #expect(try Self.start(rig, body).text == first.text)
        #expect(try rig.api.get("/tasks").json["tasks"]?.elements.count == 1)
    }

    @Test func `a refused start is released`() throws {
        let rig = try Rig()
        let body = #"{"workflow_id":"none"}"#
        #expect(try Self.start(rig, body).status == 404)
        #expect(try Self.start(rig, body).status == 404)
        #expect(try Self.start(rig, #"{"workflow_id":"quick"}"#).json["duplicate"] == nil)
    }

    @Test func `a malformed key is refused`() throws {
        let rig = try Rig()
        let reply = try Self.start(rig, "{}", [("Idempotency-Key", #""k-1"#)])
        #expect(reply.status == 400)
        #expect(reply.json["code"] == .string("idempotency_key_invalid"))
        #expect(try rig.api.get("/tasks").json["tasks"]?.elements.isEmpty == true)
    }

    @Test func `keys belong to their token`() throws {
        let rig = try Rig(controller: "  tokens: [aaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbb]\n")
        func start(_ token: String) throws -> HTTPReply {
            try Self.start(rig, "{}", [Self.key, ("Authorization", "Bearer \(token)")])
        }
        let first = try start("aaaaaaaaaaaaaaaa")
        let second = try start("bbbbbbbbbbbbbbbb")
        #expect(second.json["duplicate"] == nil)
        #expect(second.json["task_id"] != first.json["task_id"])
        #expect(try start("aaaaaaaaaaaaaaaa").json["task_id"] == first.json["task_id"])
    }

    @Test func `a window can be named, and a run that is forgotten is still known`() throws {
        let rig = try Rig(
            controller: "  deduplicate_for: 1h\n",
            "executor: { max_ended_runs: 1 }\n" + Workflows.all
        )
        let first = try Self.start(rig, "{}")
        let id = try #require(first.json["task_id"]?.string)
        try eventually("others to push the run out") {
            _ = try Self.start(rig, "{}", [])
            return try rig.api.get("/tasks/\(id)").status == 404
        }
        let again = try Self.start(rig, "{}")
        #expect(again.status == 200)
        #expect(again.json["task_id"] == first.json["task_id"])
        #expect(again.json["duplicate"] == .bool(true))
    }
}
