import JSONWire
import Primitives
import Sluice
import Storage
import TestKit
import Testing

@testable import Runs
@testable import Store

/// A store that cannot be read for a moment, or is behind: nothing that it has is taken for unknown or for older than it is.
@Suite struct StoreReadingTests {
    private let directory: TemporaryDirectory
    private let faults = FaultTurn()

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Runs that wait for a key, and make a request when they have it.
    private func block(_ more: String = "", executor: String = "{}") -> Block {
        DurableBlocks.bare(
            directory,
            DurableBlocks.oneOrMany,
            #"""
            executor: \#(executor)
            components:
              note: { type: http-client, endpoint: "http://127.0.0.1:9101/record", body: { key: "${input}" } }
            workflows:
              - id: wait
                jobs:
                  - { id: hold, type: wait, wait_for: "${input.key}" }
                  - { id: tell, component: note, input: "${input.key}", depends_on: [ hold ] }

            """#,
            more
        )
    }

    /// Waits until the store knows that so many runs do nothing but wait: a restart leaves them where they are.
    private func waitUntilParked(_ count: Int) throws {
        var file = DatabaseSettings(path: directory.path("store") + "/store.db")
        file.applicationID = StoreSchema.applicationID
        let database = try Database(file)
        try eventually("the store has the runs, and knows that they wait") {
            let active = "SELECT count(*) FROM run_chunks WHERE active = 1"
            return try database.integer("SELECT open_runs FROM store") == Int64(count)
                && (try database.integer(active)) == 0
        }
    }

    private func record(_ fixture: ServerFixture) -> [String] {
        fixture.service.requests(matching: "POST /record").compactMap { request in
            try? JSONValue.parse(request.body)["key"]?.string
        }
    }

    private static func refuses(_ reply: HTTPReply) throws {
        #expect(reply.status == 503, "\(reply.text)")
        #expect(reply.headers["retry-after"] == "5")
        #expect(try JSONValue.parse(reply.body)["code"] == .string("store_unavailable"))
    }

    @Test func `a callback is kept for its run until the store can be read`() throws {
        let fixture = try ServerFixture(block(), isDurable: true)
        defer { fixture.stop() }
        let keys = (0..<12).map { "k\($0)" }
        let runs = try keys.map { try fixture.wait(for: $0) }
        try waitUntilParked(keys.count)
        try fixture.restart(block(), fileLayer: "fault")
        faults.refuseReads()
        for key in keys {
            try expect(fixture.post("/done", #"{"id":"\#(key)"}"#), .delivered)
        }
        let readiness = try fixture.at(8088).get("/readyz")
        #expect(readiness.status == 200)
        try eventually("readyz says why") {
            try fixture.at(8088).get("/readyz").text.contains("the store cannot be read")
        }
        faults.end()
        // Nobody asks for the runs: they go on by themselves.
        try eventually("every run goes on") { Set(record(fixture)) == Set(keys) }
        try eventually("readyz is well again") {
            try fixture.at(8088).get("/readyz").text == #"{"status":"ok"}"#
        }
        for run in runs { try fixture.state(run, reaches: "completed") }
        #expect(record(fixture).count == keys.count)
    }

    @Test func `readers are told that nobody knows, not that there is nothing`() throws {
        let fixture = try ServerFixture(block(), isDurable: true)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        try waitUntilParked(1)
        try fixture.restart(block(), fileLayer: "fault")
        faults.refuseReads()
        try Self.refuses(fixture.at(8088).get("/tasks/\(run)"))
        try Self.refuses(fixture.at(8088).get("/tasks/\(run)/events"))
        try Self.refuses(fixture.at(8088).get("/tasks"))
        try Self.refuses(fixture.at(8088).get("/ledger"))
        try Self.refuses(fixture.at(8088).get("/explain?key=a"))
        try Self.refuses(fixture.post("/tasks/\(run)/cancel", "{}", on: 8088))
        try Self.refuses(fixture.post("/tasks/\(run)/retry", "{}", on: 8088))
        try Self.refuses(fixture.post("/tasks/\(run)/resume", #"{"job_id":"hold"}"#, on: 8088))
        faults.end()
        try fixture.state(run, reaches: "waiting")
    }

    @Test func `a server that is stopped while its store cannot be read leaves nothing behind`()
        throws
    {
        weak var engine: RunEngine?
        do {
            let fixture = try ServerFixture(block(), isDurable: true)
            defer { fixture.stop() }
            _ = try fixture.wait(for: "a")
            try waitUntilParked(1)
            try fixture.restart(block(), fileLayer: "fault")
            faults.refuseReads()
            // The run is wanted, and wanted until the store can be read.
            try expect(fixture.post("/done", #"{"id":"a"}"#), .delivered)
            try eventually("the store was asked in vain") {
                try fixture.at(8088).get("/readyz").text.contains("the store cannot be read")
            }
            engine = fixture.server.engine
            #expect(engine?.archive?.wantedCount == 1)
        }
        faults.end()
        try eventually("the engine is gone") { engine == nil }
    }

    @Test func `a run that ended is not read as it was before`() throws {
        let fixture = try ServerFixture(block(), isDurable: true)
        defer { fixture.stop() }
        let keys = (0..<80).map { "k\($0)" }
        let runs = try keys.map { try fixture.start(#"{"key":"\#($0)"}"#, workflow: "wait") }
        try eventually("all wait") { fixture.server.engine.openWaitsCount == keys.count }
        // So few may stay in memory that nearly all are read from the store, which cannot be written.
        let few = block(executor: "{ max_ended_runs: 0 }")
        try fixture.restart(few, fileLayer: "fault")
        faults.refuseWrites()
        let items = keys.map { #"{"id":"\#($0)"}"# }.joined(separator: ",")
        let reply = try fixture.post("/all", #"{"items":[\#(items)]}"#)
        #expect(try JSONValue.parse(reply.body)["delivered"] == .integer(80), "\(reply.text)")
        try eventually("all have asked") { record(fixture).count >= keys.count }
        for run in runs {
            let told = try fixture.at(8088).get("/tasks/\(run)")
            if told.status == 200 {
                let status = try JSONValue.parse(told.body)["status"]?.string
                #expect(status == "completed" || status == "running")
            } else {
                try Self.refuses(told)
            }
        }
        faults.end()
        for run in runs {
            try eventually("\(run) is told to be over") {
                let told = try fixture.at(8088).get("/tasks/\(run)")
                guard told.status == 200 else { return false }
                return try JSONValue.parse(told.body)["status"] == .string("completed")
            }
        }
        #expect(record(fixture).count == keys.count)
    }
}
