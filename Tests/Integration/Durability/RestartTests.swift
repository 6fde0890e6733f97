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

    private func fixture(_ routes: ServerFixture.Routes = [:]) throws -> ServerFixture {
        try ServerFixture(DurableBlocks.block(directory), isDurable: true, routes: routes)
    }

    private func restart(_ fixture: ServerFixture, meanwhile: () throws -> Void = {}) throws {
        try fixture.restart(DurableBlocks.block(directory), meanwhile: meanwhile)
    }

    private static func body(_ key: String, _ result: String = "1") -> String {
        #"{"task_id":"\#(key)","result":\#(result)}"#
    }

    @Test func `a run that waits is resumed by a callback after the restart`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        try restart(fixture)
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        try expect(fixture.post("/webhook/completed", Self.body("a", "42")), .delivered)
        #expect(try fixture.output(run) == .integer(42))
        // The request was made once.
        #expect(fixture.service.requests(matching: "POST /jobs").count == 1)
    }

    @Test func `a held callback is handed over after the restart`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        try expect(fixture.post("/webhook/completed", Self.body("b", "7")), .held)
        try restart(fixture)
        let run = try fixture.start(#"{"key":"b"}"#, workflow: "wait")
        #expect(try fixture.output(run) == .integer(7))
    }

    @Test func `a repeated callback is known after the restart, a different one refused`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        let run = try fixture.wait(for: "c")
        try expect(fixture.post("/webhook/completed", Self.body("c")), .delivered)
        #expect(try fixture.output(run) == .integer(1))
        try expect(fixture.post("/webhook/completed", Self.body("d")), .held)
        try restart(fixture)
        try expect(fixture.post("/webhook/completed", Self.body("c")), .duplicate)
        try expect(fixture.post("/webhook/completed", Self.body("c", "2")), .refused(409))
        let again = try fixture.post("/webhook/completed", Self.body("d"))
        #expect(again.status == 202)
        #expect(try JSONValue.parse(again.body)["duplicate"] == .bool(true))
        // What was done before the restart is still readable.
        #expect(try fixture.output(run) == .integer(1))
    }

    @Test func `a request that was under way is made again under the same id`() throws {
        let gate = Gate()
        let fixture = try fixture([
            "POST /slow": { _ in
                gate.waitUntilOpen()
                return .json(200, #"{"done":true}"#)
            }
        ])
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"e"}"#, workflow: "slow")
        try fixture.service.waitForRequest(matching: "POST /slow")
        try restart(fixture) { gate.open() }
        #expect(try fixture.output(run)["done"] == .bool(true))
        let requests = fixture.service.requests(matching: "POST /slow")
        #expect(requests.count == 2)
        #expect(Set(requests.map { $0.headers["idempotency-key"] }).count == 1)
    }

    @Test func `a request that must not be repeated fails its step`() throws {
        let gate = Gate()
        let fixture = try fixture([
            "POST /slow": { _ in
                gate.waitUntilOpen()
                return .json(200, "{}")
            }
        ])
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"f"}"#, workflow: "once")
        try fixture.service.waitForRequest(matching: "POST /slow")
        try restart(fixture) { gate.open() }
        #expect(try fixture.failure(run)["code"] == .string("interrupted_by_restart"))
        #expect(fixture.service.requests(matching: "POST /slow").count == 1)
    }

    @Test func `a child run that waits resumes its parent after the restart`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"g"}"#, workflow: "outer")
        try fixture.service.waitForRequest(matching: "POST /jobs")
        try eventually("the child to wait") { fixture.server.engine.openWaitsCount == 1 }
        try restart(fixture)
        try expect(fixture.post("/webhook/completed", Self.body("g", #""deep""#)), .delivered)
        #expect(try fixture.output(run) == .string("deep"))
    }

    @Test func `a delay that passed meanwhile ends at once`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"h"}"#, workflow: "rest")
        try restart(fixture)
        try fixture.service.waitForRequest(matching: "POST /jobs")
        try expect(fixture.post("/webhook/completed", Self.body("h")), .delivered)
        #expect(try fixture.output(run) == .integer(1))
    }

    @Test func `a deadline that passes meanwhile fires after the restart`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"i"}"#, workflow: "brief")
        try fixture.state(run, reaches: "waiting")
        try restart(fixture)
        #expect(try fixture.failure(run)["code"] == .string("callback_timeout"))
        try expect(fixture.post("/webhook/completed", Self.body("i")), .refused(409))
    }

    @Test func `a run goes on with the plan it started with`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        let run = try fixture.wait(for: "j")
        try fixture.restart(DurableBlocks.block(directory, prefix: "new "))
        try expect(fixture.post("/webhook/completed", Self.body("j", "3")), .delivered)
        #expect(try fixture.output(run) == .integer(3))
        let later = try fixture.wait(for: "k")
        try expect(fixture.post("/webhook/completed", Self.body("k", "3")), .delivered)
        #expect(try fixture.output(later) == .string("new 3"))
    }

    @Test func `of two that wait for one key the older one is still first`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        // The first one pauses before it waits, so that its id is lower and its wait younger.
        let younger = try fixture.start(#"{"key":"n"}"#, workflow: "rest")
        let older = try fixture.wait(for: "n")
        try fixture.state(younger, reaches: "waiting")
        #expect(fixture.server.engine.openWaitsCount == 2)
        try restart(fixture)
        try expect(fixture.post("/webhook/completed", Self.body("n", "1")), .delivered)
        #expect(try fixture.output(older) == .integer(1))
        try fixture.state(younger, reaches: "waiting")
        try expect(fixture.post("/webhook/completed", Self.body("n", "2")), .delivered)
        #expect(try fixture.output(younger) == .integer(2))
    }

    @Test func `runs of before are listed, steered and cancelled like others`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        let ended = try fixture.wait(for: "l")
        try expect(fixture.post("/webhook/completed", Self.body("l")), .delivered)
        _ = try fixture.output(ended)
        let waiting = try fixture.wait(for: "m")
        try restart(fixture)
        let list = try JSONValue.parse(fixture.at(8088).get("/tasks").body)["tasks"]
        guard case .array(let tasks)? = list else {
            Issue.record("there is no list")
            return
        }
        #expect(tasks.compactMap { $0["task_id"]?.string } == [waiting, ended])
        #expect(tasks.compactMap { $0["status"]?.string } == ["waiting", "completed"])
        let reply = try fixture.post("/tasks/\(waiting)/cancel", "{}", on: 8088)
        #expect(reply.status == 200)
        #expect(try fixture.state(waiting)["status"] == .string("cancelled"))
        try expect(fixture.post("/webhook/completed", Self.body("m")), .refused(409))
    }

    @Test func `restarted again and again, everything stays`() throws {
        let fixture = try fixture()
        defer { fixture.stop() }
        let runs = try (0..<5).map { try fixture.wait(for: "many-\($0)") }
        for (round, run) in runs.enumerated() {
            try restart(fixture)
            try expect(
                fixture.post("/webhook/completed", Self.body("many-\(round)", "\(round)")),
                .delivered
            )
            #expect(try fixture.output(run) == .integer(Int64(round)))
        }
        for run in runs { #expect(try fixture.state(run)["status"] == .string("completed")) }
        #expect(fixture.service.requests(matching: "POST /jobs").count == 5)
    }
}
