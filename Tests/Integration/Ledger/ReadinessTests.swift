import JSONWire
import TestKit
import Testing

/// What the server says of its store, to those who watch over it and to senders.
@Suite struct ReadinessTests {
    @Test func `relaxed answers say so, and no others`() throws {
        let directory = try TemporaryDirectory()
        let block = LedgerBlocks.block(directory, store: ", durability: relaxed")
        let bench = try Bench(block, isDurable: true)
        defer { bench.stop() }
        let held = try bench.post("/done", #"{"id":"a","status":"done"}"#)
        let progress = try bench.post("/done", #"{"id":"a","status":"working"}"#)
        let started = try bench.post("/go", #"{"key":"b"}"#, on: 8091)
        for reply in [held, progress, started] {
            #expect(reply.headers["sluice-durability"] == "relaxed", "\(reply.text)")
        }
        let refused = try bench.post("/strict", #"{"id":"a"}"#)
        #expect(refused.headers["sluice-durability"] == nil)
        try bench.restart(LedgerBlocks.block(directory))
        let committed = try bench.post("/done", #"{"id":"c","status":"done"}"#)
        #expect(committed.status == 202)
        #expect(committed.headers["sluice-durability"] == nil)
    }

    @Test func `without a store the ledger says that there is none`() throws {
        let directory = try TemporaryDirectory()
        let bench = try Bench(LedgerBlocks.block(directory))
        defer { bench.stop() }
        let id = "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41"
        let replies = [
            try bench.at(8088).get("/ledger"), try bench.at(8088).get("/ledger/\(id)"),
            try bench.at(8088).get("/explain?key=a"),
            try bench.post("/ledger/\(id)/replay", "{}", on: 8088),
            try bench.post("/ledger/replay", #"{"ids":["\#(id)"]}"#, on: 8088),
        ]
        for reply in replies {
            try expect(reply, .refused(409))
            #expect(try JSONValue.parse(reply.body)["code"] == .string("store_memory"))
        }
    }

    @Test func `a server that cannot keep what comes is not ready, and says why`() throws {
        let directory = try TemporaryDirectory()
        let journal = RefusingJournal()
        let bench = try Bench(LedgerBlocks.block(directory), journal: journal)
        defer { bench.stop() }
        let ready = try bench.at(8088).get("/readyz")
        #expect(ready.status == 200)
        #expect(ready.text == #"{"status":"ok"}"#)
        journal.refuse("no room on the disk")
        let reply = try bench.at(8088).get("/readyz")
        #expect(reply.status == 503)
        #expect(reply.text == #"{"status":"unavailable","reason":"no room on the disk"}"#)
        #expect(try bench.at(8088).get("/livez").status == 200)
        let refused = try bench.post("/done", #"{"id":"a","status":"done"}"#)
        try expect(refused, .refused(503))
        #expect(refused.headers["retry-after"] == "5")
        #expect(try JSONValue.parse(refused.body)["code"] == .string("journal_unavailable"))
        journal.refuse(nil)
        #expect(try bench.at(8088).get("/readyz").status == 200)
        try expect(bench.post("/done", #"{"id":"a","status":"done"}"#), .held)
    }
}
