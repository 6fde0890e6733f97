internal import Primitives

extension SegmentLog {
    /// What callers and the writer's thread share; guarded by the monitor.
    struct State: Sendable {
        private(set) var line: SequenceLine
        var pendingBytes = 0
        var remaining = 0
        var failure: LogError?
        var reopening: UInt64?
        var reopened: Result<LogReport, LogError>?
        var isClosing = false
        var isClosed = false
        /// Whether somebody waits for something in the line.
        private var isUrgent = false
        /// When what nobody waits for is written at the latest.
        private var lazyUntil: Instant?

        /// An empty line whose first record has the sequence `next`, in a segment with so many bytes left.
        init(next: UInt64, remaining: Int) {
            line = SequenceLine(next: next)
            self.remaining = remaining
        }

        /// How much hurry a record has.
        enum Hurry {
            /// Somebody waits for it.
            case urgently
            /// Nobody does: it has so many nanoseconds.
            case lazily(within: Int64)
        }

        /// When the writer has to write.
        struct Schedule: Equatable {
            let isDue: Bool
            let deadline: Instant?
        }

        /// When the writer has to write, as things stand.
        var schedule: Schedule { Schedule(isDue: isDue(at: nil), deadline: lazyDeadline) }

        /// Whether the writer, which knew of an earlier schedule, must look again.
        func mustWake(since before: Schedule) -> Bool { schedule != before }

        /// When the writer has to write though nobody waits; nil where nothing can be written.
        var lazyDeadline: Instant? { line.isReady ? lazyUntil : nil }

        /// Whether the writer has to write now; `now` is nil before any deadline.
        func isDue(at now: Instant?) -> Bool {
            guard line.isReady else { return false }
            if isUrgent || isClosing { return true }
            guard let now, let lazyUntil else { return false }
            return lazyUntil <= now
        }

        /// Puts the records of a batch in their places.
        mutating func insert(_ chunk: SequenceLine.Chunk, aheadMax: Int) throws(LogError) {
            try line.insert(chunk, aheadMax: aheadMax)
        }

        /// Notes in what hurry records were taken.
        mutating func hasTaken(_ hurry: Hurry) {
            switch hurry {
            case .urgently: isUrgent = true
            case .lazily(let delay):
                guard lazyUntil == nil else { return }
                lazyUntil = Instant.now().advanced(by: Nanoseconds(delay))
            }
        }

        /// Takes out what is written next, at least one record.
        mutating func take(bytesMax: Int) -> [SequenceLine.Record] {
            let records = line.take(bytesMax: bytesMax)
            if line.isEmpty { calmDown() }
            return records
        }

        /// Begins anew with an empty line.
        mutating func begin(at next: UInt64) {
            line = SequenceLine(next: next)
            calmDown()
        }

        private mutating func calmDown() {
            isUrgent = false
            lazyUntil = nil
        }
    }
}
