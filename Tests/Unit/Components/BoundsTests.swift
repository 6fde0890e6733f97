import Configuration
import JSONWire
import Primitives
import Runs
import Sluice
import TestKit
import Testing

@testable import Components
@testable import Workflows

/// How many are under way at once, and how many were at most.
final class Gauge: Sendable {
    private let state = Watched((now: 0, most: 0))

    func enter() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }

    func leave() { state.withLock { $0.now -= 1 } }

    var most: Int { state.withLock { $0.most } }

    /// Waits until so many are under way.
    func wait(for count: Int) throws {
        let isReached = state.wait(until: .standard) { $0.now == count ? true : nil }
        try #require(isReached == true, "\(count) calls under way")
    }
}

@Suite struct BoundsTests {
    @Test func `a component's bound holds over all runs, and all get their turn`() throws {
        let gauge = Gauge()
        let open = Watched(false)
        let fixture = try ComponentsFixture(
            """
            components: { busy: { type: http-client, endpoint: SERVICE/work, max_concurrent_count: 2, body: "${input}" } }
            workflow: { jobs: [ { id: all, type: for-each, batch_size: 10, input: "${input}", do: { component: busy, input: "${item}" } } ] }
            """,
            routes: [
                "POST /work": { request in
                    gauge.enter()
                    _ = open.wait(until: .standard) { $0 ? true : nil }
                    gauge.leave()
                    return .echo(request)
                }
            ]
        )
        let runs = try (0..<3).map { try fixture.start("[\($0),\($0),\($0),\($0)]") }
        try gauge.wait(for: 2)
        open.withLock { $0 = true }
        for (index, run) in runs.enumerated() {
            #expect(try run.output().jsonText == "[\(index),\(index),\(index),\(index)]")
        }
        #expect(gauge.most == 2)
        // Runs take turns: the last run's first call is not behind all calls of the first.
        let order = fixture.service.requests.map(\.text)
        #expect(order.count == 12)
        #expect(try #require(order.firstIndex(of: "2")) < 8)
    }

    @Test func `a cancelled run's calls leave the queue`() throws {
        let open = Watched(false)
        let fixture = try ComponentsFixture(
            """
            components: { busy: { type: http-client, endpoint: SERVICE/work, max_concurrent_count: 1, body: "${input}" } }
            workflow: { jobs: [ { id: call, component: busy, input: "${input}" } ] }
            """,
            routes: [
                "POST /work": { request in
                    _ = open.wait(until: .standard) { $0 ? true : nil }
                    return .echo(request)
                }
            ]
        )
        let first = try fixture.start("1")
        try fixture.service.waitForRequest(matching: "POST /work")
        let second = try fixture.start("2")
        let third = try fixture.start("3")
        #expect(fixture.server.engine.cancel(second.id, reason: "no more"))
        #expect(try second.outcome() == .cancelled(reason: "no more"))
        open.withLock { $0 = true }
        #expect(try first.output() == .integer(1))
        #expect(try third.output() == .integer(3))
        #expect(fixture.service.requests.map(\.text) == ["1", "3"])
    }

    @Test func `a step that waits for its callback holds no place of its component`() throws {
        let fixture = try ComponentsFixture(
            """
            \(ComponentsFixture.listener)
            components:
              slow: { type: http-client, endpoint: SERVICE/work, max_concurrent_count: 1, body: "${input}",
                      completion: { type: callback, wait_for: "${input}" }, output: "${result}" }
            workflow: { jobs: [ { id: call, component: slow, input: "${input}" } ] }
            """,
            routes: ["POST /work": { _ in .json(202, "{}") }]
        )
        let runs = try (0..<3).map { try fixture.start("\"k\($0)\"") }
        try fixture.service.waitForRequest(matching: "POST /work", count: 3)
        for index in runs.indices.reversed() {
            #expect(try fixture.callback(#"{"id":"k\#(index)","result":\#(index)}"#).status < 300)
            #expect(try runs[index].output() == .integer(Int64(index)))
        }
    }

    @Test func `the controller's bound counts runs that do something, not those that wait`() throws
    {
        let gauge = Gauge()
        let open = Watched(false)
        let fixture = try ComponentsFixture(
            """
            \(ComponentsFixture.listener)
            components: { busy: { type: http-client, endpoint: SERVICE/work, body: "${input}" } }
            workflow:
              jobs:
                - { id: key, type: wait, wait_for: "${input}" }
                - { id: call, component: busy, input: "${input}", depends_on: [ key ] }
            """,
            routes: [
                "POST /work": { request in
                    gauge.enter()
                    _ = open.wait(until: .standard) { $0 ? true : nil }
                    gauge.leave()
                    return .echo(request)
                }
            ]
        ) { $0.executor = Self.bounded($0.executor, 2) }
        let runs = try (0..<5).map { try fixture.start("\"k\($0)\"") }
        for index in runs.indices {
            #expect(try fixture.callback(#"{"id":"k\#(index)","result":1}"#).status < 300)
        }
        try gauge.wait(for: 2)
        open.withLock { $0 = true }
        for (index, run) in runs.enumerated() {
            #expect(try run.output() == .string("k\(index)"))
        }
        #expect(gauge.most == 2)
    }

