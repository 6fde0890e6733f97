import JSONWire
import Primitives
import Runs
import Sluice
import TestKit
import Testing
import Workflows

/// The bounds of components that call nobody over HTTP.
extension BoundsTests {
    @Test func `a workflow component's place is held while its child run is under way`() throws {
        let gauge = Gauge()
        let open = Watched(false)
        let fixture = try ComponentsFixture(
            """
            components:
              inner: { type: workflow, workflow: child, input: "${input}", max_concurrent_count: 2 }
              work: { type: http-client, endpoint: SERVICE/work, body: "${input}" }
            workflows:
              outer: { default: true, jobs: [ { id: all, type: for-each, batch_size: 10, input: "${input}", do: { component: inner, input: "${item}" } } ] }
              child: { jobs: [ { id: call, component: work, input: "${input}" } ] }
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
        let runs = try (0..<3).map { try fixture.start("[\($0),\($0),\($0)]") }
        try gauge.wait(for: 2)
        open.withLock { $0 = true }
        for (index, run) in runs.enumerated() {
            #expect(try run.output().jsonText == "[\(index),\(index),\(index)]")
        }
        #expect(gauge.most == 2)
    }

    @Test func `a child run that waits for a callback holds its place`() throws {
        let fixture = try ComponentsFixture(
            """
            \(ComponentsFixture.listener)
            components:
              inner: { type: workflow, workflow: child, input: "${input}", max_concurrent_count: 1 }
            workflows:
              outer: { default: true, jobs: [ { id: go, component: inner, input: "${input}" } ] }
              child: { jobs: [ { id: hold, type: wait, wait_for: "${input}", output: "${output}" } ] }
            """
        )
        let first = try fixture.start(#""a""#)
        _ = try fixture.waitForLine("Step waits for a callback")
        let second = try fixture.start(#""b""#)
        // The second child has not begun, so nobody waits for its key yet.
        try fixture.callback(#"{"id":"a","result":1}"#)
        #expect(try first.output() == .integer(1))
        try fixture.callback(#"{"id":"b","result":2}"#)
        #expect(try second.output() == .integer(2))
    }

    @Test func `a cancelled run's child leaves the queue, and one under way its place`() throws {
        let fixture = try ComponentsFixture(
            """
            \(ComponentsFixture.listener)
            components:
              inner: { type: workflow, workflow: child, input: "${input}", max_concurrent_count: 1 }
            workflows:
              outer: { default: true, jobs: [ { id: go, component: inner, input: "${input}" } ] }
              child: { jobs: [ { id: hold, type: wait, wait_for: "${input}", output: "${output}" } ] }
            """
        )
        let first = try fixture.start(#""a""#)
        _ = try fixture.waitForLine("Step waits for a callback")
        let second = try fixture.start(#""b""#)
        let third = try fixture.start(#""c""#)
        #expect(fixture.server.engine.cancel(second.id, reason: "no more"))
        #expect(try second.outcome() == .cancelled(reason: "no more"))
        #expect(fixture.server.engine.cancel(first.id, reason: "no more"))
        #expect(try first.outcome() == .cancelled(reason: "no more"))
        try fixture.callback(#"{"id":"c","result":3}"#)
        #expect(try third.output() == .integer(3))
    }

    @Test func `bounded components inside each other do not lock each other out`() throws {
        let fixture = try ComponentsFixture(
            """
            controller: { max_concurrent_count: 1, adapter: { type: http-server, host: 127.0.0.1, port: \(FreePorts.next()) } }
            components:
              outer: { type: workflow, workflow: middle, input: "${input}", max_concurrent_count: 1 }
              inner: { type: workflow, workflow: end, input: "${input}", max_concurrent_count: 1 }
            workflows:
              top: { default: true, jobs: [ { id: go, component: outer, input: "${input}" } ] }
              middle: { jobs: [ { id: all, type: for-each, batch_size: 3, input: "${input}", do: { component: inner, input: "${item}" } } ] }
              end: { jobs: [ { id: rest, type: delay, duration: 1ms, output: "${input}" } ] }
            """,
            hasController: true
        )
        let runs = try (0..<5).map { try fixture.start("[\($0),\($0),\($0)]") }
        for (index, run) in runs.enumerated() {
            #expect(try run.output().jsonText == "[\(index),\(index),\(index)]")
        }
    }

    @Test func `pauses of a bounded delay component follow each other`() throws {
        let fixture = try ComponentsFixture(
            """
            component: { id: rest, type: delay, duration: "${input}", max_concurrent_count: 1 }
            workflow: { jobs: [ { id: all, type: for-each, batch_size: 3, input: "${input}", do: { component: rest, input: "${item}" } } ] }
            """
        )
        let started = Instant.now()
        #expect(try fixture.output(#"["60ms","60ms","60ms"]"#) == "[null,null,null]")
        #expect(Instant.now().since(started) >= .milliseconds(180))
    }

    @Test func `a cancelled pause gives its place back`() throws {
        let fixture = try ComponentsFixture(
            """
            component: { id: rest, type: delay, duration: "${input}", max_concurrent_count: 1 }
            workflow: { jobs: [ { id: go, component: rest, input: "${input}" } ] }
            """
        )
        let long = try fixture.start(#""1h""#)
        _ = try fixture.waitForLine("Step started")
        let short = try fixture.start(#""1ms""#)
        #expect(fixture.server.engine.cancel(long.id, reason: "no more"))
        #expect(try long.outcome() == .cancelled(reason: "no more"))
        #expect(try short.output() == .null)
    }

    @Test func `a bounded logger writes every line`() throws {
        let fixture = try ComponentsFixture(
            """
            component: { id: say, type: logger, message: "said ${input}", max_concurrent_count: 1 }
            workflow: { jobs: [ { id: all, type: for-each, batch_size: 10, input: "${input}", do: { component: say, input: "${item}" } } ] }
            """
        )
        _ = try fixture.output("[1,2,3,4,5,6,7,8,9]")
        for number in 1...9 { _ = try fixture.waitForLine("said \(number)") }
    }
}
