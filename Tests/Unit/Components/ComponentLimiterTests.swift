import Documents
import Loops
import Primitives
import TestKit
import Testing

@testable import Components
@testable import Workflows

/// The gate of a component after a restart.
@Suite struct ComponentLimiterTests {
    @Test func `nothing begins before those who had a place have it again`() throws {
        let loops = try LoopGroup(threads: 1, name: "gate")
        defer { loops.stop() }
        let ports = Lock<[LoopPort]>([])
        try loops.onEach { loop in ports.withLock { $0.append(loop.port) } }
        let clock = try #require(ports.withLock { $0.first })
        let gate = try #require(ComponentLimiter(Self.plan, clock: clock))
        let begun = Lock<[Int]>([])
        let flights = (0..<3).map { number in
            CallHandle(run: .fresh(), attempt: AttemptRef(step: number, attempt: 1), gate: gate)
        }
        for number in 0..<2 { flights[number].enter { begun.withLock { $0.append(number) } } }
        #expect(begun.withLock { $0 } == [])
        gate.adopt(flights[2])
        gate.open()
        #expect(begun.withLock { $0 } == [])
        _ = flights[2].end()
        #expect(begun.withLock { $0 } == [0])
        _ = flights[0].end()
        #expect(begun.withLock { $0 } == [0, 1])
    }

    private static let plan = ComponentPlan(
        id: "c",
        type: "workflow",
        maxConcurrentCount: 1,
        rateLimit: nil,
        server: nil,
        position: SourcePosition(file: "test.yml", line: 1, column: 1),
        isDefault: false,
        actions: []
    )
}
