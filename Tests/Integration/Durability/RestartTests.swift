import JSONWire
import Primitives
import Runs
import Sluice
import TestKit
import Testing

/// Contract 7: a restart loses nothing.
@Suite struct RestartTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func bench(_ routes: Bench.Routes = [:]) throws -> Bench {
        try Bench(DurableBlocks.block(directory), isDurable: true, routes: routes)
    }

    private func restart(_ bench: Bench, meanwhile: () throws -> Void = {}) throws {
        try bench.restart(DurableBlocks.block(directory), meanwhile: meanwhile)
    }

    private static func body(_ key: String, _ result: String = "1") -> String {
        #"{"task_id":"\#(key)","result":\#(result)}"#
    }

    @Test func `a run that waits is resumed by a callback after the restart`() throws {
        let bench = try bench()
        defer { bench.stop() }
        let run = try bench.wait(for: "a")
        try restart(bench)
        #expect(try bench.state(run)["status"] == .string("waiting"))
        try expect(bench.post("/webhook/completed", Self.body("a", "42")), .delivered)
        #expect(try bench.output(run) == .integer(42))
        // The request was made once.
        #expect(bench.service.requests(matching: "POST /jobs").count == 1)
    }

    @Test func `a held callback is handed over after the restart`() throws {
        let bench = try bench()
        defer { bench.stop() }
        try expect(bench.post("/webhook/completed", Self.body("b", "7")), .held)
        try restart(bench)
        let run = try bench.start(#"{"key":"b"}"#, workflow: "wait")
        #expect(try bench.output(run) == .integer(7))
    }

    @Test func `a repeated callback is known after the restart, a different one refused`() throws {
        let bench = try bench()
        defer { bench.stop() }
        let run = try bench.wait(for: "c")
        try expect(bench.post("/webhook/completed", Self.body("c")), .delivered)
        #expect(try bench.output(run) == .integer(1))
        try expect(bench.post("/webhook/completed", Self.body("d")), .held)
        try restart(bench)
        try expect(bench.post("/webhook/completed", Self.body("c")), .duplicate)
        try expect(bench.post("/webhook/completed", Self.body("c", "2")), .refused(409))
        let again = try bench.post("/webhook/completed", Self.body("d"))
        #expect(again.status == 202)
        #expect(try JSONValue.parse(again.body)["duplicate"] == .bool(true))
        // What was done before the restart is still readable.
        #expect(try bench.output(run) == .integer(1))
    }

    @Test func `a request that was under way is made again under the same id`() throws {
        let gate = Gate()
        let bench = try bench([
            "POST /slow": { _ in
                gate.waitUntilOpen()
                return .json(200, #"{"done":true}"#)
            }
        ])
        defer { bench.stop() }
        let run = try bench.start(#"{"key":"e"}"#, workflow: "slow")
        try bench.service.waitForRequest(matching: "POST /slow")
        try restart(bench) { gate.open() }
        #expect(try bench.output(run)["done"] == .bool(true))
        let requests = bench.service.requests(matching: "POST /slow")
        #expect(requests.count == 2)
        #expect(Set(requests.map { $0.headers["idempotency-key"] }).count == 1)
    }

    @Test func `a request that must not be repeated fails its step`() throws {
        let gate = Gate()
        let bench = try bench([
            "POST /slow": { _ in
                gate.waitUntilOpen()
                return .json(200, "{}")
            }
        ])
        defer { bench.stop() }
        let run = try bench.start(#"{"key":"f"}"#, workflow: "once")
        try bench.service.waitForRequest(matching: "POST /slow")
        try restart(bench) { gate.open() }
        #expect(try bench.failure(run)["code"] == .string("interrupted_by_restart"))
        #expect(bench.service.requests(matching: "POST /slow").count == 1)
    }

    @Test func `a child run that waits resumes its parent after the restart`() throws {
        let bench = try bench()
        defer { bench.stop() }
        let run = try bench.start(#"{"key":"g"}"#, workflow: "outer")
        try bench.service.waitForRequest(matching: "POST /jobs")
        try eventually("the child to wait") { bench.server.engine.openWaitsCount == 1 }
        try restart(bench)
        try expect(bench.post("/webhook/completed", Self.body("g", #""deep""#)), .delivered)
        #expect(try bench.output(run) == .string("deep"))
    }

    @Test func `a delay that passed meanwhile ends at once`() throws {
        let bench = try bench()
        defer { bench.stop() }
        let run = try bench.start(#"{"key":"h"}"#, workflow: "rest")
        try restart(bench)
        try bench.service.waitForRequest(matching: "POST /jobs")
        try expect(bench.post("/webhook/completed", Self.body("h")), .delivered)
        #expect(try bench.output(run) == .integer(1))
    }

    @Test func `a deadline that passes meanwhile fires after the restart`() throws {
        let bench = try bench()
        defer { bench.stop() }
        let run = try bench.start(#"{"key":"i"}"#, workflow: "brief")
        try bench.state(run, reaches: "waiting")
        try restart(bench)
        #expect(try bench.failure(run)["code"] == .string("callback_timeout"))
        try expect(bench.post("/webhook/completed", Self.body("i")), .refused(409))
    }

    @Test func `a run goes on with the plan it started with`() throws {
        let bench = try bench()
        defer { bench.stop() }
        let run = try bench.wait(for: "j")
        try bench.restart(DurableBlocks.block(directory, prefix: "new "))
        try expect(bench.post("/webhook/completed", Self.body("j", "3")), .delivered)
        #expect(try bench.output(run) == .integer(3))
        let later = try bench.wait(for: "k")
        try expect(bench.post("/webhook/completed", Self.body("k", "3")), .delivered)
        #expect(try bench.output(later) == .string("new 3"))
    }

    @Test func `of two that wait for one key the older one is still first`() throws {
        let bench = try bench()
        defer { bench.stop() }
        // The first one pauses before it waits, so that its id is lower and its wait younger.
        let younger = try bench.start(#"{"key":"n"}"#, workflow: "rest")
        let older = try bench.wait(for: "n")
        try bench.state(younger, reaches: "waiting")
        #expect(bench.server.engine.openWaitsCount == 2)
        try restart(bench)
        try expect(bench.post("/webhook/completed", Self.body("n", "1")), .delivered)
        #expect(try bench.output(older) == .integer(1))
        try bench.state(younger, reaches: "waiting")
        try expect(bench.post("/webhook/completed", Self.body("n", "2")), .delivered)
        #expect(try bench.output(younger) == .integer(2))
    }

    @Test func `runs of before are listed, steered and cancelled like others`() throws {
        let bench = try bench()
        defer { bench.stop() }
        let ended = try bench.wait(for: "l")
        try expect(bench.post("/webhook/completed", Self.body("l")), .delivered)
        _ = try bench.output(ended)
        let waiting = try bench.wait(for: "m")
        try restart(bench)
        let list = try JSONValue.parse(bench.at(8088).get("/tasks").body)["tasks"]
        guard case .array(let tasks)? = list else {
            Issue.record("there is no list")
            return
        }
        #expect(tasks.compactMap { $0["task_id"]?.string } == [waiting, ended])
        #expect(tasks.compactMap { $0["status"]?.string } == ["waiting", "completed"])
        let reply = try bench.post("/tasks/\(waiting)/cancel", "{}", on: 8088)
        #expect(reply.status == 200)
        #expect(try bench.state(waiting)["status"] == .string("cancelled"))
        try expect(bench.post("/webhook/completed", Self.body("m")), .refused(409))
    }

    @Test func `restarted again and again, everything stays`() throws {
        let bench = try bench()
        defer { bench.stop() }
        let runs = try (0..<5).map { try bench.wait(for: "many-\($0)") }
        for (round, run) in runs.enumerated() {
            try restart(bench)
            try expect(
                bench.post("/webhook/completed", Self.body("many-\(round)", "\(round)")),
                .delivered
            )
            #expect(try bench.output(run) == .integer(Int64(round)))
        }
        for run in runs { #expect(try bench.state(run)["status"] == .string("completed")) }
        #expect(bench.service.requests(matching: "POST /jobs").count == 5)
    }
}
