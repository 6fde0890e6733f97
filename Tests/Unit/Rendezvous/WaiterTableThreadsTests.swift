import Primitives
import Rendezvous
import Synchronization
import Testing

/// Random calls from many threads: the order of the journal numbers is an order the model could have had.
@Suite struct WaiterTableThreadsTests {
    @Test(arguments: 0..<4)
    func `many threads do nothing the model could not do`(_ seed: Int) {
        let fixture = ThreadsFixture(seed: UInt64(seed), shards: [1, 4, 256, 4][seed % 4])
        let recording = fixture.run(threads: 4, calls: 2_500)
        var model = TableModel(keys: Keys.all.count, rememberTicks: 1 << 30)
        let difference = recording.difference(from: &model, last: fixture.table.lastNumber)
        #expect(difference == nil, "seed \(seed)")
        for (index, key) in Keys.all.enumerated() {
            let report = fixture.table.explain(key)
            let expected = model.state.keys[index]
            #expect(report.waits.map(\.id) == expected.waiters, "seed \(seed)")
            #expect(report.held.map(\.number) == expected.held.map(\.number), "seed \(seed)")
            #expect(report.marks.map(\.number) == expected.marks.map(\.number), "seed \(seed)")
        }
        #expect(fixture.table.counts.waiters == model.state.waits.count)
        checkOnce(recording)
    }

    /// Each wait ends at most once and each callback is used at most once, save what was taken back.
    private func checkOnce(_ recording: Recording) {
        let void = Set(recording.failures.flatMap(\.undone))
        var ended: [WaitID: Int] = [:]
        var used: [Int: Int] = [:]
        for call in recording.calls {
            guard let number = call.outcome.number, !void.contains(number) else { continue }
            switch (call.operation, call.outcome) {
            case (.arrive(let arrival), .arrival(.delivered(let id, _))):
                ended[id, default: 0] += 1
                used[arrival.tag, default: 0] += 1
            case (.register(let id, _, _), .matched(let tag, _)),
                (.addKey(let id, _), .matched(let tag, _)):
                ended[id, default: 0] += 1
                used[tag, default: 0] += 1
            case (.end(let id, _), .ended): ended[id, default: 0] += 1
            default: break
            }
        }
        for late in recording.late where !void.contains(late.expiry.number) {
            if case .timedOut(let id, _) = late.expiry { ended[id, default: 0] += 1 }
        }
        #expect(ended.values.allSatisfy { $0 == 1 })
        #expect(used.values.allSatisfy { $0 == 1 })
        let matches = recording.calls.count { $0.isMatch }
        #expect(matches > 300, "the schedule does next to nothing")
    }

    /// A table, its threads and what they wrote down.
    final class ThreadsFixture: Sendable {
        let table: WaiterTable
        let seed: UInt64
        let clock = Atomic<UInt64>(0)
        let running = Atomic<Int>(0)
        let recording = Lock(Recording())

        init(seed: UInt64, shards: Int) {
            self.seed = seed
            table = WaiterTable(
                configuration: WaiterTable.Configuration(
                    shards: shards,
                    rememberFor: .seconds(1_000_000),
                    seed: (seed, 7),
                    start: Instant(nanoseconds: 0)
                )
            )
        }

        func run(threads: Int, calls: Int) -> Recording {
            running.store(threads, ordering: .relaxed)
            let callers = (0..<threads).map { index in
                WorkerThread(name: "caller") { self.call(calls, thread: index + 1) }
            }
            let time = WorkerThread(name: "time") { self.passTime() }
            let journal = WorkerThread(name: "journal") { self.keepJournal() }
            for thread in callers + [time, journal] { thread.join() }
            return recording.withLock { $0 }
        }

        private func call(_ count: Int, thread: Int) {
            var schedule = Schedule(
                seed: seed,
                keyCount: Keys.all.count,
                contentCount: 255,
                thread: thread
            )
            var calls: [Recording.Call] = []
            for _ in 0..<count {
                let tick = clock.load(ordering: .relaxed)
                let operation = schedule.next(tick: tick)
                let low = table.lastNumber
                let outcome = table.perform(operation, tick: tick)
                calls.append(
                    Recording.Call(
                        operation: operation,
                        tick: tick,
                        outcome: outcome,
                        low: low,
                        high: table.lastNumber
                    )
                )
            }
            recording.withLock { [calls] in $0.calls += calls }
            running.subtract(1, ordering: .releasing)
        }

        private func passTime() {
            var late: [Recording.Late] = []
            while running.load(ordering: .acquiring) > 0 {
                let tick = clock.add(1, ordering: .relaxed).newValue
                for expiry in table.expire(now: Instant(nanoseconds: tick * 1_000_000)) {
                    late.append(Recording.Late(expiry: expiry, tick: tick))
                }
            }
            recording.withLock { [late] in $0.late = late }
        }

        private func keepJournal() {
            var source = Schedule(seed: seed, keyCount: 1, thread: 99)
            var committed: UInt64 = 0
            var failures: [Recording.Failure] = []
            while running.load(ordering: .acquiring) > 0 {
                let open = Int(table.lastNumber - committed)
                if source.below(16) == 0 {
                    // Near the end: on a busy machine much is open, and most of it shall stand.
                    let first = committed + 1 + UInt64(max(0, open - source.below(30)))
                    let undone = table.fail(from: first).map(\.number)
                    if !undone.isEmpty {
                        failures.append(
                            Recording.Failure(first: first, committed: committed, undone: undone)
                        )
                    }
                } else {
                    committed += UInt64(source.below(open + 1))
                    table.commit(through: committed)
                }
            }
            recording.withLock { [failures] in $0.failures = failures }
        }
    }
}
