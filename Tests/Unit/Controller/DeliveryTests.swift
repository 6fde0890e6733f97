import JSONWire
import Primitives
import Security
import Synchronization
import TestKit
import Testing

@Suite struct DeliveryTests {
    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private static let quickly = "  callback_delay: 10ms\n  callback_attempts: 3\n"

    private static func begin(
        _ fixture: ControllerFixture,
        _ service: ScriptedService,
        headers: String = "null"
    ) throws -> String {
        let reply = try fixture.api.post(
            "/workflows/runs",
            json: """
                {"workflow_id":"quick","session_id":"s","callback_url":"\(service.url)/result?key=hush",
                "callback_headers":\(headers)}
                """
        )
        #expect(reply.status == 200)
        #expect(reply.json["status"] == .string("pending"))
        return try #require(reply.json["task_id"]?.string)
    }

    @Test func `the result is sent, signed`() throws {
        let service = try ScriptedService { _ in .status(204) }
        defer { service.stop() }
        let fixture = try ControllerFixture(controller: "  callback_secret: \(Self.secret)\n")
        let id = try Self.begin(fixture, service, headers: #"{"X-Mine":"a hush"}"#)
        let request = try service.waitForRequest(matching: "POST /result")
        #expect(request.headers["x-mine"] == "a hush")
        #expect(request.headers["content-type"] == "application/json")
        #expect(request.headers["webhook-id"] == "msg_\(id)")
        try WebhookKey(secret: Self.secret).verify(
            id: request.headers["webhook-id"],
            timestamp: request.headers["webhook-timestamp"],
            signatures: request.headers["webhook-signature"],
            body: request.body.span
        )
        let body = HTTPReply.value(request.text)
        #expect(body["task_id"] == .string(id))
        #expect(body["status"] == .string("completed"))
        #expect(body["output"]?["said"] == .string("hello"))
        #expect(body["session_id"] == .string("s"))
        try eventually { fixture.lines.all.contains { $0.contains("Result sent") } }
        #expect(!fixture.lines.all.contains { $0.contains("hush") || $0.contains("whsec") })
    }

    @Test func `without a secret it is sent unsigned`() throws {
        let service = try ScriptedService { _ in .status(200) }
        defer { service.stop() }
        let fixture = try ControllerFixture()
        _ = try Self.begin(fixture, service)
        let request = try service.waitForRequest(matching: "POST /result")
        #expect(request.headers["webhook-signature"] == nil)
        #expect(request.headers["webhook-id"] != nil)
    }

    @Test func `a result that is not taken is sent again under the same id`() throws {
        let service = try ScriptedService { request in .status(request.number < 3 ? 500 : 200) }
        defer { service.stop() }
        let fixture = try ControllerFixture(controller: Self.quickly)
        let id = try Self.begin(fixture, service)
        try service.waitForRequest(matching: "POST /result", count: 3)
        #expect(Set(service.requests.map { $0.headers["webhook-id"] }) == ["msg_\(id)"])
        try eventually { fixture.lines.all.contains { $0.contains("Result sent") } }
        #expect(service.requests.count == 3)
    }

    @Test func `it is given up after the last attempt`() throws {
        let service = try ScriptedService { request in
            request.number == 1 ? .hangUp : .status(request.number == 2 ? 302 : 503)
        }
        defer { service.stop() }
        let fixture = try ControllerFixture(controller: Self.quickly)
        _ = try Self.begin(fixture, service)
        try eventually {
            fixture.lines.all.contains { $0.hasPrefix("error Result could not be sent") }
        }
        #expect(service.requests.count == 3)
    }

    @Test func `a receiver that is gone is not asked again`() throws {
        let service = try ScriptedService { _ in .status(410) }
        defer { service.stop() }
        let fixture = try ControllerFixture(controller: Self.quickly)
        _ = try Self.begin(fixture, service)
        try eventually {
            fixture.lines.all.contains { $0.hasPrefix("error Result could not be sent") }
        }
        #expect(service.requests.count == 1)
    }

    @Test func `as many results as may wait for another attempt`() throws {
        let service = try ScriptedService { _ in .status(500) }
        defer { service.stop() }
        let fixture = try ControllerFixture(controller: "  max_pending_callbacks: 0\n")
        _ = try Self.begin(fixture, service)
        try eventually { fixture.lines.all.contains { $0.contains("max_pending_callbacks") } }
        #expect(service.requests.count == 1)
    }

    @Test(arguments: [
        #""callback_url":"ftp://a.example.com/""#, #""callback_url":"no url""#,
        #""callback_url":7"#,
        #""callback_url":"http://a.example.com/","wait_for_completion":true"#,
        #""callback_url":"http://a.example.com/","output_only":true"#,
        #""callback_headers":{"X-A":"b"}"#,
        #""callback_url":"http://a.example.com/","callback_headers":{"X-A":1}"#,
        #""callback_url":"http://a.example.com/","callback_headers":{"X-A":"a\nb"}"#,
        #""callback_url":"http://a.example.com/","callback_headers":{"X A":"b"}"#,
        #""callback_url":"http://a.example.com/","callback_headers":{"Host":"b"}"#,
        #""callback_url":"http://a.example.com/","callback_headers":{"Webhook-Signature":"b"}"#,
        #""callback_url":"http://a.example.com/","callback_headers":[]"#,
    ]) func `a callback that is wrong starts nothing`(_ members: String) throws {
        let fixture = try ControllerFixture()
        let reply = try fixture.api.post("/workflows/runs", json: "{\(members)}")
        #expect(reply.status == 422)
        #expect(reply.json["code"] == .string("input_invalid"))
        #expect(try fixture.api.get("/tasks").json["tasks"] == .array([]))
    }
}

/// Results that are no success.
@Suite struct BadResultTests {
    @Test func `a failed run and a cancelled one are sent too`() throws {
        let service = try ScriptedService { _ in .status(200) }
        defer { service.stop() }
        let fixture = try ControllerFixture()
        let callback = #","callback_url":"\#(service.url)/result""#
        let broken = try fixture.begin("broken", input: #"{"word":"x"}"#, more: callback)
        let failed = HTTPReply.value(try service.waitForRequest(matching: "POST /result").text)
        #expect(failed["task_id"] == .string(broken))
        #expect(failed["status"] == .string("failed"))
        #expect(failed["error"]?["step"] == .string("cast"))
        let held = try fixture.begin("held", input: #"{"key":"a"}"#, more: callback)
        #expect(service.requests.count == 1)
        #expect(try fixture.api.send("POST", "/tasks/\(held)/cancel").status == 200)
        let cancelled = HTTPReply.value(
            try service.waitForRequest(matching: "POST /result", count: 2).text
        )
        #expect(cancelled["task_id"] == .string(held))
        #expect(cancelled["status"] == .string("cancelled"))
    }
}
