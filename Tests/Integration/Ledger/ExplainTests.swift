import JSONWire
import TestKit
import Testing

/// Everything known about a key, and why it did or did not match.
@Suite struct ExplainTests {
    private let directory: TemporaryDirectory
    private let fixture: ServerFixture

    init() throws {
        directory = try TemporaryDirectory()
        fixture = try ServerFixture(LedgerBlocks.block(directory), isDurable: true)
    }

    private func done(_ key: String, _ result: Int = 1) throws -> HTTPReply {
        try fixture.post("/done", #"{"id":"\#(key)","status":"done","result":\#(result)}"#)
    }

    /// What is said of a key, once it says something.
    private func explained(_ key: String, _ text: String) throws -> JSONValue {
        var seen = JSONValue.null
        try eventually("\(key) to be explained with: \(text)") {
            seen = try fixture.asked("/explain?key=\(key)")
            return seen["explanation"]?.string?.contains(text) == true
        }
        return seen
    }

    @Test func `an open wait is told with its run, its step and its times`() throws {
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        let known = try explained("a", "the run \(run), step hold on, waits for this key since 2")
        #expect(
            known["explanation"]?.string?.contains(
                "no request that carried it has come to an endpoint on its channel (default)"
            ) == true
        )
        let wait = try #require(known["waits"]?.elements.first)
        #expect(wait["task_id"] == .string(run))
        #expect(wait["workflow_id"] == .string("wait"))
        #expect(wait["step"] == .string("hold on"))
        #expect(wait["attempt"] == .integer(1))
        #expect(wait["since"]?.string != nil && wait["until"]?.string != nil)
        #expect(wait["channels"] == .array([.string("default")]))
        try fixture.restart(LedgerBlocks.block(directory))
        let again = try fixture.asked("/explain?key=a")
        #expect(again["waits"]?.elements.first?["since"] == wait["since"])
        #expect(again["waits"]?.elements.first?["step"] == wait["step"])
    }

