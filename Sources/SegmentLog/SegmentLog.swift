internal import Primitives

// The segment log
// ===============
//
// What is acknowledged must be there after a power cut, and a power cut may leave any mixture of the blocks that were
// being written. The log is built around that one fact. It knows nothing of callbacks or runs: a record is a byte string
// with a number.
//
//   callers, any thread          log-writer                       the medium
//   ───────────────────          ──────────                       ──────────
//   append(batch) ──▶ pending ─▶ frames in one aligned buffer ──▶ one write, one sync
//                                     │                                  │
//   .committed(through: n) ◀──────────┴──────────────────────────────────┘
//   release(through: n) ───▶ log-segments: makes the next file ready, takes old ones back
//
// Group commit. While one batch is being synced, the next one gathers; there is no timer, so a lone record is synced at
// once and a thousand records share a sync. A batch begins at a multiple of 4,096 bytes: a block is written once, and what
// was committed is never written again.
//
// Files. `log/` holds segments of a fixed size (64 MiB by default), filled with zeros and synced before they are used, so
// that a sync in the middle of one never has to write metadata of the file system. A segment whose records are all
// released becomes the next one under a new number and a new salt; it is not deleted.
//
//   segment   offset 0      header: magic 8, version 4, salt 4, number 8, epoch 8, length 8, CRC-32C 4
//             offset 4,096  frames, until the end or until the next segment begins
//
//   frame      0  4  CRC-32C over the payload, the segment's salt and the header behind this field
//              4  4  kind (4 bits) and length of the payload (28 bits)
//              8  8  sequence
//             16  8  epoch: how many times the log had been opened
//             24  8  committed: the last sequence that was on the medium when this frame was written
//             32  n  payload, then zeros up to a multiple of 8
//
// All numbers are little-endian. The salt makes a frame of an earlier use of the file, or bytes that a client sent, fail
// the checksum. `begin` opens a segment, `open` and `close` are written where the log was opened and closed, `skipped`
// takes the place of a sequence that was given up.
//
// Where the log ends. The reader goes from frame to frame; the first place that does not hold the next frame is the end,
// if it can be one. It cannot where a later frame says, in `committed`, that the sequence which is missing had been on the
// medium before that frame was written. Then the log is damaged and is refused. Example: 41 and 42 are committed, a batch
// of 43 and 44 is being written when the power fails.
//
//   the medium has         43's block only   44's block only            neither
//   the reader finds       41 42 43          41 42 ✗ (44: committed=42)  41 42
//   it says                the end is 43     the end is 42, torn         the end is 42
//   with 45: committed=44  -                 damaged: 43 was committed   damaged
//
// In the second column 44 does not accuse anybody: it was written when 42 was the last one committed. So a batch that the
// disk reordered is told from a record that rotted. What was torn off is reported and overwritten by the next batch.
//
// Failure. After a failed write or sync nothing that the page cache says is believed (the kernel reports an error of
// write-back once, and may mark the page clean). Everything that waited gets the error, every append is refused, and
// `reopen` reads the end from the medium with the cache dropped and cuts what was not acknowledged. Where a caller was
// told "refused", the bytes that may have reached the medium are overwritten first: see `SegmentWriter`.
//
// Who owns what. The writer thread owns the open segment and the buffer; the segments thread owns all other files;
// `State` under the monitor is what callers and the writer share. A callback to the owner runs on the writer's thread,
// in the order of the sequences, and may append but not block.
//
// Not a goal: reading a record by its number (the store behind the log does that), several writers, replication,
// compression, records larger than 256 MiB, media that lie about a flush.

