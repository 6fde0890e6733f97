import JSONWire
import TestKit
import Testing

/// What the server says of its store, to those who watch over it and to senders.
@Suite struct ReadinessTests {
    @Test func `relaxed answers say so, and no others`() throws {
        let directory = try TemporaryDirectory()
        let block = LedgerBlocks.block(directory, store: ", durability: relaxed")
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        let held = try fixture.post("/done", #"{"id":"a","status":"done"}"#)
        let progress = try fixture.post("/done", #"{"id":"a","status":"working"}"#)
        let started = try fixture.post("/go", #"{"key":"b"}"#, on: 8091)
        for reply in [held, progress, started] {
            #expect(reply.headers["sluice-durability"] == "relaxed", "\(reply.text)")
        }
        let refused = try fixture.post("/strict", #"{"id":"a"}"#)
        #expect(refused.headers["sluice-durability"] == nil)
        try fixture.restart(LedgerBlocks.block(directory))
        let committed = try fixture.post("/done", #"{"id":"c","status":"done"}"#)
        #expect(committed.status == 202)
        #expect(committed.headers["sluice-durability"] == nil)
    }

    @Test func `without a store the ledger says that there is none`() throws {
        let directory = try TemporaryDirectory()
        let fixture = try ServerFixture(LedgerBlocks.block(directory))
        defer { fixture.stop() }
        let id = "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41"
        let replies = [
            try fixture.at(8088).get("/ledger"), try fixture.at(8088).get("/ledger/\(id)"),
            try fixture.at(8088).get("/explain?key=a"),
            try fixture.post("/ledger/\(id)/replay", "{}", on: 8088),
            try fixture.post("/ledger/replay", #"{"ids":["\#(id)"]}"#, on: 8088),
        ]
        for reply in replies {
            try expect(reply, .refused(409))
            #expect(try JSONValue.parse(reply.body)["code"] == .string("store_memory"))
        }
    }

    @Test func `a server that cannot keep what comes is not ready, and says why`() throws {
        let directory = try TemporaryDirectory()
        let journal = RefusingJournal()
        let fixture = try ServerFixture(LedgerBlocks.block(directory), journal: journal)
        defer { fixture.stop() }
        let ready = try fixture.at(8088).get("/readyz")
        #expect(ready.status == 200)
        #expect(ready.text == #"{"status":"ok"}"#)
        journal.refuse("no room on the disk")
        let reply = try fixture.at(8088).get("/readyz")
        #expect(reply.status == 503)
        #expect(reply.text == #"{"status":"unavailable","reason":"no room on the disk"}"#)
        #expect(try fixture.at(8088).get("/livez").status == 200)
        let refused = try fixture.post("/done", #"{"id":"a","status":"done"}"#)
        try expect(refused, .refused(503))
        #expect(refused.headers["retry-after"] == "5")
        #expect(try JSONValue.parse(refused.body)["code"] == .string("journal_unavailable"))
        journal.refuse(nil)
        #expect(try fixture.at(8088).get("/readyz").status == 200)
        try expect(fixture.post("/done", #"{"id":"a","status":"done"}"#), .held)
    }
}
