import Primitives

@testable import SegmentLog

/// Hears the events of a log, and waits for them.
final class EventTracker: Sendable {
    /// What was told so far.
    struct Told: Sendable {
        var committed: UInt64 = 0
        var synced: UInt64 = 0
        var failure: LogError?
        var failedAfter: UInt64 = 0
        var unknownThrough: UInt64 = 0
        var batches = 0
        var isOrdered = true
    }

    private let monitor = Monitor(Told())

    var told: Told { monitor.withLock { $0 } }

    func hear(_ event: LogEvent) {
        monitor.withLock { told in
            switch event {
            case .committed(let through):
                if through <= told.committed { told.isOrdered = false }
                told.committed = through
                told.batches += 1
            case .synced(let through): told.synced = through
            case .failed(let after, let unknownThrough, let error):
                (told.failedAfter, told.unknownThrough) = (after, unknownThrough)
                told.failure = error
            }
        }
        monitor.wakeAll()
    }

    /// Forgets a failure, for the time after a reopen.
    func clearFailure() {
        monitor.withLock { $0.failure = nil }
    }

    /// Waits until `sequence` is committed or the log has failed; false when neither comes in ten
    /// seconds.
    @discardableResult
    func wait(for sequence: UInt64) -> Bool {
        wait { $0.committed >= sequence || $0.failure != nil }
    }

    /// Waits until something is told; false when it does not come in ten seconds.
    func wait(until isTrue: (Told) -> Bool) -> Bool {
        let deadline = Instant.now().advanced(by: .seconds(10))
        return monitor.wait(until: { _ in deadline }) { told, isLate in
            isTrue(told) ? true : isLate ? false : nil
        }
    }
}
