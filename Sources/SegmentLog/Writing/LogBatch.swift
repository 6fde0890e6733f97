internal import Primitives

/// Records on their way to the log: their bytes one after the other, with their checksums.
///
/// A batch is filled on one thread and handed over whole. It is no unit of recovery: after a power
/// cut any number of its first records may be there. What must be whole belongs into one record.
package struct LogBatch: Sendable {
    /// One record of a batch.
    struct Entry: Sendable {
        var sequence: UInt64
        let start: Int
        let count: Int
        let checksum: UInt32
        let kind: Frame.Kind
    }

    /// The records' bytes, one after the other.
    package private(set) var bytes: [UInt8] = []
    private(set) var entries: [Entry] = []
    /// The bytes that the records take in the log with their frames.
    package private(set) var framedBytes = 0

    /// The length of the longest record.
    private(set) var recordBytesMax = 0
    /// The highest sequence.
    private(set) var sequenceMax: UInt64 = 0
    /// Whether there is a record, and not only sequences that are skipped.
    private(set) var hasRecords = false

    /// Room for a record of the usual size.
    private static let bytesAtFirst = 1024

    /// A batch without records, with room for as many as another one had.
    package init(like other: LogBatch? = nil) {
        guard let other else { return }
        bytes.reserveCapacity(min(other.bytes.count, Self.bytesAtFirstMax))
        entries.reserveCapacity(min(other.entries.count, Self.bytesAtFirstMax / 64))
    }

    private static let bytesAtFirstMax = 1 << 18

    /// How many bytes its records have, without frames.
    package var byteCount: Int { bytes.count }

    /// How many records the batch has, skipped sequences included.
    package var count: Int { entries.count }

    /// Adds a record.
    ///
    /// - Parameters:
    ///   - record: The record's bytes; may be empty.
    ///   - sequence: Its sequence under caller numbering; ignored, and given by the log, otherwise.
    package mutating func append(_ record: Span<UInt8>, sequence: UInt64 = 0) {
        // One that comes alone needs no room for more.
        if bytes.capacity == 0 { bytes.reserveCapacity(record.count) }
        append(sequence: sequence) { (bytes: inout [UInt8]) in
            bytes.append(record)
        }
    }

    /// Adds a record that `write` appends to the batch's own bytes; it must only append.
    package mutating func append(sequence: UInt64 = 0, _ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        if bytes.capacity == 0 { bytes.reserveCapacity(Self.bytesAtFirst) }
        write(&bytes)
        precondition(bytes.count >= start, "a record's writer only appends")
        let checksum = CRC32C.extend(
            0,
            unsafe bytes.span.extracting(droppingFirst: start).bytes
        )
        add(sequence, start: start, checksum: checksum, kind: .record)
    }

    /// Gives up a sequence that was drawn and will have no record, so that later ones need not wait
    /// for it.
    package mutating func skip(sequence: UInt64) {
        add(sequence, start: bytes.count, checksum: 0, kind: .skipped)
    }

    /// Gives the records sequences from `first` on.
    mutating func number(from first: UInt64) {
        for index in entries.indices { entries[index].sequence = first &+ UInt64(index) }
        sequenceMax = entries.last?.sequence ?? 0
    }

    /// Copies a record's bytes to a place.
    func copy(_ entry: Entry, to target: AlignedBytes, at offset: Int) {
        let payload = bytes.span.extracting(entry.start..<entry.start + entry.count)
        unsafe target.copy(payload.bytes, to: offset)
    }

    private mutating func add(_ sequence: UInt64, start: Int, checksum: UInt32, kind: Frame.Kind) {
        let count = bytes.count - start
        entries.append(
            Entry(sequence: sequence, start: start, count: count, checksum: checksum, kind: kind)
        )
        framedBytes += Frame.bytes(holding: count)
        recordBytesMax = max(recordBytesMax, count)
        sequenceMax = max(sequenceMax, sequence)
        if kind == .record { hasRecords = true }
    }
}

/// Where a log ends: the segment and the offset that the next batch goes to.
struct LogTail: Sendable {
    let segment: OpenSegment
    let offset: Int
}

/// A segment file that records can be written to.
struct OpenSegment: Sendable {
    let number: UInt64
    let salt: UInt32
    let file: any LogFile
    /// The length of the file in bytes.
    let capacity: Int
}
