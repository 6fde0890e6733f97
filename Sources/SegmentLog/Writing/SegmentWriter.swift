internal import Primitives

/// Puts records into segments: frames, batches, syncs, the change to the next segment.
///
/// Confined to one thread at a time. After a throw it is not used again: what the medium holds is
/// then unknown.
final class SegmentWriter {
    private let settings: LogSettings
    private let stock: SegmentStock
    private var segment: OpenSegment
    private var position: Int
    private let epoch: UInt64
    private var buffer: AlignedBytes
    private var filled = 0
    private var isFresh: Bool
    private var full: SegmentStock.Sealed?
    /// Where in the segment writes began since the last acknowledgement.
    private var begun: [Int] = []

    /// The sequence of the next record.
    private(set) var next: UInt64
    /// Every record up to this sequence was handed to the system.
    private(set) var writtenThrough: UInt64
    /// Every record up to this sequence is on the medium.
    private(set) var syncedThrough: UInt64
    /// When the oldest record that is not synced was written.
    private(set) var unsyncedSince: Instant?

    /// Opens the log for writing at its tail, in a new epoch, and syncs the mark of it.
    ///
    /// - Parameters:
    ///   - settings: Sizes and durability.
    ///   - stock: Where further segments come from.
    ///   - tail: Where the log ends; nil where it has no segment.
    ///   - previous: The last sequence in the log.
    ///   - next: The sequence of the first record; higher than `previous`.
    ///   - epoch: Higher than any epoch in the log.
    /// - Throws: `file` and `full`.
    init(
        settings: LogSettings,
        stock: SegmentStock,
        tail: LogTail?,
        previous: UInt64,
        next: UInt64,
        epoch: UInt64
    ) throws(LogError) {
        self.settings = settings
        self.stock = stock
        self.epoch = epoch
        self.next = next
        writtenThrough = next - 1
        syncedThrough = previous
        buffer = AlignedBytes(count: settings.batchBytesMax)
        if let tail, tail.offset <= tail.segment.capacity - Frame.blockBytes {
            segment = tail.segment
            position = tail.offset
            isFresh = false
        } else {
            if let tail { full = .init(number: tail.segment.number, end: next) }
            segment = try stock.take()
            position = Frame.blockBytes
            isFresh = true
        }
        try writeOpening(previous: previous)
    }

    /// How many bytes the segment has left.
    var remaining: Int { segment.capacity - position }

    /// Writes records, which have the next sequences; what the settings call a commit is done on
    /// return.
    func write(_ records: [SequenceLine.Record]) throws(LogError) {
        for record in records { try add(record) }
        try flush()
        if settings.durability == .commit { try sync() }
        begun.removeAll(keepingCapacity: true)
    }

    /// Takes back what was written since the last acknowledgement, after a throw: when this returns, no opening finds any
    /// of it, whatever ends the process, the power included.
    ///
    /// The first block of each write is overwritten with zeros and synced. A reader gets no further than the first of
    /// them, and a segment whose first block is empty was never begun. Of a sequence that no write held nothing is there
    /// to be taken back.
    ///
    /// - Throws: What the disk refuses; then it is not known which of the records up to `next - 1` will be found.
    func takeBack() throws(FileFailure) {
        guard !begun.isEmpty else { return }
        let zeros = AlignedBytes(count: Frame.blockBytes)
        for offset in begun {
            try zeros.withBytes(0..<zeros.count) { bytes throws(FileFailure) in
                try segment.file.write(bytes, at: UInt64(offset))
            }
        }
        try segment.file.sync()
        begun = []
    }

    /// Returns when everything written is on the medium.
    func sync() throws(LogError) {
        try checked { () throws(FileFailure) in try segment.file.sync() }
        syncedThrough = writtenThrough
        unsyncedSince = nil
        begun.removeAll(keepingCapacity: true)
        if let full {
            stock.seal(full)
            self.full = nil
        }
    }

    /// Writes and syncs the mark that the log was closed in order.
    func close() throws(LogError) {
        if !fits(Frame.headerBytes) { return try sync() }
        try sync()
        append(.close, sequence: next, count: 0, checksum: 0)
        try flush()
        try sync()
    }

    private func writeOpening(previous: UInt64) throws(LogError) {
        let start = filled + Frame.headerBytes
        buffer.store(previous, at: start)
        let checksum = buffer.checksum(start..<start + 8, continuing: 0)
        isFresh = false
        append(.open, sequence: next, count: 8, checksum: checksum)
        try flush()
        try sync()
    }

    private func add(_ record: SequenceLine.Record) throws(LogError) {
        let entry = record.entry
        precondition(entry.sequence == next, "records are written in the order of their sequences")
        let needed = Frame.bytes(holding: entry.count)
        if filled > 0, filled + needed > settings.batchBytesMax || !fits(filled + needed) {
            try flush()
        }
        if !fits(filled + needed) { try roll() }
        if isFresh {
            append(.begin, sequence: next, count: 0, checksum: 0)
            isFresh = false
        }
        reserve(filled + needed)
        record.chunk.batch.copy(entry, to: buffer, at: filled + Frame.headerBytes)
        append(entry.kind, sequence: next, count: entry.count, checksum: entry.checksum)
        next += 1
    }

    /// Puts the header of a frame, whose payload is there, behind what is filled.
    private func append(_ kind: Frame.Kind, sequence: UInt64, count: Int, checksum: UInt32) {
        let frame = Frame(
            kind: kind,
            count: count,
            sequence: sequence,
            epoch: epoch,
            committed: syncedThrough
        )
        frame.write(to: buffer, at: filled, checksum: checksum, salt: segment.salt)
        let end = filled + Frame.headerBytes + count
        filled += Frame.bytes(holding: count)
        buffer.zero(end..<filled)
    }

    private func flush() throws(LogError) {
        guard filled > 0 else { return }
        let end = Frame.blockAligned(filled)
        buffer.zero(filled..<end)
        let offset = UInt64(position)
        begun.append(position)
        try checked { () throws(FileFailure) in
            try buffer.withBytes(0..<end) { bytes throws(FileFailure) in
                try segment.file.write(bytes, at: offset)
            }
        }
        position += end
        filled = 0
        writtenThrough = next - 1
        if unsyncedSince == nil { unsyncedSince = .now() }
        if buffer.count > Frame.blockAligned(settings.batchBytesMax) {
            buffer = AlignedBytes(count: settings.batchBytesMax)
        }
    }

    /// Goes to the next segment.
    ///
    /// The full one is synced first: a segment that begins proves the one before.
    private func roll() throws(LogError) {
        try sync()
        let number = segment.number
        segment = try stock.take()
        full = .init(number: number, end: next)
        position = Frame.blockBytes
        isFresh = true
    }

    private func fits(_ count: Int) -> Bool {
        Frame.blockAligned(count + (isFresh ? Frame.headerBytes : 0)) <= remaining
    }

    private func reserve(_ count: Int) {
        guard count > buffer.count else { return }
        let larger = AlignedBytes(count: count)
        buffer.withBytes(0..<filled) { larger.copy($0, to: 0) }
        buffer = larger
    }

    private func checked(_ body: () throws(FileFailure) -> Void) throws(LogError) {
        do throws(FileFailure) { try body() } catch { throw .file(error) }
    }
}
