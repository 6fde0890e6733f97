/// A segment file as it was found: its header, and how its records begin.
struct FoundSegment {
    /// How the records of a segment begin, from its first frame.
    struct Beginning: Equatable {
        /// The sequence of the first record.
        let next: UInt64
        /// The last sequence before the segment.
        let previous: UInt64
        let epoch: UInt64
        let committed: UInt64
        let isOpening: Bool
    }

    let name: String
    let header: SegmentHeader
    /// The length of the file in bytes.
    let size: Int
    /// Nil where no record was ever written after the header, or where that cannot be read.
    let beginning: Beginning?
    /// Why the segment cannot be read; its header is one that the file's name makes then.
    let damage: LogError?

    /// Reads the first blocks of the file `name`, as the medium has them where the log is ours to
    /// write.
    ///
    /// - Throws: `file` where it cannot be read, `newerVersion`.
    init(
        name: String,
        number: UInt64,
        files: any LogFileSystem,
        isWriting: Bool
    ) throws(LogError) {
        self.name = name
        let blocks = AlignedBytes(count: 2 * Frame.blockBytes)
        let length: UInt64
        do throws(FileFailure) {
            let file = try files.open(name, creating: false, direct: true)
            length = try file.size()
            if isWriting {
                try file.sync()
                try file.discardCache()
            }
            _ = try blocks.withMutableBytes(0..<blocks.count) { bytes throws(FileFailure) in
                try file.read(into: &bytes, at: 0)
            }
        } catch {
            throw .file(error)
        }
        size = Int(clamping: length) & ~(Frame.blockBytes - 1)
        let found: SegmentHeader
        do throws(LogError) {
            found = try SegmentHeader(from: blocks, file: name, number: number)
            guard length >= found.capacity, length >= UInt64(blocks.count) else {
                throw .corrupt(
                    file: name,
                    offset: length,
                    sequence: 0,
                    reason: "the file is shorter than its header says"
                )
            }
        } catch {
            if case .newerVersion = error { throw error }
            header = SegmentHeader(number: number, epoch: 0, capacity: length, salt: 0)
            (beginning, damage) = (nil, error)
            return
        }
        header = found
        damage = nil
        let first = Beginning(blocks, salt: header.salt)
        // A segment is begun in the epoch that made it ready; any other is of an earlier use of the
        // file.
        beginning = first?.epoch == header.epoch ? first : nil
    }
}

extension FoundSegment.Beginning {
    /// Reads the first frame of a segment from its first two blocks.
    fileprivate init?(_ blocks: AlignedBytes, salt: UInt32) {
        let place = Frame.blockBytes
        guard let frame = Frame(unchecked: blocks, at: place, end: blocks.count),
            frame.isSound(in: blocks, at: place, salt: salt)
        else { return nil }
        switch frame.kind {
        case .begin: previous = frame.sequence &- 1
        case .open:
            guard let last = frame.previous(in: blocks, at: place) else { return nil }
            previous = last
        case .record, .skipped, .close: return nil
        }
        next = frame.sequence
        epoch = frame.epoch
        committed = frame.committed
        isOpening = frame.kind == .open
    }
}
