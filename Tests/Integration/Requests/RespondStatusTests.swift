import JSONWire
import TestKit
import Testing

/// `respond: {status: …}`: the status of success answers, over real HTTP.
@Suite struct RespondStatusTests {
    private func check(_ reply: HTTPReply, _ status: Int, _ word: String) throws {
        let told = try JSONValue.parse(reply.body)["status"]?.string
        #expect(reply.status == status, "\(reply.text)")
        #expect(told == word, "\(reply.text)")
    }

    @Test(arguments: [200, 201, 299])
    func `every success answer of a callback endpoint has it, and no refusal`(_ status: Int) throws
    {
        let fixture = try CallbackIdentityTests.fixture(
            #"""
            path: /r, identify_by: "${body.id}", status: "${body.s}", success_when: [ok], respond: { status: \#(status) }
            """#
        )
        defer { fixture.stop() }
        let early = try fixture.post("/r", #"{"id":"early","s":"ok"}"#)
        try check(early, status, "held")
        let again = try fixture.post("/r", #"{"id":"early","s":"ok"}"#)
        #expect(again.status == status)
        #expect(try JSONValue.parse(again.body)["duplicate"] == .bool(true))
        _ = try fixture.wait(for: "k")
        let progress = try fixture.post("/r", #"{"id":"k","s":"soon"}"#)
        try check(progress, status, "progress")
        let delivered = try fixture.post("/r", #"{"id":"k","s":"ok"}"#)
        try check(delivered, status, "delivered")
        try expect(fixture.post("/r", #"{"id":"k","s":"ok","n":2}"#), .refused(409))
        try expect(fixture.post("/r", "{}"), .refused(422))
        try expect(fixture.post("/r", "{"), .refused(400))
    }

    @Test(arguments: [204, 205]) func `one without a body has none, and the connection lives on`(
        _ status: Int
    ) throws {
        let fixture = try CallbackIdentityTests.fixture(
            #"""
            callbacks: [ { path: /r, identify_by: "${body.id}", respond: { status: \#(status) } },
                         { path: /b, bulk: true, identify_by: "${item.id}", respond: { status: \#(status) } } ]
            """#
        )
        defer { fixture.stop() }
        let connection = try RawConnection(port: fixture.ports[8090])
        for (path, body) in [
            ("/r", #"{"id":"a"}"#), ("/b", #"[{"id":"b"}]"#), ("/r", #"{"id":"a"}"#),
        ] {
            try connection.send(
                "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            let reply = try connection.readReply()
            #expect(reply.status == status)
            #expect(reply.body.isEmpty)
            #expect(status != 204 || reply.headers["content-length"] == nil)
        }
    }

    @Test func `a bulk has it, unless all items were refused`() throws {
        let fixture = try CallbackIdentityTests.fixture(
            #"path: /b, bulk: true, identify_by: "${item.id}", respond: { status: 202 }"#
        )
        defer { fixture.stop() }
        let taken = try fixture.post("/b", #"[{"id":"a"},{}]"#)
        try check(taken, 202, "processed")
        let refused = try fixture.post("/b", "[{},{}]")
        try expect(refused, .refused(422))
        #expect(try JSONValue.parse(refused.body)["code"] == .string("key_missing"))
    }

    @Test func `a trigger has it, also for what it started before`() throws {
        let fixture = try DeduplicationTests.fixture(
            #"respond: { status: 201 }, deduplicate_by: "${body.id}""#
        )
        defer { fixture.stop() }
        for isDuplicate in [false, true] {
            let reply = try fixture.post("/start", #"{"id":1}"#, on: 8091)
            try check(reply, 201, "triggered")
            let repeated = try JSONValue.parse(reply.body)["duplicate"] == .bool(true)
            #expect(repeated == isDuplicate)
        }
        let keyed = [("Idempotency-Key", "k")]
        for _ in 0..<2 {
            #expect(
                try fixture.post("/start", #"{"id":2}"#, on: 8091, headers: keyed).status == 201
            )
        }
        try expect(fixture.post("/start", "{", on: 8091), .refused(400))
    }

    @Test func `with a store, too, where the answer leaves after the commit`() throws {
        let directory = try TemporaryDirectory()
        let block = Block(
            text: #"""
                store: { path: "\#(directory.path("store"))" }
                listener: { type: http-callback, host: 127.0.0.1, port: 8090, callbacks: [
                  { path: /r, identify_by: "${body.id}", respond: { status: 200 } },
                  { path: /n, identify_by: "${body.id}", respond: { status: 204 } } ] }

                """#
        ).adding(Completion.controller, CallbackIdentityTests.waiting)
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        let held = try fixture.post("/r", #"{"id":"a"}"#)
        try check(held, 200, "held")
        let empty = try fixture.post("/n", #"{"id":"b"}"#)
        #expect(empty.status == 204 && empty.body.isEmpty)
    }
}
