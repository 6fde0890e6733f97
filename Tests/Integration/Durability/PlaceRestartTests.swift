import JSONWire
import Primitives
import Runs
import Sluice
import TestKit
import Testing

/// The places of bounded runs and components after a restart: as many as before, and each with the one that had it.
@Suite struct PlaceRestartTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func block(runs: Int = 0) -> Block {
        Block(
            text: #"""
                store: { path: "\#(directory.path("store"))" }
                controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 }, max_concurrent_count: \#(runs) }
                gateway: { type: public, url: "http://127.0.0.1:8090", port: 8090 }
                listener:
                  type: http-callback
                  host: 127.0.0.1
                  port: 8090
                  path: /webhook/completed
                  identify_by: ${body.task_id}
                  result: ${body.result}
                components:
                  caller: { type: http-client, endpoint: "http://127.0.0.1:9101/jobs", body: { job: "${input.key}" },
                            completion: { type: callback, wait_for: "${input.key}" }, output: "${result}" }
                  slow: { type: http-client, endpoint: "http://127.0.0.1:9101/slow", body: { job: "${input.key}" } }
                  inner: { type: workflow, workflow: wait, input: "${input}", output: "${output}", max_concurrent_count: 1 }
                  plain: { type: workflow, workflow: slow, input: "${input}", output: "${output}" }
                workflows:
                  - id: wait
                    jobs: [ { id: call, component: caller, input: "${input}", output: "${output}" } ]
                  - id: slow
                    jobs: [ { id: call, component: slow, input: "${input}", output: "${output}" } ]
                  - id: bounded
                    jobs: [ { id: child, component: inner, input: "${input}", output: "${output}" } ]
                  - id: outer
                    jobs: [ { id: child, component: plain, input: "${input}", output: "${output}" } ]
                """#
        )
    }

    private static func body(_ key: String) -> String {
        #"{"task_id":"\#(key)","result":"\#(key)"}"#
    }

    /// The keys that were asked for, each once, in the order of the requests; a restart may have one asked for again.
    private static func asked(_ fixture: ServerFixture) throws -> [String] {
        try fixture.service.requests(matching: "POST /jobs").reduce(into: []) { keys, request in
            let key = try #require(JSONValue.parse(request.body)["job"]?.string)
            if !keys.contains(key) { keys.append(key) }
        }
    }

    @Test func `a child run keeps its component's place, and those in line stay in it`() throws {
        let fixture = try ServerFixture(block(), isDurable: true)
        defer { fixture.stop() }
        let keys = (0..<4).map { "k\($0)" }
        let runs = try keys.map { try fixture.start(#"{"key":"\#($0)"}"#, workflow: "bounded") }
        try fixture.service.waitForRequest(matching: "POST /jobs")
        for number in 0..<runs.count {
            // One child more has its place, and the others stand in line: in this life and in the next one.
            try eventually("a child to wait") { fixture.server.engine.openWaitsCount == 1 }
            let key = try #require(Self.asked(fixture).last)
            try fixture.restart(block())
            let later = try fixture.wait(for: "later-\(number)")
            try expect(fixture.post("/webhook/completed", Self.body("later-\(number)")), .delivered)
            #expect(try fixture.output(later) == .string("later-\(number)"))
            #expect(try Self.asked(fixture).count { keys.contains($0) } == number + 1)
            try expect(fixture.post("/webhook/completed", Self.body(key)), .delivered)
            let run = runs[try #require(keys.firstIndex(of: key))]
            #expect(try fixture.output(run) == .string(key))
            guard number + 1 < runs.count else { break }
            try eventually("the next one's turn") {
                try Self.asked(fixture).count { keys.contains($0) } == number + 2
            }
        }
        // No place has leaked.
        let last = try fixture.start(#"{"key":"last"}"#, workflow: "bounded")
        try eventually("the last one's turn") { try Self.asked(fixture).last == "last" }
        try expect(fixture.post("/webhook/completed", Self.body("last")), .delivered)
        #expect(try fixture.output(last) == .string("last"))
    }

    @Test func `a run and its child share their place of the controller again`() throws {
        let gate = Gate()
        let gauge = Lock((now: 0, most: 0))
        let fixture = try ServerFixture(
            block(runs: 1),
            isDurable: true,
            routes: [
                "POST /slow": { _ in
                    gauge.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
                    defer { gauge.withLock { $0.now -= 1 } }
                    gate.waitUntilOpen()
                    return .json(200, #"{"done":true}"#)
                }
            ]
        )
        defer { fixture.stop() }
        let runs = try (0..<3).map { try fixture.start(#"{"key":"k\#($0)"}"#, workflow: "outer") }
        try fixture.service.waitForRequest(matching: "POST /slow")
        try fixture.restart(block(runs: 1)) {
            gate.open()
            try eventually("the first life's request to end") { gauge.withLock { $0.now } == 0 }
            gauge.withLock { $0.most = 0 }
        }
        for run in runs { #expect(try fixture.output(run)["done"] == .bool(true)) }
        #expect(gauge.withLock { $0.most } == 1)
        let later = try fixture.start(#"{"key":"later"}"#, workflow: "outer")
        #expect(try fixture.output(later)["done"] == .bool(true))
        #expect(gauge.withLock { $0.most } == 1)
    }
}
