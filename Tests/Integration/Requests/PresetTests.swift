import JSONWire
import TestKit
import Testing

/// The ways of known senders to name a delivery, with what they really send.
@Suite struct PresetTests {
    private typealias Kit = DeduplicationTests
    private typealias Headers = [(String, String)]

    private static func check(
        _ preset: String,
        _ first: (body: String, headers: Headers),
        same: (body: String, headers: Headers),
        other: (body: String, headers: Headers)
    ) throws {
        let fixture = try Kit.fixture("deduplicate_by: \(preset)")
        defer { fixture.stop() }
        func send(
            _ sent: (body: String, headers: Headers)
        ) throws -> (run: String, isDuplicate: Bool) {
            try Kit.told(fixture.post("/start", sent.body, on: 8091, headers: sent.headers))
        }
        let one = try send(first)
        #expect(!one.isDuplicate)
        #expect(try send(first) == (one.run, true))
        #expect(try send(same) == (one.run, true))
        #expect(try !send(other).isDuplicate)
    }

    @Test func `github`() throws {
        let path = SharedData.path("github/ping/payload.json")
        let body = try path.map { try Files.text($0) } ?? #"{"zen":"Design for failure."}"#
        func headers(_ delivery: String) -> Headers {
            [
                ("User-Agent", "GitHub-Hookshot/044aadd"), ("X-GitHub-Event", "ping"),
                ("X-GitHub-Delivery", delivery), ("X-GitHub-Hook-ID", "292430182"),
            ]
        }
        let delivery = "72d3162e-cc78-11e3-81ab-4c9367dc0958"
        try Self.check(
            "github",
            (body, headers(delivery)),
            same: (#"{"zen":"Speak like a human."}"#, headers(delivery)),
            other: (body, headers("72d3162e-cc78-11e3-81ab-4c9367dc0959"))
        )
    }

    @Test func `stripe, whose repeated events differ in details`() throws {
        func event(_ id: String, pending: Int) -> String {
            #"{"id":"\#(id)","object":"event","type":"charge.succeeded","pending_webhooks":\#(pending)}"#
        }
        try Self.check(
            "stripe",
            (event("evt_1NG8Du2eZvKYlo2CUI79vXWy", pending: 2), []),
            same: (event("evt_1NG8Du2eZvKYlo2CUI79vXWy", pending: 1), []),
            other: (event("evt_1NG8Du2eZvKYlo2CUI79vXWz", pending: 2), [])
        )
    }

    @Test(arguments: ["webhook-id", "svix-id"])
    func `standard webhooks, by either name`(_ name: String) throws {
        let body = #"{"type":"contact.created","timestamp":"2022-11-03T20:26:10.344522Z"}"#
        func headers(_ id: String, at time: String) -> Headers {
            [(name, id), ("webhook-timestamp", time)]
        }
        try Self.check(
            "standard",
            (body, headers("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", at: "1674087231")),
            same: (body + " ", headers("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", at: "1674087236")),
            other: (body, headers("msg_2KWPBgLlAfxdpx2AI54pPJ85f4X", at: "1674087231"))
        )
    }

    @Test func `standard webhooks without their id are told by their bytes`() throws {
        let fixture = try Kit.fixture("deduplicate_by: standard")
        defer { fixture.stop() }
        let id = [("webhook-id", "msg_1")]
        let first = try Kit.told(fixture.post("/start", "{}", on: 8091, headers: id))
        let stripped = try Kit.told(fixture.post("/start", "{}", on: 8091))
        #expect(stripped.run != first.run)
        #expect(try Kit.told(fixture.post("/start", "{}", on: 8091)) == (stripped.run, true))
    }

    @Test func `cloudevents in binary mode`() throws {
        func headers(_ source: String, _ id: String) -> Headers {
            [
                ("ce-specversion", "1.0"), ("ce-type", "com.example.someevent"),
                ("ce-source", source), ("ce-id", id),
            ]
        }
        try Self.check(
            "cloudevents",
            ("{}", headers("/mycontext/4", "1234-5678")),
            same: (#"{"a":1}"#, headers("/mycontext/4", "1234-5678")),
            other: ("{}", headers("/mycontext/41", "234-5678"))
        )
    }

    @Test func `cloudevents in structured mode`() throws {
        func event(_ source: String, _ id: String) -> String {
            #"{"specversion":"1.0","type":"a.b","source":"\#(source)","id":"\#(id)"}"#
        }
        try Self.check(
            "cloudevents",
            (event("/mycontext", "A234-1234-1234"), []),
            same: (event("/mycontext", "A234-1234-1234") + "\n", []),
            other: (event("/mycontextA", "234-1234-1234"), [])
        )
    }

    @Test func `cloudevents in batches`() throws {
        let fixture = try Kit.fixture("bulk: true, deduplicate_by: cloudevents")
        defer { fixture.stop() }
        let event = #"{"specversion":"1.0","type":"a.b","source":"/s","id":"1"}"#
        let reply = try fixture.post(
            "/start",
            "[\(event),\(event)]",
            on: 8091
        )
        let body = try JSONValue.parse(reply.body)
        guard case .array(let tasks)? = body["tasks"] else {
            Issue.record("\(reply.text)")
            return
        }
        #expect(tasks.map { $0["duplicate"] } == [nil, .bool(true)])
        #expect(tasks[0]["task_id"] == tasks[1]["task_id"])
    }
}
