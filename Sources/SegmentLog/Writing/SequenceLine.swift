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

    private var slots: [Record?] = []
    private var head = 0
    /// The sequence that is written next.
    private(set) var next: UInt64

    /// A line whose first record has the sequence `next`.
    init(next: UInt64) {
        self.next = next
    }

    /// Whether the record that is written next is there.
    var isReady: Bool { head < slots.count && slots[head] != nil }

    /// Whether no record is there.
    var isEmpty: Bool { head == slots.count }

    /// Whether records wait for one with a lower sequence.
    var isWaiting: Bool { head < slots.count && slots[head] == nil }

    /// The sequence after the highest that has come.
    var end: UInt64 { next + UInt64(slots.count - head) }

    /// Takes all records of a batch, or none.
    ///
    /// - Throws: `sequenceRefused` for one that was there before or is `aheadMax` or more ahead.
    mutating func insert(_ chunk: Chunk, aheadMax: Int) throws(LogError) {
        let entries = chunk.batch.entries
        for (index, entry) in entries.enumerated() {
            do throws(LogError) {
                try place(Record(chunk: chunk, index: index), entry.sequence, aheadMax)
            } catch {
                for earlier in entries.prefix(index) {
                    slots[head + Int(earlier.sequence - next)] = nil
                }
                while slots.count > head, slots[slots.count - 1] == nil { slots.removeLast() }
                throw error
            }
        }
    }

    /// Takes out records that are next, up to `bytesMax` with their frames, at least one.
    mutating func take(bytesMax: Int) -> [Record] {
        var records: [Record] = []
        var bytes = 0
        while head < slots.count, let record = slots[head] {
            bytes += Frame.bytes(holding: record.entry.count)
            if bytes > bytesMax, !records.isEmpty { break }
            records.append(record)
            slots[head] = nil
            head += 1
            next += 1
        }
        if head == slots.count {
            slots.removeAll(keepingCapacity: slots.count <= 4096)
            head = 0
        } else if head > 4096, head > slots.count / 2 {
            slots.removeFirst(head)
            head = 0
        }
        return records
    }

    private mutating func place(
        _ record: Record,
        _ sequence: UInt64,
        _ aheadMax: Int
    ) throws(LogError) {
        guard sequence >= next, sequence - next < UInt64(clamping: aheadMax) else {
            throw .sequenceRefused(sequence, expected: next)
        }
        let place = head + Int(sequence - next)
        while slots.count <= place { slots.append(nil) }
        guard slots[place] == nil else { throw .sequenceRefused(sequence, expected: next) }
        slots[place] = record
    }
}
