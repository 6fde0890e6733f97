import Primitives
import Rendezvous
import Testing

/// Random calls on one thread, each compared with the model at once.
@Suite struct WaiterTableModelTests {
    @Test(arguments: 0..<16)
    func `step by step the table does what the model does`(_ seed: Int) {
        var pair = Pair(seed: UInt64(seed), shards: seed % 2 == 0 ? 1 : 16)
        for step in 0..<8_000 {
            guard let difference = pair.step() else { continue }
            Issue.record("seed \(seed), step \(step): \(difference)")
            return
        }
    }

    /// The table and its model, driven together.
    struct Pair {
        let table: WaiterTable
        var model: TableModel
        var schedule: Schedule
        var tick: UInt64 = 0
        var committed: UInt64 = 0

        init(seed: UInt64, shards: Int) {
            table = WaiterTable(
                configuration: WaiterTable.Configuration(
                    shards: shards,
                    rememberFor: .milliseconds(150),
                    seed: (seed, 7),
                    start: Instant(nanoseconds: 0)
                )
            )
            let keyCount = seed % 3 == 0 ? 2 : Keys.all.count
            model = TableModel(keys: Keys.all.count, rememberTicks: 150)
            schedule = Schedule(seed: seed, keyCount: keyCount)
        }

        /// One random call or change of time; the difference it made, in words, or nil.
        mutating func step() -> String? {
            switch schedule.below(40) {
            case 0: return fail()
            case 1, 2: commit()
            case 3, 4: return expire()
            case 5 where schedule.below(8) == 0: return compareAll()
            default: break
            }
            tick += UInt64(schedule.below(3))
            let operation = schedule.next(tick: tick)
            let expected = model.apply(operation, tick: tick)
            let actual = table.perform(operation, tick: tick)
            return expected == actual
                ? nil : "\(operation) gave \(actual), the model says \(expected)"
        }

        private mutating func commit() {
            let open = Int(model.number - committed)
            committed += UInt64(schedule.below(open + 1))
            table.commit(through: committed)
            model.commit(through: committed)
        }

        private mutating func fail() -> String? {
            let first = committed + UInt64(schedule.below(4))
            let expected = model.fail(from: first)
            let actual = table.fail(from: first).map(\.number)
            return expected == actual
                ? compareSometimes() : "undone \(actual), the model \(expected)"
        }

        private mutating func expire() -> String? {
            let expiries = table.expire(now: Instant(nanoseconds: tick * 1_000_000))
            for expiry in expiries.sorted(by: { $0.number < $1.number }) {
                switch expiry {
                case .timedOut(let id, let number):
                    guard let wait = model.state.waits[id], wait.deadline <= tick else {
                        return "\(id) timed out"
                    }
                    let outcome = model.close(id, TableModel.Mark.ending(.timedOut), tick)
                    guard outcome == .ended(number) else { return "number \(number)" }
                case .unfetched(let record, _, _):
                    guard model.giveUp(record.tag, by: tick) else {
                        return "held \(record.tag) given up"
                    }
                }
            }
            model.forget(by: tick, committed: committed)
            let isLate =
                model.state.waits.values.contains { $0.deadline <= tick }
                || model.state.keys.contains { $0.held.contains { $0.until <= tick } }
            return isLate ? "something due was left" : compareSometimes()
        }

        /// Compares everything now and then: it costs more than a hundred calls.
        private mutating func compareSometimes() -> String? {
            schedule.below(4) == 0 ? compareAll() : nil
        }

        /// Compares everything that can be seen.
        private func compareAll() -> String? {
            for (index, key) in Keys.all.enumerated() {
                let report = table.explain(key)
                let expected = model.state.keys[index]
                guard report.waits.map(\.id) == expected.waiters,
                    report.held.map(\.number) == expected.held.map(\.number),
                    report.held.map(\.record.tag) == expected.held.map(\.tag),
                    report.marks.map(\.number) == expected.marks.map(\.number),
                    report.marks.map(\.how) == expected.marks.map(\.how),
                    report.marks.map(\.fingerprint) == expected.marks.map(\.fingerprint)
                else { return "key \(index): \(report)\nthe model: \(expected)" }
            }
            return compareCounts() ?? compareWaits()
        }

        private func compareCounts() -> String? {
            let counts = table.counts
            let held = model.state.keys.map(\.held.count).reduce(0, +)
            let marks = model.state.keys.map(\.marks.count).reduce(0, +)
            guard counts.waiters == model.state.waits.count, counts.held == held,
                counts.marks == marks
            else { return "\(counts), the model \(model.state.waits.count) \(held) \(marks)" }
            return table.lastNumber == model.number ? nil : "last number"
        }

        private func compareWaits() -> String? {
            var seen: [WaitID: OpenWait] = [:]
            table.forEachOpenWait { seen[$0.id] = $0 }
            guard seen.count == model.state.waits.count else { return "open waits" }
            for (id, wait) in model.state.waits {
                guard let found = seen[id], found.keys == wait.keys.map({ Keys.all[$0] }),
                    found.deadline.nanoseconds == wait.deadline * 1_000_000
                else { return "wait \(id)" }
            }
            let nearest = model.state.waits.values.map(\.deadline).min()
            if let nearest, let next = table.nextDeadline(),
                next.nanoseconds > max(nearest, tick) * 1_000_000
            {
                return "next deadline"
            }
            return nil
        }
    }
}
