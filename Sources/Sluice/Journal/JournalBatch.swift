package import SegmentLog

/// Records with their numbers, on their way to the journal together.
package struct JournalBatch: Sendable {
    /// What is told when a number is settled: true when its record is committed, false when it never will be.
    package typealias Done = @Sendable (Bool) -> Void

    /// One record.
    package struct Entry: Sendable {
        /// Its number, drawn for it and used once.
        package let number: UInt64
        /// The record.
        package let record: JournalRecord
        /// How many bytes it has.
        package let byteCount: Int
        /// Who is told; nil for nobody.
        package let then: Done?

        /// A batch of this record alone.
        package var alone: JournalBatch {
            var batch = JournalBatch()
            batch.add(record, number: number, then: then)
            return batch
        }
    }

    /// The records, in the order of their numbers.
    package private(set) var entries: [Entry] = []
    /// The same as bytes.
    package private(set) var bytes = LogBatch()
    /// Whether nobody waits for them: they may be written with what comes later, some milliseconds on.
    package let isLazy: Bool

    /// A batch without records.
    package init(isLazy: Bool = false) {
        self.isLazy = isLazy
    }

    /// A batch of one record.
    package init(_ record: PreparedRecord, number: UInt64, then: Done? = nil) {
        isLazy = false
        bytes.append(record.bytes.span, sequence: number)
        let count = record.bytes.count
        entries = [Entry(number: number, record: record.record, byteCount: count, then: then)]
    }

    /// Whether there is no record.
    package var isEmpty: Bool { entries.isEmpty }

    /// Adds a record; its number is higher than those before.
    package mutating func add(_ record: JournalRecord, number: UInt64, then: Done?) {
        if entries.isEmpty { entries.reserveCapacity(32) }
        let start = bytes.byteCount
        bytes.append(sequence: number) { record.write(to: &$0) }
        let count = bytes.byteCount - start
        entries.append(Entry(number: number, record: record, byteCount: count, then: then))
    }
}
