import Journal
import Primitives
import Rendezvous
import Workflows

@testable import Store

/// The store behind the journal, in memory: what records mean for runs, waits, held callbacks and marks.
///
/// It lags behind the journal, as the real one does: what is read is as of what it has taken in.
final class SimulatedStore: RunStore, JournalFollower, @unchecked Sendable {
    // Sendable because one thread has all of it.

    /// A run as it is kept.
    struct Run {
        let birth: RunBirth
        var events: [RunEventRow]
        var lastEvent: UInt64
        var isFinished = false
        var isParked = false
    }

    /// A wait as it is kept.
    struct Wait {
        var keys: [NumberedKey]
        let deadline: WallTime
        let number: UInt64
    }

    private(set) var runs: [UUIDv7: Run] = [:]
    private(set) var waits: [WaitID: Wait] = [:]
    private(set) var held: [UInt64: StoredHeld] = [:]
    private(set) var marks: [StoredMark] = []
    private(set) var through: UInt64 = 0
    private var pending: [(number: UInt64, record: JournalRecord)] = []
    private var parks: [(run: UUIDv7, number: UInt64)] = []
    private var settled: UInt64 = 0
    var sabotage = Sabotage.none
    /// Says whether a read fails.
    var isUnreadable: () -> Bool = { false }
    /// Runs whose rows are damaged.
    var damaged: Set<UUIDv7> = []
    static let rememberFor = Nanoseconds.seconds(3600)

    var refusal: String? { nil }
    var failure: String? { nil }
    var completeThrough: UInt64 { sabotage == .readsWhatIsBehind ? .max : through }
    func hurry() {}
    func flush() throws(StoreError) { absorb(.max) }
    var isBehind: Bool { !pending.isEmpty || !parks.isEmpty }

    func take(_ records: [NumberedRecord], through: UInt64) {
        pending += records.compactMap { taken in
            World.read(Array(taken.bytes)).map { (taken.number, $0) }
        }
        settled = through
    }

    func notePark(_ run: UUIDv7, after number: UInt64) {
        parks.append((run, number))
    }

    /// Takes in as many records as are asked for.
    func absorb(_ countMax: Int) {
        let count = min(countMax, pending.count)
        for one in pending.prefix(count) { apply(one.record, one.number) }
        pending.removeFirst(count)
        if pending.isEmpty { through = max(through, settled) }
        let due = parks.filter { $0.number <= through }
        parks.removeAll { $0.number <= through }
        for park in due {
            guard let run = runs[park.run], run.lastEvent <= park.number else { continue }
            runs[park.run]?.isParked = true
        }
    }

    /// What a crash leaves of it: what it has taken in.
    func crash() {
        pending = []
        parks = []
    }

    /// Takes in a record that the log has and the store has not.
    func replay(_ number: UInt64, _ record: JournalRecord) {
        guard number > through else { return }
        apply(record, number)
    }

    private func apply(_ record: JournalRecord, _ number: UInt64) {
        through = number
        for (run, row) in record.runEvents where !isBirth(record) { add(row, to: run, number) }
        switch record {
        case .began(let births, _):
            for birth in births {
                let row = RunEventRow(birth.event, birth.stamp)
                runs[birth.id] = Run(birth: birth, events: [row], lastEvent: number)
            }
        case .waiting(let wait, let keys, let deadline):
            retire(keys)
            var unique: [NumberedKey] = []
            for key in keys where !unique.contains(where: { $0.key == key }) {
                unique.append(NumberedKey(key, number))
            }
            waits[wait] = Wait(keys: unique, deadline: deadline, number: number)
        case .keyAdded(let wait, let key):
            guard waits[wait]?.keys.contains(where: { $0.key == key }) == false else { return }
            retire([key])
            waits[wait]?.keys.append(NumberedKey(key, number))
        case .held(let arrival, let until, let listener):
            held[number] = StoredHeld(
                number: number,
                arrival: arrival,
                until: until,
                listener: listener
            )
        case .unfetched(let number, _): held[number] = nil
        case .finished(let run, _, _): runs[run]?.isFinished = true
        case .delivered, .fetched, .ended, .timedOut: end(record, number)
        case .advanced, .received, .text: break
        }
    }

    private func isBirth(_ record: JournalRecord) -> Bool {
        if case .began = record { true } else { false }
    }

    private func add(_ row: RunEventRow, to run: UUIDv7, _ number: UInt64) {
        runs[run]?.events.append(row)
        runs[run]?.lastEvent = number
        runs[run]?.isParked = false
        if case .retry = row.event { runs[run]?.isFinished = false }
    }

    private func end(_ record: JournalRecord, _ number: UInt64) {
        switch record {
        case .delivered(let wait, let arrival, _):
            let ending = Ending(
                how: .answered,
                time: arrival.time,
                print: arrival.fingerprint,
                reuses: arrival.reusesKey
            )
            close(wait, ending, number, also: [arrival.callback.key])
        case .fetched(let wait, let keys, let callback, let stamp):
            let found = held.values.filter {
                $0.arrival.callback.requestID == callback.requestID
                    && $0.arrival.callback.key == callback.key
            }.min { $0.number < $1.number }
            if let found { held[found.number] = nil }
            retire(keys)
            let ending = Ending(
                how: .answered,
                time: stamp.wall,
                print: found?.arrival.fingerprint,
                reuses: found?.arrival.reusesKey ?? false
            )
            close(wait, ending, number, also: keys)
        case .ended(let wait, let how, let time):
            close(wait, Ending(how: how, time: time), number)
        case .timedOut(let wait, let stamp):
            close(wait, Ending(how: .timedOut, time: stamp.wall), number)
        default: break
        }
    }

    private struct Ending {
        let how: EndedHow
        let time: WallTime
        var print: Fingerprint?
        var reuses = false
    }

    private func close(
        _ wait: WaitID,
        _ ending: Ending,
        _ number: UInt64,
        also others: [WaitKey] = []
    ) {
        var keys = waits.removeValue(forKey: wait)?.keys.map(\.key) ?? []
        for key in others where !keys.contains(key) { keys.append(key) }
        for key in keys {
            marks.append(
                StoredMark(
                    number: number,
                    key: key,
                    how: ending.how,
                    fingerprint: ending.print,
                    isOlderPrint: false,
                    until: ending.time.advanced(by: Self.rememberFor),
                    reusesKey: ending.reuses,
                    wait: wait,
                    time: ending.time
                )
            )
        }
    }

    private func retire(_ keys: [WaitKey]) {
        marks.removeAll { $0.reusesKey && keys.contains($0.key) }
    }
}
