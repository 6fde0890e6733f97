import Glibc
import Loops
import Primitives
import Synchronization
import Testing

@Suite struct LoopPortTests {
    @Test func `each thread's work is done in the order it was posted`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        let port = group.ports[0]
        let done = SleepingLock<[[Int]]>([[], [], [], []])
        let senders = try LoopGroup(threads: 4, name: "sender")
        try senders.onEachAtOnce { sender in
            for number in 0..<2_000 {
                port.post { _ in done.withLock { $0[sender].append(number) } }
            }
        }
        senders.stop()
        group.stop()
        #expect(done.withLock { $0 } == Array(repeating: Array(0..<2_000), count: 4))
    }

    @Test func `after a stop work is refused`() throws {
        let group = try LoopGroup(threads: 2, name: "test")
        #expect(group.ports.allSatisfy { $0.post { _ in } })
        group.stop()
        #expect(group.ports.allSatisfy { !$0.post { _ in Issue.record("was run") } })
    }

    @Test func `what was taken before a stop is done`() throws {
        for _ in 0..<50 {
            let group = try LoopGroup(threads: 1, name: "test")
            let port = group.ports[0]
            let done = Atomic<Int>(0)
            let sender = try LoopGroup(threads: 1, name: "sender")
            let taken = Reports<Int>()
            sender.ports[0].post { _ in
                var count = 0
                while port.post({ _ in done.wrappingAdd(1, ordering: .relaxed) }) { count += 1 }
                taken.add(count)
            }
            _ = eventually { done.load(ordering: .relaxed) > 0 }
            group.stop()
            let count = try #require(taken.wait().first)
            #expect(done.load(ordering: .relaxed) == count)
            sender.stop()
        }
    }

    @Test func `work that posts is done in a later step`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let order = Reports<String>()
        group.ports[0].post { loop in
            loop.port.post { _ in order.add("posted") }
            loop.defer { order.add("deferred") }
            order.add("first")
        }
        #expect(order.wait(for: 3) == ["first", "deferred", "posted"])
    }
}

extension LoopGroup {
    /// Runs `body` on every loop at the same time, and waits for all.
    func onEachAtOnce(_ body: @escaping @Sendable (Int) -> Void) throws {
        for port in ports { port.post { body($0.index) } }
        try onEach { _ in }
    }
}