/// Records that survive a power cut, in the order of their sequences.
///
/// Callers on any thread hand batches over; one thread of the log's own writes everything that
/// waits as one batch with one sync, and tells its owner through ``LogEvent``. While one batch is
/// synced the next one forms; no timer adds latency. A second thread keeps the next segment file
/// ready.
///
/// After a failed write or sync the log has failed: all that waits gets the error, every append is
/// refused, and nothing more is acknowledged until ``reopen(continuingAt:)``.
package final class SegmentLog: Sendable {

    /// Sizes, bounds and durability.
    package let settings: LogSettings
    let files: any LogFileSystem
    let stock: SegmentStock
    let monitor: Monitor<State>
    let onEvent: @Sendable (LogEvent) -> Void
    private let lock: Monitor<(any AnyObject & Sendable)?>
    private let threads = Monitor<[WorkerThread]>([])
    /// What was found when the log was opened.
    package let report: LogReport

    /// Opens the log in a directory, reads it, and starts its threads.
    ///
    /// Blocks until everything is read and the opening is synced. Of a record at the very end that
    /// a power cut tore nothing is kept, and ``LogReport/torn`` tells where it was.
    ///
    /// - Parameters:
    ///   - settings: Sizes, bounds and durability.
    ///   - files: The directory.
    ///   - lock: The lock that ``takeLock(_:)`` gave, which the log keeps; nil to take it now.
    ///   - after: The last sequence the caller has elsewhere for good: all up to it is released,
    ///     and damage in it is passed over; nil to read all and to accept any beginning.
    ///   - replay: Is given every record after that, in order, on the calling thread; false refuses
    ///     the record.
    ///   - onEvent: Is called on the writer's thread, in order; it may append, and must not close
    ///     or reopen.
    /// - Throws: ``LogError`` when the log is in use, damaged, of a newer version, or the files
    ///   cannot be used.
    /// - Complexity: O(bytes in the segments that have records after `after`).
    package init(
        settings: LogSettings,
        files: any LogFileSystem,
        lock: (any AnyObject & Sendable)? = nil,
        after: UInt64? = nil,
        replay: (_ sequence: UInt64, _ record: Span<UInt8>) -> Bool,
        onEvent: @escaping @Sendable (LogEvent) -> Void
    ) throws(LogError) {
        let settings = settings.checked
        self.settings = settings
        self.files = files
        self.onEvent = onEvent
        if let lock {
            self.lock = Monitor(lock)
        } else {
            self.lock = Monitor(try Self.takeLock(files))
        }
        let opening = try LogOpening(
            settings: settings,
            files: files,
            after: after,
            visit: replay
        )
        report = opening.scan.report
        stock = SegmentStock(settings: settings, files: files, state: try opening.stock())
        stock.release(through: after ?? 0)
        let writer = try opening.writer(stock: stock, sequenceMin: settings.sequenceMin)
        monitor = Monitor(State(next: writer.next, remaining: writer.remaining))
        start(WriterLoop(log: self, writer: writer))
    }

    /// The sequence that the next record gets, or under caller numbering the next that will be
    /// written.
    package var nextSequence: UInt64 {
        monitor.withLock { settings.numbering == .log ? $0.line.end : $0.line.next }
    }

    /// Why the log takes no records at present; nil when it does.
    package var failure: LogError? {
        monitor.withLock { $0.isClosing ? .closed : $0.failure }
    }

    /// The bytes of records that wait, frames included.
    package var pendingBytes: Int { monitor.withLock { $0.pendingBytes } }

    /// How many bytes all its segment files take, those that are kept for reuse too.
    package var sizeBytes: UInt64 { stock.sizeBytes }

    /// Why released segments cannot be taken back at present; nil when they can.
    package var recycleFailure: LogError? { stock.recycleFailure }

    /// Hands records over to be written; ``LogEvent/committed(through:)`` tells when they may be
    /// acknowledged.
    ///
    /// May be called on any thread; never blocks on a disk. Either all records of the batch are
    /// taken or none. A batch that only skips sequences is never refused for its size.
    ///
    /// - Parameters:
    ///   - batch: The records.
    ///   - isLazy: Whether nobody waits for them: they are written with what comes next, and after
    ///     ``LogSettings/lazyDelay`` at the latest.
    /// - Returns: The highest sequence that was handed over so far, this batch's included.
    /// - Throws: `pendingFull`, `full`, `recordTooLarge`, `sequenceRefused`, `failed`, `closed`.
    /// - Complexity: O(records).
    @discardableResult
    package func append(
        _ batch: consuming LogBatch,
        isLazy: Bool = false
    ) throws(LogError) -> UInt64 {
        var batch = batch
        guard batch.recordBytesMax <= settings.recordBytesMax else {
            throw .recordTooLarge(
                bytes: batch.recordBytesMax,
                limitBytes: settings.recordBytesMax
            )
        }
        let isExhausted = stock.isExhausted
        var mustWake = false
        let last = try monitor.withLock { (state: inout State) throws(LogError) -> UInt64 in
            try checkRoom(state, for: batch, isExhausted: isExhausted)
            let before = state.schedule
            if settings.numbering == .log { batch.number(from: state.line.end) }
            let highest = max(batch.sequenceMax, state.line.end - 1)
            let bytes = batch.framedBytes
            try state.insert(.init(batch), aheadMax: settings.sequencesAheadMax)
            state.pendingBytes += bytes
            state.hasTaken(isLazy ? .lazily(within: settings.lazyDelay) : .urgently)
            mustWake = state.mustWake(since: before)
            return highest
        }
        if mustWake { monitor.wakeAll() }
        return last
    }

    /// Has a record that was handed over written now: somebody waits for it.
    package func hurry(_ sequence: UInt64) {
        let mustWake = monitor.withLock { state in
            guard sequence >= state.line.next else { return false }
            let before = state.schedule
            state.hasTaken(.urgently)
            return state.mustWake(since: before)
        }
        if mustWake { monitor.wakeAll() }
    }

    /// Allows the log to forget all records up to `sequence`, which its owner has elsewhere for
    /// good.
    ///
    /// May be called on any thread. Files are reused a segment at a time, by a thread of the log's
    /// own.
    package func release(through sequence: UInt64) {
        stock.release(through: sequence)
    }

    /// Recovers after a failure: reads the end of the log again, cuts what was not acknowledged,
    /// and goes on.
    ///
    /// Blocks. Not on the writer's thread. On a log that has not failed it does nothing.
    ///
    /// - Parameter sequence: The least sequence of the next record: under caller numbering one more
    ///   than the highest that was ever drawn.
    /// - Returns: What was found at the end of the log.
    /// - Throws: ``LogError`` when the files still cannot be used; it may be tried again.
    @discardableResult
    package func reopen(continuingAt sequence: UInt64 = 1) throws(LogError) -> LogReport {
        let isNeeded = monitor.withLock { state in
            guard state.failure != nil, !state.isClosing else { return false }
            state.reopening = sequence
            state.reopened = nil
            return true
        }
        guard isNeeded else { return report }
        monitor.wakeAll()
        let result = monitor.wait { state -> Result<LogReport, LogError>? in
            state.isClosed ? .failure(.closed) : state.reopened
        }
        return try result.get()
    }

    /// Writes what waits, marks the log as closed in order, ends its threads and gives the lock
    /// back.
    ///
    /// Blocks. Not on the writer's thread. A second call waits for nothing.
    package func close() {
        monitor.withLock { $0.isClosing = true }
        monitor.wakeAll()
        let running = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        for thread in running { thread.join() }
        lock.withLock { $0 = nil }
    }

    /// Whether there is a segment in a directory, and so something that was written or was to be.
    ///
    /// - Throws: `file` where it cannot be listed.
    package static func exists(in files: any LogFileSystem) throws(LogError) -> Bool {
        try names(files).contains { SegmentName.segmentNumber($0) != nil }
    }

    /// Reads a log without opening it for writing, and without its lock.
    ///
    /// - Parameters:
    ///   - files: The directory.
    ///   - after: The last sequence that is had elsewhere: what is damaged up to it is passed over, and reported.
    ///   - replay: Is given every record after that; false refuses it.
    /// - Returns: What was found.
    /// - Throws: What opening it would throw, but `locked`.
    package static func check(
        files: any LogFileSystem,
        after: UInt64? = nil,
        replay: (UInt64, Span<UInt8>) -> Bool = { _, _ in true }
    ) throws(LogError) -> LogReport {
        let scan = LogScan(files: files, isWriting: false)
        try scan.run(names: try names(files), after: after, visit: replay)
        return scan.report
    }

    static func names(_ files: any LogFileSystem) throws(LogError) -> [String] {
        do throws(FileFailure) { return try files.list() } catch { throw .file(error) }
    }

    /// Takes the lock of a directory, for what must come before the log is opened.
    ///
    /// - Returns: The lock; it is given back with its last reference.
    /// - Throws: `locked` where another open log has it, also one of another process; `file`.
    package static func takeLock(
        _ files: any LogFileSystem
    ) throws(LogError) -> any AnyObject & Sendable {
        let lock: LogLock
        do throws(FileFailure) { lock = try files.lock(SegmentName.lock) } catch {
            throw .file(error)
        }
        switch lock {
        case .held(let token): return token
        case .taken(let pid): throw .locked(by: pid)
        }
    }

    private func start(_ loop: WriterLoop) {
        let stock = stock
        let started = [
            WorkerThread(name: "log-segments") { stock.serve() },
            WorkerThread(name: "log-writer") { loop.run() },
        ]
        threads.withLock { $0 = started }
    }

    private func checkRoom(
        _ state: State,
        for batch: borrowing LogBatch,
        isExhausted: Bool
    ) throws(LogError) {
        if state.isClosing { throw .closed }
        if let failure = state.failure { throw .failed(failure) }
        guard batch.hasRecords else { return }
        let waiting = state.pendingBytes + batch.framedBytes
        if waiting > settings.pendingBytesMax {
            throw .pendingFull(limitBytes: settings.pendingBytesMax)
        }
        if isExhausted, waiting + 2 * Frame.blockBytes > state.remaining {
            throw .full(limitBytes: settings.sizeBytesMax)
        }
    }
}
