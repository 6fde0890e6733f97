import CMeasure
import Primitives
import Rendezvous
import Synchronization

/// One table with many waiters, matched in random order: what the caches do not hold.
final class Crowd: Sendable {
    private let waiters: Int
    private let matches: Int
    /// The keys that come, 36 bytes each, in the order they come: a callback's key has just been read, and is near.
    private let coming: [UInt8]
    private let content = Array(repeating: UInt8(ascii: "x"), count: 158)
    private let hash = FoldHash(key: (1, 2))
    private let options = ArriveOptions()
    private static let keyBytes = 36

    /// Makes the keys of a table.
    init(waiters: Int) {
        self.waiters = waiters
        matches = min(waiters, 200_000)
        var order = (0..<waiters).map { Int32(truncatingIfNeeded: $0) }
        var source = SampleCallback.SplitMix(state: 9)
        order.shuffle(using: &source)
        var coming: [UInt8] = []
        for index in order.prefix(matches) { coming += Array(SampleCallback.key(Int(index)).utf8) }
        self.coming = coming
    }

    /// Measures one match, by so many threads on the one table, and what a waiter weighs.
    ///
    /// A new table for every round: an ended wait is a mark.
    func measure(threads: Int) -> (row: Row, bytesPerWaiter: Int) {
        var times: [Double] = []
        var hash: UInt64 = 0
        var weight = 0
        for round in 0...3 {
            let before = sluice_resident_bytes()
            let table = filled()
            if round == 0 { weight = Int(sluice_resident_bytes() &- before) / max(1, waiters) }
            let start = Instant.now()
            hash = hash &* 31 &+ match(table, threads: threads)
            let elapsed = Instant.now().since(start)
            if round > 0 { times.append(Double(elapsed.count) / Double(max(1, matches))) }
        }
        times.sort()
        let row = Row(
            stage: "match, in random order",
            bytes: content.count + Self.keyBytes,
            waiters: waiters,
            threads: threads,
            count: matches,
            nanoseconds: (times[0], times[times.count / 2], times[times.count - 1]),
            allocations: 0,
            hash: hash
        )
        return (row, weight)
    }

    private func filled() -> WaiterTable {
        let table = CallbackServer.table()
        let now = Instant.now()
        let deadline = now.advanced(by: .seconds(86_400))
        for index in 0..<waiters {
            let key = Array(SampleCallback.key(index).utf8)
            let run = UUIDv7(high: UInt64(index), low: UInt64(index) &* 0x9E37_79B9_7F4A_7C15)
            _ = table.register(
                WaitID(run: run, step: 0, attempt: 1),
                keys: [WaitKey(channel: .standard, bytes: key)],
                deadline: deadline,
                now: now
            )
        }
        return table
    }

    private func match(_ table: WaiterTable, threads: Int) -> UInt64 {
        guard threads > 1 else { return match(table, from: 0, to: matches) }
        let share = matches / threads
        let total = Total()
        let workers = (0..<threads).map { thread in
            WorkerThread(name: "match") { [self] in
                let end = thread == threads - 1 ? matches : (thread + 1) * share
                total.add(match(table, from: thread * share, to: end))
            }
        }
        for worker in workers { worker.join() }
        return total.value
    }

    private func match(_ table: WaiterTable, from start: Int, to end: Int) -> UInt64 {
        var hash: UInt64 = 0
        let coming = coming
        for turn in start..<end {
            let key = coming.span.extracting(turn * Self.keyBytes..<(turn + 1) * Self.keyBytes)
            hash = hash &* 31 &+ arrive(table, key)
        }
        return hash
    }

    private func arrive(_ table: WaiterTable, _ key: Span<UInt8>) -> UInt64 {
        let content = content
        guard let sought = table.prepare(channel: .standard, key: key) else { return 0 }
        table.prefetchIndex(sought)
        let arrival = table.arrive(
            sought,
            key: key,
            fingerprint: hash.hash(0, key, content.span),
            options: options,
            now: Instant(nanoseconds: 1)
        ) {
            CallbackRecord(
                channel: .standard,
                key: key,
                status: nil,
                result: content.span,
                hasFailed: false,
                requestID: UUIDv7(high: 1, low: 2)
            )
        }
        guard case .delivered(let wait, _) = arrival else { return 0 }
        return wait.run.high &+ 1
    }
}

/// A sum that threads add to.
private final class Total: Sendable {
    private let sum = Atomic<UInt64>(0)

    var value: UInt64 { sum.load(ordering: .relaxed) }

    func add(_ more: UInt64) {
        sum.wrappingAdd(more, ordering: .relaxed)
    }
}