    @Test func `runs that are started share the place of the one that started them`() throws {
        let fixture = try ComponentsFixture(
            """
            controller: { max_concurrent_count: 1, adapter: { type: http-server, port: \(FreePorts.next()) } }
            components:
              below: { type: workflow, workflow: child, input: "${input}" }
              echo: { type: http-client, endpoint: SERVICE/echo, body: "${input}" }
            workflows:
              - { id: top, jobs: [ { id: all, type: for-each, batch_size: 3, input: "${input}", do: { component: below, input: "${item}" } } ] }
              - { id: child, jobs: [ { id: call, component: echo, input: "${input}" } ] }
            """,
            routes: ["POST /echo": ScriptedAnswer.echo],
            hasController: true
        )
        let runs = try (0..<3).map { _ in try fixture.start("[1,2,3]", workflow: "top") }
        for run in runs { #expect(try run.output().jsonText == "[1,2,3]") }
    }

    private static func bounded(_ settings: ExecutorSettings, _ count: Int) -> ExecutorSettings {
        var settings = settings
        settings.concurrentRunsMax = count
        return settings
    }

    @Test func `a rate limit spreads the calls`() throws {
        let fixture = try ComponentsFixture(
            """
            components: { paced: { type: http-client, endpoint: SERVICE/work, rate_limit: { requests: 1, period: 100ms, burst: 2 }, body: {} } }
            workflow: { jobs: [ { id: all, type: for-each, batch_size: 5, input: [ 1, 2, 3, 4, 5 ], do: { component: paced } } ] }
            """,
            routes: ["POST /work": { _ in .json(200, "{}") }]
        )
        let begin = Instant.now()
        _ = try fixture.output()
        // Two at once, then three, a tenth of a second apart.
        #expect(Instant.now().since(begin) >= .milliseconds(300))
        #expect(fixture.service.requests.count == 5)
    }

    @Test func `a token bucket lets a burst pass and then its rate`() {
        var pacer = RatePacer(RateLimit(requests: 10, period: .seconds(1), burst: 3, interval: nil))
        var now = Instant(nanoseconds: 1_000_000_000_000)
        for _ in 0..<3 { #expect(pacer.take(now) == nil) }
        let due = now.advanced(by: .milliseconds(100))
        #expect(pacer.take(now) == due)
        #expect(pacer.take(due) == nil)
        #expect(pacer.take(due) == due.advanced(by: .milliseconds(100)))
        now = due.advanced(by: .seconds(60))
        for _ in 0..<3 { #expect(pacer.take(now) == nil) }
        #expect(pacer.take(now) != nil)
    }

    @Test func `a least pause holds within a burst`() {
        let limit = RateLimit(
            requests: 100,
            period: .seconds(1),
            burst: 100,
            interval: .milliseconds(50)
        )
        var pacer = RatePacer(limit)
        let now = Instant(nanoseconds: 1_000_000_000_000)
        #expect(pacer.take(now) == nil)
        #expect(
            pacer.take(now.advanced(by: .milliseconds(20))) == now.advanced(by: .milliseconds(50))
        )
        #expect(pacer.take(now.advanced(by: .milliseconds(50))) == nil)
    }

    @Test func `runs take turns in a queue`() {
        let runs = (0..<3).map { _ in UUIDv7.fresh() }
        var queue = FairQueue<String>()
        for index in 0..<3 { queue.append("a\(index)", of: runs[0]) }
        queue.append("b0", of: runs[1])
        for index in 0..<2 { queue.append("c\(index)", of: runs[2]) }
        queue.remove(of: runs[0]) { $0 == "a1" }
        #expect(queue.count == 5)
        var order: [String] = []
        while let next = queue.popFirst() { order.append(next) }
        #expect(order == ["a0", "b0", "c0", "a2", "c1"])
        queue.append("b1", of: runs[1])
        queue.remove(of: runs[1]) { _ in true }
        queue.append("b2", of: runs[1])
        #expect(queue.popFirst() == "b2")
        #expect(queue.popFirst() == nil && queue.count == 0)
    }

    @Test func `output is cut into lines`() {
        var cutter = LineCutter(bytesMax: 4)
        #expect(cutter.cut(Array("ab\r\n\nc".utf8)) == ["ab"])
        #expect(cutter.cut(Array("d\nefghij\n".utf8)) == ["cd", "efgh", "ij"])
    }
}
