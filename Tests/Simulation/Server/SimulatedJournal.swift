import Primitives

@testable import Journal

/// The durable journal with its thread and its disk taken out: a schedule says when what is written, and what fails.
///
/// Which numbers are settled, void or kept is the durable journal's own book-keeping.
final class SimulatedJournal: Journal, @unchecked Sendable {
    // Sendable because one thread has all of it.

    /// What the journal does to the world around it.
    struct Hooks {
        /// Something else may happen between a decision and its record's arrival.
        var preempt: () -> Void
        /// A record is handed over, and taken or not.
        var handedOver: (UInt64, JournalRecord, _ isTaken: Bool) -> Void
        /// A record is on the disk for good.
        var written: (UInt64, [UInt8]) -> Void
    }

    private let hooks: Hooks
    private let follower: SimulatedStore
    private let sabotage: Sabotage
    private var state: DurableJournal.State
    private var owner: JournalHandle?
    /// Records that wait to be written.
    private var handedOver: [UInt64: NumberedRecord] = [:]
    private var committed: UInt64
    /// What a failure left on the disk, which could not be taken back: a crash finds it.
    private var left: [NumberedRecord] = []
    /// The last number that was drawn, where the owner is not asked to take decisions back.
    var lastDrawn: () -> UInt64 = { 0 }

    init(after number: UInt64, follower: SimulatedStore, sabotage: Sabotage, hooks: Hooks) {
        self.hooks = hooks
        self.follower = follower
        self.sabotage = sabotage
        state = DurableJournal.State(next: number + 1)
        committed = number
    }

    var isVolatile: Bool { false }
    var refusal: String? { state.failure }
    var recordBytesMax: Int { 1 << 20 }
    var isFailed: Bool { state.failure != nil }
    /// How many records wait to be written.
    var waitingCount: Int { handedOver.count }
    var lastCommitted: UInt64 { committed }

    func attach(_ owner: JournalHandle) {
        self.owner = owner
    }

    func append(_ batch: JournalBatch) {
        for entry in batch.entries { append(batch.record(entry), entry.then) }
    }

    private func append(_ record: NumberedRecord, _ then: JournalBatch.Done?) {
        hooks.preempt()
        let isEarly = sabotage == .settlesBeforeCommit
        let fate = state.take(record, isEarly ? nil : then)
        if let read = World.read(Array(record.bytes)) {
            hooks.handedOver(record.number, read, fate != .refuse)
        }
        switch fate {
        case .write:
            handedOver[record.number] = record
            if isEarly { then?(true) }
        case .keep: if isEarly { then?(true) }
        case .refuse: then?(false)
        }
    }

    func status(of number: UInt64) -> Bool? {
        sabotage == .settlesBeforeCommit ? true : state.status(of: number)
    }

    func isOutcomeUnknown(_ number: UInt64) -> Bool { state.isOutcomeUnknown(number) }

    func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        if sabotage == .settlesBeforeCommit { return done(true) }
        if let verdict = state.listen(number, done) { done(verdict) }
    }

    /// Writes as many records as are asked for, as far as there is no gap, and tells everybody.
    func commit(_ countMax: Int) {
        var last = committed
        var count = 0
        while count < countMax, let record = handedOver.removeValue(forKey: last + 1) {
            last += 1
            count += 1
            hooks.written(last, Array(record.bytes))
        }
        guard last > committed else { return }
        committed = last
        let settled = state.slots.take(through: last)
        owner?.commit(last)
        var records: [NumberedRecord] = []
        for one in settled {
            if let record = one.slot.record { records.append(record) }
        }
        follower.take(records, through: last)
        for one in settled {
            one.slot.tell(one.slot.record != nil && !state.isVoid(one.number))
        }
    }

    /// The disk refuses: what is not written is lost, and nothing is taken until ``recover()``.
    ///
    /// The first `leftCount` records are on the disk and cannot be taken back, so that nobody knows what becomes of them.
    func fail(leaving leftCount: Int = 0) {
        guard !isFailed else { return }
        left = waiting(leftCount)
        if let last = left.last { state.noteUnknown(committed + 1...last.number) }
        handedOver = [:]
        let lost = state.fail("the disk refuses")
        _ = takeBack(from: committed + 1)
        for one in lost { one.slot.tell(false) }
    }

    /// The disk is well again; `meanwhile` happens while the journal is being opened.
    func recover(meanwhile: () -> Void) {
        guard isFailed else { return }
        let settled = state.beginReopening()
        meanwhile()
        let last = takeBack(from: settled + 1)
        for one in state.void(through: last) { one.slot.tell(false) }
        committed = max(committed, last)
        left = []
        meanwhile()
        for one in state.open() {
            if let record = one.slot.record { handedOver[one.number] = record }
        }
        owner?.recovered()
    }

    /// The records that a crash may or may not find on the disk: written, not yet told.
    func unfinished(_ countMax: Int) -> [(number: UInt64, bytes: [UInt8])] {
        let records = isFailed ? Array(left.prefix(countMax)) : waiting(countMax)
        return records.map { ($0.number, Array($0.bytes)) }
    }

    /// The first records that wait to be written, as far as there is no gap.
    private func waiting(_ countMax: Int) -> [NumberedRecord] {
        var found: [NumberedRecord] = []
        while found.count < countMax,
            let record = handedOver[committed + UInt64(found.count) + 1]
        {
            found.append(record)
        }
        return found
    }

    /// Forgets who waits for what, when the server is gone.
    func dropAll() {
        state = DurableJournal.State(next: committed + 1)
        (handedOver, left) = ([:], [])
        owner = nil
    }

    private func takeBack(from number: UInt64) -> UInt64 {
        if sabotage == .doesNotUndo { return lastDrawn() }
        return owner?.fail(number) ?? number
    }
}
