internal import Primitives

/// Records that wait for the writer, in the order of their sequences.
///
/// A record stands here until all with a lower sequence have come.
struct SequenceLine {
    /// A batch that is shared by the records in it.
    final class Chunk: Sendable {
        let batch: LogBatch

        init(_ batch: consuming LogBatch) {
            self.batch = batch
        }
    }

    /// One record: its batch, and its place there.
    struct Record: Sendable {
        let chunk: Chunk
        let index: Int

        var entry: LogBatch.Entry { chunk.batch.entries[index] }
    }

    private var slots: SequencedSlots<Record>

    /// A line whose first record has the sequence `next`.
    init(next: UInt64) {
        slots = SequencedSlots(first: next)
    }

    /// The sequence that is written next.
    var next: UInt64 { slots.first }

    /// Whether the record that is written next is there.
    var isReady: Bool { slots.isReady }

    /// Whether no record is there.
    var isEmpty: Bool { slots.count == 0 }

    /// Whether records wait for one with a lower sequence.
    var isWaiting: Bool { slots.count > 0 && !slots.isReady }

    /// The sequence after the highest that has come.
    var end: UInt64 { slots.end }

    /// Takes all records of a batch, or none.
    ///
    /// - Throws: `sequenceRefused` for one that was there before or is `aheadMax` or more ahead.
    mutating func insert(_ chunk: Chunk, aheadMax: Int) throws(LogError) {
        let entries = chunk.batch.entries
        for (index, entry) in entries.enumerated() {
            let sequence = entry.sequence
            guard sequence >= next, sequence - next < UInt64(clamping: aheadMax),
                slots[sequence] == nil
            else {
                for earlier in entries.prefix(index) { slots[earlier.sequence] = nil }
                slots.trimEnd()
                throw .sequenceRefused(sequence, expected: next)
            }
            slots[sequence] = Record(chunk: chunk, index: index)
        }
    }

    /// Takes out records that are next, up to `bytesMax` with their frames, at least one.
    mutating func take(bytesMax: Int) -> [Record] {
        var records: [Record] = []
        var bytes = 0
        while let count = slots.lookFirst({ $0.entry.count }) {
            bytes += Frame.bytes(holding: count)
            if bytes > bytesMax, !records.isEmpty { break }
            guard let record = slots.takeFirst() else { break }
            records.append(record)
        }
        slots.tidy()
        return records
    }
}
