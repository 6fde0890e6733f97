import JSONWire
import TestKit
import Testing

/// Requests of the ledger are handled again.
@Suite struct ReplayTests {
    private let directory: TemporaryDirectory
    private let fixture: ServerFixture

    init() throws {
        directory = try TemporaryDirectory()
        fixture = try ServerFixture(LedgerBlocks.block(directory), isDurable: true)
    }

    private func done(_ key: String) throws -> String {
        let reply = try fixture.post("/done", #"{"id":"\#(key)","status":"done","result":1}"#)
        return try #require(reply.headers["x-request-id"])
    }

    @Test func `a replayed callback is no duplicate of the first`() throws {
        defer { fixture.stop() }
        _ = try fixture.wait(for: "a")
        let id = try done("a")
        _ = try fixture.request(id, is: "delivered")
        let replay = try fixture.replay(id)
        #expect(replay["replay_of"] == .string(id))
        #expect(replay["status"] == .integer(409))
        #expect(replay["answer"]?["code"] == .string("callback_answered"))
        let own = try #require(replay["request_id"]?.string)
        #expect(own != id)
        #expect(replay["answer"]?["request_id"] == .string(own))
        let shown = try fixture.request(own, is: "rejected")
        #expect(shown["replay_of"] == .string(id))
    }

    @Test func `a callback that expired is replayed after a restart, and ends a wait`() throws {
        defer { fixture.stop() }
        let reply = try fixture.post("/brief", #"{"id":"b"}"#)
        let id = try #require(reply.headers["x-request-id"])
        _ = try fixture.request(id, is: "expired")
        try fixture.restart(LedgerBlocks.block(directory))
        let run = try fixture.wait(for: "b")
        let replay = try fixture.replay(id)
        #expect(replay["status"] == .integer(200), "\(replay.jsonText)")
        #expect(replay["answer"] == .object(["status": .string("delivered")]))
        #expect(try fixture.output(run)["id"] == .string("b"))
        let own = try #require(replay["request_id"]?.string)
        #expect(try fixture.request(own, is: "delivered")["task_id"] == .string(run))
        #expect(try fixture.request(id, is: "expired")["task_id"] == nil)
    }

    @Test func `a held callback that is replayed is held twice`() throws {
        defer { fixture.stop() }
        let id = try done("c")
        _ = try fixture.request(id, is: "held")
        let replay = try fixture.replay(id)
        #expect(replay["status"] == .integer(202))
        #expect(replay["answer"] == .object(["status": .string("held")]))
        #expect(try fixture.asked("/explain?key=c")["held"]?.elements.count == 2)
    }

    @Test func `a refused request is replayed only where that is accepted`() throws {
        defer { fixture.stop() }
        let reply = try fixture.post("/strict", #"{"id":"d"}"#)
        let id = try #require(reply.headers["x-request-id"])
        _ = try fixture.request(id, is: "rejected")
        let run = try fixture.start(#"{"key":"d"}"#, workflow: "strict")
        try fixture.state(run, reaches: "waiting")
        let no = try fixture.post("/ledger/\(id)/replay", "{}", on: 8088)
        try expect(no, .refused(409))
        let told = try JSONValue.parse(no.body)
        #expect(told["code"] == .string("request_unverified"))
        #expect(
            told["detail"]
                == .string(
                    "The request was refused (no_waiter), and refused requests are replayed only on demand: "
                        + "with `accept_unverified`, on the command line --accept-unverified."
                )
        )
        let replay = try fixture.replay(id, #"{"accept_unverified":true}"#)
        #expect(replay["status"] == .integer(200), "\(replay.jsonText)")
        try fixture.state(run, reaches: "completed")
    }

    @Test func `a replayed trigger starts another run`() throws {
        defer { fixture.stop() }
        let reply = try fixture.post(
            "/go",
            #"{"key":"e"}"#,
            on: 8091,
            headers: [("Idempotency-Key", #""k-1""#)]
        )
        let first = try triggered(reply)
        let id = try #require(reply.headers["x-request-id"])
        _ = try fixture.request(id, is: "triggered")
        let replay = try fixture.replay(id)
        let second = try #require(replay["answer"]?["task_id"]?.string)
        #expect(second != first)
        try fixture.state(second, reaches: "waiting")
    }

    @Test func `several are replayed in their order, each with its answer`() throws {
        defer { fixture.stop() }
        let ids = try ["f", "g"].map(done)
        for id in ids { _ = try fixture.request(id, is: "held") }
        let unknown = "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41"
        let reply = try fixture.post(
            "/ledger/replay",
            #"{"ids":["\#(ids[0])","\#(unknown)","\#(ids[1])"]}"#,
            on: 8088
        )
        #expect(reply.status == 200, "\(reply.text)")
        let replays = try JSONValue.parse(reply.body)["replays"]?.elements ?? []
        #expect(replays.compactMap { $0["replay_of"]?.string } == [ids[0], unknown, ids[1]])
        #expect(replays.map { $0["status"] } == [.integer(202), nil, .integer(202)])
        #expect(replays[1]["error"]?["code"] == .string("request_unknown"))
    }

    @Test func `an endpoint that is gone is told`() throws {
        defer { fixture.stop() }
        let id = try done("h")
        _ = try fixture.request(id, is: "held")
        let changed = LedgerBlocks.block(directory).text.replacing(
            "path: /done",
            with: "path: /ended"
        )
        try fixture.restart(Block(text: changed))
        let reply = try fixture.post("/ledger/\(id)/replay", "{}", on: 8088)
        try expect(reply, .refused(409))
        #expect(try JSONValue.parse(reply.body)["code"] == .string("endpoint_gone"))
    }

    @Test func `a body of which only a part is kept is not replayed`() throws {
        defer { fixture.stop() }
        let long = String(repeating: "x", count: 70_000)
        let reply = try fixture.post("/strict", #"{"id":"i","more":"\#(long)"}"#)
        try expect(reply, .refused(404))
        let shown = try fixture.request(reply, is: "rejected")
        #expect(shown["body_is_cut"] == .bool(true))
        let id = try #require(shown["request_id"]?.string)
        let replay = try fixture.replay(id, #"{"accept_unverified":true}"#)
        #expect(replay["code"] == .string("request_cut"))
    }

    @Test(arguments: [
        ("/ledger/replay", "{}", "`ids` must be a list of 1 to 1000 request ids."),
        ("/ledger/replay", #"{"ids":[]}"#, "`ids` must be a list of 1 to 1000 request ids."),
        ("/ledger/replay", #"{"ids":["x"]}"#, #"`ids` has "x", which is not the id of a request."#),
        ("/ledger/replay", #"{"id":1}"#, "Unknown member `id`; known are ids, accept_unverified."),
        (
            "/ledger/x/replay", #"{"ids":[]}"#,
            "The ledger has no request with this id: it never "
                + "reached an endpoint, or it is older than the retention."
        ),
        (
            "/ledger/01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41/replay",
            #"{"accept_unverified":"yes"}"#,
            "`accept_unverified` must be true or false, not a string."
        ),
    ])
    func `a wrong wish is told what is wrong`(
        _ target: String,
        _ body: String,
        _ detail: String
    ) throws {
        defer { fixture.stop() }
        let reply = try fixture.post(target, body, on: 8088)
        #expect(reply.status == 422 || reply.status == 404)
        #expect(try JSONValue.parse(reply.body)["detail"] == .string(detail))
    }
}
