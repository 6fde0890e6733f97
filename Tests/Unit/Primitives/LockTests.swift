import Primitives
import Synchronization
import Testing

@Suite struct LockTests {
    @Test func `no addition is lost between threads`() {
        let lock = Lock(0)
        let shared = Shared(lock: lock)
        let threads = (0..<4).map { _ in
            WorkerThread(name: "adder") {
                for _ in 0..<5_000 { shared.lock.withLock { $0 += 1 } }
            }
        }
        for thread in threads { thread.join() }
        #expect(shared.lock.withLock { $0 } == 20_000)
    }

    @Test func `an error gives the lock back`() {
        let lock = Lock(1)
        #expect(throws: Stop.self) { try lock.withLock { _ throws(Stop) in throw Stop() } }
        #expect(lock.withLock { $0 } == 1)
    }

    @Test func `several stripes change together`() {
        let accounts = Accounts()
        let threads = (0..<4).map { index in
            WorkerThread(name: "payer") {
                var source = SplitMix64(seed: UInt64(index))
                for _ in 0..<3_000 { accounts.pay(source.below(8), source.below(8)) }
            }
        }
        for thread in threads { thread.join() }
        let sum = accounts.stripes.withLocks(Array(0..<8)) { locked in
            (0..<8).reduce(0) { sum, index in sum + locked.with(index) { $0 } }
        }
        #expect(sum == 0)
        #expect(accounts.stripes.count == 8)
    }

    @Test func `counters and histograms lose nothing between threads`() {
        let counter = Counter()
        let histogram = Histogram()
        let threads = (0..<4).map { _ in
            WorkerThread(name: "counter") {
                for value in 0..<2_000 as Range<UInt64> {
                    counter.add()
                    histogram.record(value)
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(counter.value == 8_000)
        #expect(histogram.snapshot().count == 8_000)
        #expect(histogram.snapshot().sum == 4 * 1999 * 1000)
    }

    private struct Stop: Error {}

    private final class Shared: Sendable {
        let lock: Lock<Int>

        init(lock: consuming Lock<Int>) {
            self.lock = lock
        }
    }

    private final class Accounts: Sendable {
        let stripes = StripedLock<Int>(count: 8) { _ in 0 }

        func pay(_ from: Int, _ to: Int) {
            guard from != to else { return }
            stripes.withLocks([min(from, to), max(from, to)]) { locked in
                locked.with(from) { $0 -= 1 }
                locked.with(to) { $0 += 1 }
            }
        }
    }
}
