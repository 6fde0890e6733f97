import Glibc
import Loops
import Primitives
import Testing

@Suite struct EventLoopTests {
    @Test func `timers fire in the order of their times, never early`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let fired = Reports<(Int64, Nanoseconds)>()
        group.ports[0].post { loop in
            let start = Instant.now()
            for delay: Int64 in [30, 5, 20, 0, 10] {
                loop.schedule(after: .milliseconds(delay)) {
                    fired.add((delay, Instant.now().since(start)))
                }
            }
        }
        let all = fired.wait(for: 5)
        #expect(all.map(\.0) == [0, 5, 10, 20, 30])
        #expect(all.allSatisfy { $0.1 >= .milliseconds($0.0) })
    }

    @Test func `a cancelled timer does not fire`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let fired = Reports<String>()
        group.ports[0].post { loop in
            let first = loop.schedule(after: .milliseconds(2)) { fired.add("cancelled") }
            loop.schedule(after: .milliseconds(1)) {
                first.cancel()
                first.cancel()
            }
            loop.schedule(after: .milliseconds(5)) { fired.add("kept") }
        }
        #expect(fired.wait() == ["kept"])
    }

    @Test func `a tick repeats until it is cancelled, also by itself`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let fired = Reports<Int>()
        group.ports[0].post { loop in
            let ticker = Ticker()
            ticker.timer = loop.every(.milliseconds(1)) {
                ticker.count += 1
                fired.add(ticker.count)
                if ticker.count == 3 { ticker.timer?.cancel() }
            }
            loop.schedule(after: .milliseconds(20)) { fired.add(-1) }
        }
        #expect(fired.wait(for: 4) == [1, 2, 3, -1])
    }

    @Test(arguments: [Nanoseconds(-5), .milliseconds(.max), Nanoseconds(.max)])
    func `an absurd delay does no harm`(_ delay: Nanoseconds) throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        try group.onEach { $0.schedule(after: delay) {} }
        try group.onEach { _ in }
    }

    @Test func `deferred work runs before the loop waits again, in order`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let order = Reports<Int>()
        group.ports[0].post { loop in
            loop.schedule(after: Nanoseconds(0)) {
                loop.defer {
                    order.add(2)
                    loop.defer {
                        order.add(4)
                        loop.defer { order.add(5) }
                    }
                }
                loop.defer { order.add(3) }
                order.add(1)
            }
        }
        #expect(order.wait(for: 5) == [1, 2, 3, 4, 5])
    }

    @Test func `signals come in on the loop`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        let got = Reports<Int32>()
        try group.onEach { loop in
            try loop.onSignal([SIGUSR1, SIGHUP]) { got.add($0) }
        }
        kill(getpid(), SIGUSR1)
        #expect(got.wait() == [SIGUSR1])
        kill(getpid(), SIGHUP)
        #expect(got.wait(for: 2) == [SIGUSR1, SIGHUP])
    }

    @Test func `a signal that cannot be caught is an error`() throws {
        let group = try LoopGroup(threads: 1, name: "test")
        defer { group.stop() }
        #expect(throws: LoopError.self) {
            try group.onEach { try $0.onSignal([SIGUSR2, SIGKILL]) { _ in } }
        }
    }

    @Test func `a descriptor is watched until the watch ends`() throws {
        var ends: [Int32] = [0, 0]
        try #require(unsafe pipe(&ends) == 0)
        let (reader, writer) = (ends[0], ends[1])
        let group = try LoopGroup(threads: 1, name: "test")
        defer {
            group.stop()
            close(reader)
            close(writer)
        }
        let events = Reports<DescriptorEvents>()
        try group.onEach { loop in
            let holder = WatchHolder()
            holder.watch = try loop.watch(reader, for: .readable) {
                events.add($0)
                holder.watch?.cancel()
            }
        }
        try group.onEach { _ in }
        #expect(events.all.isEmpty)
        #expect(unsafe write(writer, "x", 1) == 1)
        #expect(events.wait() == [.readable])
        try group.onEach { _ in }
        #expect(events.all == [.readable])
    }

    private final class Ticker {
        var timer: LoopTimer?
        var count = 0
    }

    private final class WatchHolder {
        var watch: DescriptorWatch?
    }
}
