package import SegmentLog

/// Records with their numbers, on their way to the journal together.
package struct JournalBatch: Sendable {
    /// What is told when a number is settled: true when its record is committed, false when it never will be.
    package typealias Done = @Sendable (Bool) -> Void

    /// One record.
    package struct Entry: Sendable {
        /// Its number, drawn for it and used once.
        package let number: UInt64
        /// Where it lies in the batch's bytes.
        let range: Range<Int>
        /// Who is told; nil for nobody.
        package let then: Done?
    }

    /// The records, in the order of their numbers.
    package private(set) var entries: [Entry] = []
    /// Their bytes.
    package private(set) var bytes = LogBatch()
    /// Whether nobody waits for them: they may be written with what comes later, some milliseconds on.
    package let isLazy: Bool

    /// A batch without records.
    package init() {
        isLazy = false
    }

    /// A batch without records, with room for as many as another one had.
    package init(like other: JournalBatch) {
        isLazy = other.isLazy
        bytes = LogBatch(like: other.bytes)
        entries.reserveCapacity(min(other.entries.count, 4096))
    }

    /// A batch of one record.
    package init(
        _ record: PreparedRecord,
        number: UInt64,
        isLazy: Bool = false,
        then: Done? = nil
    ) {
        self.isLazy = isLazy
        bytes.append(record.bytes.span, sequence: number)
        entries = [Entry(number: number, range: record.bytes.indices, then: then)]
    }

    /// Whether there is no record.
    package var isEmpty: Bool { entries.isEmpty }

    /// Adds a record; its number is higher than those before.
    package mutating func add(_ record: JournalRecord, number: UInt64, then: Done?) {
        add(number, { record.write(to: &$0) }, then: then)
    }

    /// Adds a record that `write` writes; its number is higher than those before.
    package mutating func add(_ number: UInt64, _ write: (inout RecordWriter) -> Void, then: Done?)
    {
        let start = bytes.byteCount
        bytes.append(sequence: number) { bytes in
            var out = RecordWriter(appendingTo: bytes)
            bytes = []
            write(&out)
            bytes = out.bytes
        }
        entries.append(Entry(number: number, range: start..<bytes.byteCount, then: then))
    }

    /// The record of an entry, once there are all.
    func record(_ entry: Entry) -> NumberedRecord {
        NumberedRecord(number: entry.number, buffer: bytes.bytes, range: entry.range)
    }
}

extension NumberedRecord {
    /// A batch of this record alone, of which nobody is told.
    var alone: JournalBatch {
        JournalBatch(PreparedRecord(self), number: number)
    }
}
