internal import Primitives

/// What the writer's thread does: everything that waits becomes one batch and one sync, over and
/// over.
///
/// Confined to that thread. It keeps the log alive until it is closed.
final class WriterLoop: @unchecked Sendable {
    // Sendable because nobody but the writer's thread uses it once that was started.
    /// What is to be done next.
    private enum Step {
        case write([SequenceLine.Record])
        case sync
        case reopen(UInt64)
        case close
    }

    private let log: SegmentLog
    private var writer: SegmentWriter?
    /// The last sequence that was acknowledged.
    private var acknowledged: UInt64
    /// The last sequence that was on the medium.
    private var synced: UInt64

    /// Takes over a writer that is open.
    init(log: SegmentLog, writer: SegmentWriter) {
        self.log = log
        self.writer = writer
        acknowledged = writer.next - 1
        synced = acknowledged
    }

    /// Writes until the log is closed.
    func run() {
        while true {
            switch nextStep() {
            case .write(let records): write(records)
            case .sync: sync()
            case .reopen(let sequence): reopen(at: sequence)
            case .close: return close()
            }
        }
    }

    private func nextStep() -> Step {
        let syncDue = writer?.unsyncedSince?.advanced(
            by: Nanoseconds(log.settings.relaxedSyncDelay)
        )
        let bytesMax = log.settings.batchBytesMax
        return log.monitor.wait(
            until: { [$0.lazyDeadline, syncDue].compactMap { $0 }.min() },
            for: { state, isLate in
                let now = isLate ? Instant.now() : nil
                if let sequence = state.reopening { return .reopen(sequence) }
                if state.failure == nil {
                    if let syncDue, let now, syncDue <= now { return .sync }
                    if state.isDue(at: now) { return .write(state.take(bytesMax: bytesMax)) }
                }
                return state.isClosing ? .close : nil
            }
        )
    }

    private func write(_ records: [SequenceLine.Record]) {
        guard let writer else { return }
        do throws(LogError) {
            try writer.write(records)
        } catch {
            return fail(error)
        }
        acknowledged = writer.writtenThrough
        let bytes = records.reduce(0) { $0 + Frame.bytes(holding: $1.entry.count) }
        log.monitor.withLock { state in
            state.pendingBytes -= bytes
            state.remaining = writer.remaining
        }
        if log.settings.durability == .commit { synced = writer.syncedThrough }
        log.onEvent(.committed(through: acknowledged))
        if isSyncDue { sync() }
    }

    /// Whether relaxed records wait for a sync for too long already, though more records keep
    /// coming.
    private var isSyncDue: Bool {
        guard let since = writer?.unsyncedSince else { return false }
        return Instant.now().since(since).count >= log.settings.relaxedSyncDelay
    }

    private func sync() {
        guard let writer else { return }
        do throws(LogError) { try writer.sync() } catch { return fail(error) }
        synced = writer.syncedThrough
        log.onEvent(.synced(through: synced))
    }

    private func fail(_ error: LogError) {
        let unknown = takeBack()
        writer = nil
        log.monitor.withLock { state in
            state.failure = error
            state.begin(at: state.line.end)
            state.pendingBytes = 0
        }
        log.onEvent(.failed(after: acknowledged, unknownThrough: unknown, error))
    }

    /// Acknowledges what the medium has of a failed write, and takes back the rest before anybody is told of the failure.
    ///
    /// - Returns: Up to which sequence it is not known what the next opening finds.
    private func takeBack() -> UInt64 {
        guard let writer else { return acknowledged }
        if writer.syncedThrough > acknowledged {
            (acknowledged, synced) = (writer.syncedThrough, writer.syncedThrough)
            log.onEvent(.committed(through: acknowledged))
            if log.settings.durability == .relaxed { log.onEvent(.synced(through: synced)) }
        }
        do throws(FileFailure) {
            try writer.takeBack()
            return acknowledged
        } catch {
            return max(acknowledged, writer.next - 1)
        }
    }

    private func reopen(at sequence: UInt64) {
        let result: Result<LogReport, LogError>
        log.stock.pause()
        do throws(LogError) {
            let report = try recover(at: sequence)
            result = .success(report)
        } catch {
            result = .failure(error)
        }
        log.monitor.withLock { state in
            state.reopening = nil
            state.reopened = result
            if let writer {
                state.failure = nil
                state.begin(at: writer.next)
                state.remaining = writer.remaining
            }
        }
        log.monitor.wakeAll()
    }

    private func recover(at sequence: UInt64) throws(LogError) -> LogReport {
        let opening = try LogOpening(
            settings: log.settings,
            files: log.files,
            after: synced,
            through: acknowledged,
            required: synced
        ) { _, _ in true }
        log.stock.resume(with: try opening.stock())
        let writer = try opening.writer(
            stock: log.stock,
            sequenceMin: max(sequence, acknowledged + 1)
        )
        self.writer = writer
        acknowledged = writer.next - 1
        synced = acknowledged
        return opening.scan.report
    }

    private func close() {
        if let writer {
            do throws(LogError) {
                try writer.close()
                if log.settings.durability == .relaxed {
                    log.onEvent(.synced(through: writer.syncedThrough))
                }
            } catch {
                fail(error)
            }
        }
        let isShort = log.monitor.withLock { state in
            state.failure == nil && state.line.isWaiting
        }
        if isShort { fail(.closed) }
        log.stock.stop()
        log.monitor.withLock { $0.isClosed = true }
        log.monitor.wakeAll()
    }
}
