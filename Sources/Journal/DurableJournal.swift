package import Primitives
package import SegmentLog
internal import Synchronization

/// The journal over the segment log: what is settled has survived whatever happens to the process, and with `commit`,
/// to the power.
///
/// Records are written by the log's own thread, everything that waits in one batch; those who wait for them are told on
/// that thread. When the log fails, all that was not committed is taken back, new work is refused, and the log is opened
/// again until that works.
package final class DurableJournal: Journal {
    /// How full a journal may get.
    package struct Bounds: Sendable {
        /// The most bytes that may wait for the disk before new work is refused (`store.max_pending_size`).
        package var pendingBytesMax = 64 << 20
        /// The most bytes that the log and what comes behind it may take before new work is refused (`store.max_size`).
        ///
        /// It is taken again once a sixteenth of them is free, so that it is not refused and taken by turns.
        package var sizeBytesMax: UInt64 = 50 << 30

        /// The defaults.
        package init() {}
    }

    private let log: SegmentLog
    private let bounds: Bounds
    private let follower: (any JournalFollower)?
    private let lines: Log
    private let door: Door
    private let state: Lock<State>
    private let pendingBytes = Atomic(0)
    private let isFull = Atomic(false)
    private let owner = Lock<JournalHandle?>(nil)
    private let recovery = JournalRecovery()

    /// Opens the log and has what is in it replayed.
    ///
    /// - Parameters:
    ///   - files: The log's directory.
    ///   - settings: Its sizes and durability.
    ///   - bounds: How full it may get.
    ///   - lock: The directory's lock where it was taken before; nil to take it now.
    ///   - storedThrough: Up to which number the follower has everything already.
    ///   - follower: Who is handed what is committed; nil for nobody.
    ///   - lines: Where lines go.
    ///   - replay: Is given every record after `storedThrough` with its bytes, in order; false where it cannot be taken.
    /// - Throws: ``LogError``.
    package init(
        files: any LogFileSystem,
        settings: LogSettings,
        bounds: Bounds = Bounds(),
        lock: (any AnyObject & Sendable)? = nil,
        storedThrough: UInt64 = 0,
        follower: (any JournalFollower)? = nil,
        log lines: Log,
        replay: (UInt64, JournalRecord, [UInt8]) -> Bool
    ) throws(LogError) {
        var settings = settings
        settings.numbering = .caller
        settings.sequenceMin = storedThrough + 1
        // New work is refused long before; what a run has to note must never be.
        settings.pendingBytesMax = .max / 2
        settings.sizeBytesMax = bounds.sizeBytesMax + 4 * UInt64(settings.segmentBytes)
        let door = Door()
        self.door = door
        self.bounds = bounds
        self.follower = follower
        self.lines = lines
        log = try SegmentLog(
            settings: settings,
            files: files,
            lock: lock,
            after: storedThrough,
            replay: { number, bytes in
                do throws(RecordReader.Damage) {
                    let bytes = bytes.copied
                    return replay(number, try JournalRecord(bytes), bytes)
                } catch {
                    return false
                }
            },
            onEvent: { door.journal?.take($0) }
        )
        state = Lock(State(next: log.nextSequence))
        door.open(self)
    }

    /// Always: a decision is final when the log says so.
    package var isVolatile: Bool { false }

    /// The last number that was used before; the first decision gets the next.
    package var lastNumber: UInt64 { state.withLock { $0.slots.first } - 1 }

    /// What was found when the log was opened.
    package var report: LogReport { log.report }

    /// The most bytes a record may have.
    package var recordBytesMax: Int { log.settings.recordBytesMax }

    /// Why new work is not taken at present; nil where it is.
    package var refusal: String? {
        if let failure = state.withLock({ $0.failure }) { return failure }
        if isFull.load(ordering: .relaxed), measure() { return "the store has its full size" }
        if pendingBytes.load(ordering: .relaxed) > bounds.pendingBytesMax {
            return "too much waits to be written"
        }
        return follower?.refusal
    }

    /// Says who owns the numbers.
    package func attach(_ owner: JournalHandle) {
        self.owner.withLock { $0 = owner }
    }

    /// Takes the records of decisions.
    package func append(_ batch: JournalBatch) {
        guard let first = batch.entries.first else { return }
        if state.withLock({ $0.takeAll(of: batch) }) { return write(batch, first.number) }
        for entry in batch.entries {
            let record = batch.record(entry)
            switch state.withLock({ $0.take(record, entry.then) }) {
            case .write: write(record.alone, entry.number)
            case .keep: break
            case .refuse: entry.then?(false)
            }
        }
    }

    /// Calls `done` once the number is settled.
    package func whenSettled(_ number: UInt64, _ done: @escaping @Sendable (Bool) -> Void) {
        if let verdict = state.withLock({ $0.listen(number, done) }) { return done(verdict) }
        log.hurry(number)
    }

    /// Whether a number is settled.
    package func status(of number: UInt64) -> Bool? {
        state.withLock { $0.status(of: number) }
    }

    /// Whether a number that was not committed may turn out to be after a restart.
    package func isOutcomeUnknown(_ number: UInt64) -> Bool {
        state.withLock { $0.isOutcomeUnknown(number) }
    }

    /// Allows the log to forget all records up to a number, which the follower has for good.
    package func release(through number: UInt64) {
        log.release(through: number)
    }

    /// Writes what waits and closes the log; nothing is taken any more.
    package func close() {
        recovery.stop()
        log.close()
    }

    private func write(_ batch: JournalBatch, _ first: UInt64) {
        pendingBytes.wrappingAdd(batch.bytes.byteCount, ordering: .relaxed)
        do throws(LogError) {
            try log.append(batch.bytes, isLazy: batch.isLazy)
        } catch {
            if batch.entries.count == 1 { return refused(first, error) }
            // The log takes all of a batch or nothing: those that it would take shall not go with the others.
            pendingBytes.wrappingSubtract(batch.bytes.byteCount, ordering: .relaxed)
            for entry in batch.entries { write(batch.record(entry).alone, entry.number) }
        }
    }

    /// A record that the log did not take: with a failed log it is told with the others.
    private func refused(_ number: UInt64, _ error: LogError) {
        switch error {
        case .failed, .closed: return
        default: break
        }
        lines(.error, "A record was not taken by the journal: \(error.description)")
        // Before the log is told: it may have written all that waits for this number in the next moment.
        state.withLock { $0.void(number...number) }
        var batch = LogBatch()
        batch.skip(sequence: number)
        // A log that takes not even this has failed, and all its numbers are void.
        do throws(LogError) { try log.append(batch) } catch { return }
    }

    /// What the log tells, on its writer's thread.
    private func take(_ event: LogEvent) {
        switch event {
        case .committed(let number): commit(through: number)
        case .synced: break
        case .failed(let number, let unknownThrough, let error):
            fail(after: number, unknownThrough, error)
        }
    }

    private func commit(through number: UInt64) {
        var committed = state.withLock { $0.slots.commit(through: number) }
        owner.withLock { $0 }?.commit(number)
        let bytes = committed.records.reduce(0) { $0 + $1.range.count }
        pendingBytes.wrappingSubtract(bytes, ordering: .relaxed)
        let hasVoids = state.withLock { $0.hasVoids }
        if hasVoids {
            committed.records.removeAll { record in
                state.withLock { $0.isVoid(record.number) }
            }
        }
        measure()
        follower?.take(committed.records, through: number)
        for told in committed.told {
            let isVoid = hasVoids && state.withLock { $0.isVoid(told.number) }
            told.tell(told.hasRecord && !isVoid)
        }
    }

    /// Looks how much the log and what comes behind it take; gives whether that is too much.
    @discardableResult
    private func measure() -> Bool {
        let bytes = log.sizeBytes + UInt64(clamping: follower?.sizeBytes ?? 0)
        let isOver =
            isFull.load(ordering: .relaxed)
            ? bytes > bounds.sizeBytesMax - bounds.sizeBytesMax / 16 : bytes > bounds.sizeBytesMax
        isFull.store(isOver, ordering: .relaxed)
        return isOver
    }

    private func fail(after number: UInt64, _ unknownThrough: UInt64, _ error: LogError) {
        let lost = state.withLock { state in
            if unknownThrough > number { state.noteUnknown(number + 1...unknownThrough) }
            return state.fail(error.description)
        }
        pendingBytes.store(0, ordering: .relaxed)
        if case .closed = error { return }
        lines(
            .error,
            "The journal cannot be written, new work is refused until it can: \(error.description)"
        )
        if unknownThrough > number {
            lines(
                .error,
                "What was written last could not be taken back: whether it is there after a restart is not known",
                [.init("records", unknownThrough - number)]
            )
        }
        _ = owner.withLock { $0 }?.fail(number + 1)
        for one in lost { one.slot.tell(false) }
        recovery.start { [weak self] in self?.recover() ?? true }
    }

    /// Tries once to open the log again.
    ///
    /// - Returns: Whether it takes records again.
    private func recover() -> Bool {
        guard let owner = owner.withLock({ $0 }) else { return false }
        let settled = state.withLock { $0.beginReopening() }
        // Decisions of those who were on their way when it failed; with this all numbers up to the last are void.
        let last = owner.fail(settled + 1)
        for one in state.withLock({ $0.void(through: last) }) { one.slot.tell(false) }
        do throws(LogError) {
            try log.reopen(continuingAt: last + 1)
        } catch {
            for one in state.withLock({ $0.fail(error.description) }) { one.slot.tell(false) }
            return false
        }
        for one in state.withLock({ $0.open() }) {
            if let record = one.slot.record { write(record.alone, one.number) }
        }
        lines(.info, "The journal can be written again")
        owner.recovered()
        return true
    }

    /// The way from the log's thread to the journal, which is made after the log.
    private final class Door: Sendable {
        private let owner = Lock<Weak?>(nil)

        /// The journal, once it is there.
        var journal: DurableJournal? { owner.withLock { $0?.journal } }

        func open(_ journal: DurableJournal) {
            owner.withLock { $0 = Weak(journal: journal) }
        }

        /// A reference that does not keep the journal.
        private struct Weak {
            weak var journal: DurableJournal?
        }
    }
}
