import Journal
import Primitives
import Rendezvous
import Store

/// What the store is asked.
extension SimulatedStore {
    private func read() throws(StoreError) {
        if isUnreadable() { throw StoreError(.io, "the disk refuses") }
    }

    func run(_ id: UUIDv7) throws(StoreError) -> StoredRun? {
        if sabotage == .takesUnreadableForUnknown, isUnreadable() { return nil }
        try read()
        if damaged.contains(id) {
            if sabotage == .takesDamagedForUnknown { return nil }
            throw StoreError(.corrupt, "the checksum of a row is wrong")
        }
        guard let run = runs[id] else { return nil }
        return StoredRun(
            id: id,
            workflow: run.birth.workflow,
            origin: run.birth.plan,
            parent: run.birth.parent,
            parentAttempt: run.birth.parentAttempt,
            depth: run.birth.depth,
            labels: run.birth.labels,
            events: run.events,
            waits: waits.filter { $0.key.run == id }.sorted { $0.value.number < $1.value.number }
                .map(\.key),
            isFinished: run.isFinished
        )
    }

    func runs(_ query: RunQuery) throws(StoreError) -> [StoredRunLine] {
        try read()
        return []
    }

    func runsHolding(moreThan bytes: Int) throws(StoreError) -> Set<UUIDv7> {
        try read()
        return []
    }

    func runsToResume() throws(StoreError) -> [UUIDv7] {
        try read()
        if sabotage == .forgetsWhatWasUnderWay { return [] }
        return runs.filter { !$0.value.isFinished && !$0.value.isParked }.map(\.key).sorted()
    }

    /// In the order of the ids, which is not that of the numbers.
    func forEachWait(_ body: (WaitID, [NumberedKey], WallTime) -> Void) throws(StoreError) {
        try read()
        for (id, wait) in waits.sorted(by: { $0.key.storeOrder < $1.key.storeOrder }) {
            body(id, wait.keys, wait.deadline)
        }
    }

    func olderPrintsThrough() throws(StoreError) -> UInt64 { 0 }

    func forEachHeld(_ body: (StoredHeld) -> Void) throws(StoreError) {
        try read()
        if sabotage == .forgetsHeldCallbacks { return }
        for (_, held) in held.sorted(by: { $0.key < $1.key }) { body(held) }
    }

    func forEachMark(_ body: (StoredMark) -> Void) throws(StoreError) {
        try read()
        if sabotage == .forgetsMarks { return }
        for mark in marks { body(mark) }
    }

    /// The simulated senders ask for no claims.
    func forEachClaim(_ body: (Claim) -> Void) throws(StoreError) { try read() }
}

extension WaitID {
    /// Where the store has it among others.
    fileprivate var storeOrder: (UUIDv7, UInt32, UInt32) { (run, step, attempt) }
}
