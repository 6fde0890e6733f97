import Journal
import Primitives
import Rendezvous
import Store
import TestKit
import Workflows

/// What is left after a power cut.
extension PowerTrial {
    /// Whether everything that was acknowledged is there, nothing was done twice, and the store is what the records make.
    ///
    /// The store is complete and nothing goes on: at a start, or at the end.
    func examine(_ life: PowerCutFixture) throws {
        let (fresh, wrong) = books.takeFresh()
        findings += wrong
        for committed in fresh {
            let record = try JournalRecord(Array(committed.bytes))
            model.replay(committed.number, record)
            records.append(record)
        }
        examineRecords()
        try examineRuns(life.store)
        try examineWaits(life.store)
        try examineLedger(life.store)
    }

    private func examineRecords() {
        var delivered: [Int: Int] = [:]
        var held: Set<Int> = []
        var ends: [WaitID: Int] = [:]
        var born: Set<UUIDv7> = []
        var requests: Set<UUIDv7> = []
        for record in records {
            switch record {
            case .began(let births, _): born.formUnion(births.map(\.id))
            case .delivered(let wait, let arrival, _):
                delivered[Self.letter(arrival.callback), default: 0] += 1
                requests.insert(arrival.callback.requestID)
                ends[wait, default: 0] += 1
            case .fetched(let wait, _, let callback, _):
                delivered[Self.letter(callback), default: 0] += 1
                ends[wait, default: 0] += 1
            case .held(let arrival, _, _):
                held.insert(Self.letter(arrival.callback))
                requests.insert(arrival.callback.requestID)
            default: break
            }
        }
        let told = told.withLock { $0 }
        for index in told.letters where delivered[index] == nil && !held.contains(index) {
            findings.append("the callback with the key \(letters[index].key) is lost")
        }
        for run in told.runs.subtracting(born) { findings.append("the run \(run.text) is lost") }
        for run in told.refused.intersection(born) {
            findings.append("the run \(run.text) was refused and is there")
        }
        for request in told.refused.intersection(requests) {
            findings.append("the callback of the request \(request.text) was refused and is there")
        }
        for (index, count) in delivered where count > 1 {
            findings.append(
                "the callback with the key \(letters[index].key) resumed \(count) times"
            )
        }
        for (wait, count) in ends where count > 1 {
            findings.append("the wait \(Telling.of(wait)) was ended \(count) times")
        }
    }

    private static func letter(_ callback: CallbackRecord) -> Int {
        Int(callback.requestID.low & 0x3FFF_FFFF_FFFF_FFFF)
    }

    private func examineRuns(_ store: Store) throws {
        for (id, run) in model.runs {
            guard let stored = try store.run(id) else {
                findings.append("the store has lost the run \(id.text)")
                continue
            }
            if stored.events.map(\.bytes) != run.events.map(\.bytes) {
                findings.append("the store has other events of the run \(id.text)")
            }
            if stored.isFinished != run.isFinished {
                findings.append("the store has another end of the run \(id.text)")
            }
        }
        let open = Set(model.runs.filter { !$0.value.isFinished }.keys)
        if try store.openRunCount() != open.count {
            findings.append("the store counts \(try store.openRunCount()) runs of \(open.count)")
        }
        for run in try store.runsToResume() where !open.contains(run) {
            findings.append("the store would resume the run \(run.text), which has ended")
        }
    }

    private func examineWaits(_ store: Store) throws {
        var waits: [WaitID: [NumberedKey]] = [:]
        try store.forEachWait { id, keys, _ in waits[id] = keys }
        if waits != model.waits.mapValues(\.keys) { findings.append("the store has other waits") }
        var held: Set<UInt64> = []
        try store.forEachHeld { held.insert($0.number) }
        if held != Set(model.held.keys) { findings.append("the store holds other callbacks") }
        var marks: [StoredMark] = []
        try store.forEachMark { marks.append($0) }
        if marks.map(\.line).sorted() != model.marks.map(\.line).sorted() {
            findings.append("the store has other marks")
        }
    }

    private func examineLedger(_ store: Store) throws {
        let requests = told.withLock { told in
            defer { told.requests = [] }
            return told.requests
        }
        for request in requests where try store.request(request) == nil {
            findings.append("the ledger has lost the request \(request.text)")
        }
    }
}

extension StoredMark {
    /// What of it is the same wherever it is kept.
    fileprivate var line: String {
        "\(number) \(how) \(String(decoding: key.bytes, as: UTF8.self))"
    }
}