    @Test func `a bulk is found by the keys of its items`() throws {
        let directory = try TemporaryDirectory()
        let block = Block(
            text: #"""
                store: { path: "\#(directory.path("store"))" }
                listener: { type: http-callback, host: 127.0.0.1, port: 8090, path: /many, bulk: true,
                            item: "${body.results}", identify_by: "${item.id}", status: "${item.s}", success_when: [done] }

                """#
        ).adding(Completion.controller, CallbackIdentityTests.waiting)
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        _ = try fixture.wait(for: "k-1")
        // Taken the short way, the long way (a number), held, and refused before and after its key was read.
        let reply = try fixture.post(
            "/many",
            #"{"results":[{"id":"k-1","s":"working"},{"id":7,"s":"done"},{"id":"k-2","s":"done"},{"s":"done"}]}"#
        )
        #expect(try JSONValue.parse(reply.body)["progress"] == .integer(1))
        let id = try #require(reply.headers["x-request-id"])
        _ = try fixture.request(reply, is: "bulk")
        for key in ["k-1", "7", "k-2"] {
            let known = try fixture.asked("/explain?key=\(key)")
            #expect(known["requests"]?.elements.map { $0["request_id"] } == [.string(id)], "\(key)")
            let listed = try fixture.asked("/ledger?key=\(key)")
            #expect(listed["requests"]?.elements.count == 1, "\(listed.prettyJSONText)")
        }
        let told = try #require(fixture.asked("/explain?key=k-1")["explanation"]?.string)
        #expect(
            told.contains(
                "did not end this wait: it was a bulk request "
                    + "(3 accepted, 1 refused (key_missing))"
            ),
            "\(told)"
        )
        // Another key, of which no item is.
        _ = try fixture.wait(for: "other")
        try eventually("the wait to be told without a request") {
            let other = try fixture.asked("/explain?key=other")["explanation"]?.string
            return other?.contains("no request that carried it has come") == true
        }
        // A bulk in which no item has a key is not found by any.
        let blind = try fixture.post("/many", #"{"results":[{"s":"done"}]}"#)
        _ = try fixture.request(blind, is: "rejected")
        let unknown = try #require(fixture.asked("/explain?key=zzz")["explanation"]?.string)
        #expect(unknown.contains("no request was found by it; 1 bulk request came"), "\(unknown)")
        try fixture.restart(block)
        #expect(try fixture.asked("/ledger?key=k-1")["requests"]?.elements.count == 1)
    }

    @Test func `requests whose key could not be read are told, and what is held beside`() throws {
        defer { fixture.stop() }
        _ = try fixture.wait(for: "order-1007")
        let unread = try fixture.post("/done", #"{"no":"id"}"#)
        try expect(unread, .refused(422))
        _ = try fixture.request(unread, is: "rejected")
        let held = try done("order-1OO7")
        try expect(held, .held)
        _ = try fixture.request(held, is: "held")
        let known = try explained("order-1007", "1 request was refused before a key was read")
        let told = known["explanation"]?.string ?? ""
        #expect(
            told.hasSuffix(
                "; 1 callback is held there under other keys, for which no run waits; those that look "
                    + "like it: order-1OO7"
            ),
            "\(told)"
        )
    }

    @Test func `with one channel, only that one is spoken of`() throws {
        defer { fixture.stop() }
        _ = try fixture.wait(for: "c-1")
        let told = try fixture.asked("/explain?key=c-1&channel=strict")["explanation"]?.string ?? ""
        #expect(told.contains("nothing is known about this key on the channel strict"), "\(told)")
    }

    @Test func `a held callback is told, with the waiting keys that look like it`() throws {
        defer { fixture.stop() }
        _ = try fixture.wait(for: "invoice-100")
        let reply = try done("invoice-1OO")
        let known = try explained("invoice-1OO", "no run waits for this key")
        #expect(
            known["explanation"]?.string?.hasSuffix(
                "; keys that are waited for and look like it: invoice-100"
            ) == true
        )
        let held = try #require(known["held"]?.elements.first)
        #expect(held["request_id"]?.string == reply.headers["x-request-id"])
        #expect(held["until"]?.string != nil)
        #expect(known["nearest_keys"]?.elements.count == 1)
    }

    @Test func `the two on different channels are told not to meet`() throws {
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"b"}"#, workflow: "strict")
        try fixture.state(run, reaches: "waiting")
        try expect(done("b"), .held)
        let known = try explained("b", "so the two do not meet")
        #expect(known["explanation"]?.string?.contains("on the channel strict") == true)
        #expect(known["explanation"]?.string?.contains("on the channel default") == true)
        let one = try fixture.asked("/explain?key=b&channel=strict")
        #expect(one["held"]?.elements.count == 0)
        #expect(one["waits"]?.elements.count == 1)
    }

    @Test func `how a wait ended is told, and what came after`() throws {
        defer { fixture.stop() }
        let run = try fixture.wait(for: "c")
        try expect(done("c"), .delivered)
        try expect(done("c", 2), .refused(409))
        let known = try explained("c", "was answered by a callback at 2")
        #expect(known["explanation"]?.string?.hasPrefix("the wait of the run \(run)") == true)
        #expect(known["explanation"]?.string?.hasSuffix("is refused with 409") == true)
        let mark = try #require(known["marks"]?.elements.first)
        #expect(mark["ended"] == .string("answered"))
        #expect(mark["task_id"] == .string(run))
        try eventually {
            try fixture.asked("/explain?key=c")["requests"]?.elements.map { $0["status"] }
                == [.string("delivered"), .string("rejected")]
        }
    }

    @Test func `a wait that timed out or was cancelled is told`() throws {
        defer { fixture.stop() }
        let late = try fixture.start(#"{"key":"d"}"#, workflow: "brief")
        try fixture.state(late, reaches: "failed")
        #expect(try explained("d", "timed out at 2")["marks"]?.elements.count == 1)
        let run = try fixture.wait(for: "e")
        _ = try fixture.post("/tasks/\(run)/cancel", "{}", on: 8088)
        #expect(try explained("e", "was cancelled at 2")["marks"]?.elements.count == 1)
    }

    @Test func `what was held in vain or refused is told`() throws {
        defer { fixture.stop() }
        let brief = try fixture.post("/brief", #"{"id":"f"}"#)
        _ = try fixture.request(brief, is: "expired")
        _ = try explained("f", "it was held, and no run waited for its key in time")
        let strict = try fixture.post("/strict", #"{"id":"g"}"#)
        try expect(strict, .refused(404))
        _ = try explained("g", "it was refused (no_waiter): no run waits for this key")
    }

    @Test func `a key that nobody knows is told so`() throws {
        defer { fixture.stop() }
        let known = try fixture.asked("/explain?key=nobody%20knows")
        #expect(
            known["explanation"]
                == .string(
                    "nothing is known about this key: no run waits for it, and no request that is "
                        + "still kept carried it"
                )
        )
        #expect(known["key"] == .string("nobody knows"))
    }
}
