extension DurableJournal {
    /// Who waits for which number, and whether records are taken.
    struct State {
        /// What becomes of a record that is handed over.
        enum Fate {
            /// It goes to the log.
            case write
            /// It goes to the log when that is open again.
            case keep
            /// It is told at once that it never will be committed.
            case refuse
        }

        /// Whether the log can be written.
        private enum Mode {
            case open
            case failed
            /// The log is being opened again; numbers from this one on are kept for it, all where it is not known yet.
            case reopening(from: UInt64)
        }

        var slots: NumberedSlots
        /// Why records are not taken at present.
        private(set) var failure: String?
        private var mode = Mode.open
        /// Numbers that will never be committed, though later ones are.
        private var voids: [ClosedRange<UInt64>] = []

        /// Numbers that were refused, though a restart may find their records.
        private var unknowns: [ClosedRange<UInt64>] = []

        private static let voidsMax = 10_000

        /// Takes records from the number `next` on.
        init(next: UInt64) {
            slots = NumberedSlots(first: next)
        }

        /// Takes the records of a batch in where all go to the log, else none.
        mutating func takeAll(of batch: JournalBatch) -> Bool {
            guard case .open = mode, let first = batch.entries.first, first.number >= slots.first
            else { return false }
            for entry in batch.entries { slots.put(batch.record(entry), entry.then) }
            return true
        }

        /// Takes a record in.
        mutating func take(_ record: NumberedRecord, _ then: JournalBatch.Done?) -> Fate {
            guard record.number >= slots.first else { return .refuse }
            switch mode {
            case .open:
                slots.put(record, then)
                return .write
            case .failed: return .refuse
            case .reopening(let first):
                guard record.number >= first else { return .refuse }
                slots.put(record, then)
                return .keep
            }
        }

        /// Whether a number is committed, or never will be; nil while nobody knows.
        func status(of number: UInt64) -> Bool? {
            if number < slots.first { return !isVoid(number) }
            switch mode {
            case .failed: return false
            case .reopening(let first): return number < first ? false : nil
            case .open: return nil
            }
        }

        /// Has somebody told of a number; the verdict where it is known already.
        mutating func listen(_ number: UInt64, _ done: @escaping NumberedSlots.Done) -> Bool? {
            if let status = status(of: number) { return status }
            slots.listen(number, done)
            return nil
        }

        /// Whether there are numbers that are settled and will never be committed.
        var hasVoids: Bool { !voids.isEmpty }

        /// Whether a number that is settled will never be committed.
        func isVoid(_ number: UInt64) -> Bool {
            voids.contains { $0.contains(number) }
        }

        /// Whether a number that was refused may be found after a restart.
        func isOutcomeUnknown(_ number: UInt64) -> Bool {
            unknowns.contains { $0.contains(number) }
        }

        /// Notes numbers whose records were written and could not be taken back.
        mutating func noteUnknown(_ numbers: ClosedRange<UInt64>) {
            unknowns.append(numbers)
            if unknowns.count > Self.voidsMax { unknowns.removeFirst() }
        }

        /// Notes numbers that will never be committed.
        mutating func void(_ numbers: ClosedRange<UInt64>) {
            voids.append(numbers)
            if voids.count > Self.voidsMax { voids.removeFirst(voids.count - Self.voidsMax) }
        }

        /// The log has failed: gives out all who wait.
        mutating func fail(_ reason: String) -> [NumberedSlots.Settled] {
            failure = reason
            mode = .failed
            return slots.takeAll()
        }

        /// From now on records are kept; gives the last number that is settled.
        mutating func beginReopening() -> UInt64 {
            mode = .reopening(from: slots.first)
            return slots.first - 1
        }

        /// All numbers up to `last` are void: gives out who waits for them.
        mutating func void(through last: UInt64) -> [NumberedSlots.Settled] {
            guard last >= slots.first else { return [] }
            void(slots.first...last)
            mode = .reopening(from: last + 1)
            return slots.take(through: last)
        }

        /// The log is open: gives out what was kept for it, which stays in its place.
        mutating func open() -> [NumberedSlots.Settled] {
            mode = .open
            failure = nil
            return slots.all
        }
    }
}
