/// Reads a log from its files: every record in order, where it ends, and whether that end is an
/// honest one.
///
/// The rule for the end: where the next record cannot be read, the log ends, unless a frame behind
/// that place says that the record was committed when it was written. Then the record is lost, and
/// the log is corrupt. So a torn batch is told from damage, also where its later blocks reached the
/// medium and its first did not.
final class LogScan {
    /// Is given each record in order: its sequence and its bytes; false stops the scan.
    typealias Visitor = (UInt64, Span<UInt8>) -> Bool

    /// The place that is read.
    private struct Cursor {
        var segment: Int
        var offset: Int
        var next: UInt64
        var epoch: UInt64
    }

    private let files: any LogFileSystem
    private let isWriting: Bool
    private let through: UInt64
    private var bytes = AlignedBytes(count: Frame.blockBytes)
    private var loaded: Int?
    private(set) var segments: [FoundSegment] = []
    private(set) var report = LogReport()
    /// The segment the log ends in, as an index, and the offset of its next batch; nil for an empty
    /// log.
    private(set) var tail: (segment: Int, offset: Int)?
    /// The highest epoch that any file shows.
    var epochMax: UInt64 { max(report.epoch, segments.map(\.header.epoch).max() ?? 0) }

    /// Prepares a scan.
    ///
    /// - Parameters:
    ///   - files: The directory.
    ///   - isWriting: Whether the log is ours, so that its files may be synced before they are
    ///     believed.
    ///   - through: The last sequence that counts; what was written after it was never
    ///     acknowledged.
    init(files: any LogFileSystem, isWriting: Bool, through: UInt64 = .max) {
        self.files = files
        self.isWriting = isWriting
        self.through = through
    }

    /// Reads the directory, and the records after `after`; all of them where it is nil.
    func run(names: [String], after: UInt64?, visit: Visitor) throws(LogError) {
        try find(names)
        guard var cursor = try start(after: after) else { return }
        report.firstSequence = cursor.next
        let visible = after ?? 0
        var isStopped = false
        while !isStopped {
            if let frame = try frame(at: cursor), counts(frame), follows(frame, cursor) {
                if frame.kind == .record, frame.sequence > visible {
                    try show(frame, cursor, visit)
                }
                step(&cursor, over: frame)
            } else {
                isStopped = try !skip(&cursor)
            }
        }
        try end(cursor)
    }

    private func find(_ names: [String]) throws(LogError) {
        let numbers = names.compactMap(SegmentName.segmentNumber).sorted()
        for (index, number) in numbers.enumerated() {
            if index > 0, numbers[index - 1] + 1 != number {
                throw .segmentMissing(file: SegmentName.segment(numbers[index - 1] + 1))
            }
            let name = SegmentName.segment(number)
            segments.append(
                try FoundSegment(name: name, number: number, files: files, isWriting: isWriting)
            )
        }
    }

    /// The first place to read; nil for a log in which nothing was ever written.
    private func start(after: UInt64?) throws(LogError) -> Cursor? {
        guard let first = segments.first else { return nil }
        guard let beginning = first.beginning else {
            try refuse(laterThan: Cursor(segment: 0, offset: Frame.blockBytes, next: 0, epoch: 0))
            guard first.header.number == 1 else {
                throw .corrupt(
                    file: first.name,
                    offset: UInt64(Frame.blockBytes),
                    sequence: 0,
                    reason: "the first record is missing"
                )
            }
            return nil
        }
        if let after, after < beginning.previous {
            throw .recordsMissing(needed: after + 1, first: beginning.previous + 1)
        }
        var index = 0
        while index + 1 < segments.count, let later = segments[index + 1].beginning,
            later.previous <= after ?? 0, later.next <= through
        {
            index += 1
        }
        guard let chosen = segments[index].beginning else { return nil }
        return Cursor(
            segment: index,
            offset: Frame.blockBytes,
            next: chosen.next,
            epoch: chosen.epoch
        )
    }

    /// The sound frame at the cursor.
    private func frame(at cursor: Cursor) throws(LogError) -> Frame? {
        try load(cursor.segment)
        return sound(at: cursor.offset, salt: segments[cursor.segment].header.salt)
    }

    private func sound(at offset: Int, salt: UInt32) -> Frame? {
        guard let frame = Frame(unchecked: bytes, at: offset, end: bytes.count),
            frame.isSound(in: bytes, at: offset, salt: salt)
        else { return nil }
        return frame
    }

    /// Whether the frame is the one that comes next in the log.
    private func follows(_ frame: Frame, _ cursor: Cursor) -> Bool {
        let isFirst = cursor.offset == Frame.blockBytes
        switch frame.kind {
        case .record, .skipped, .close:
            return frame.sequence == cursor.next && frame.epoch == cursor.epoch
        case .begin:
            return isFirst && frame.sequence == cursor.next && frame.epoch == cursor.epoch
        case .open:
            if isFirst { return frame.sequence == cursor.next && frame.epoch == cursor.epoch }
            return frame.epoch > cursor.epoch && frame.sequence >= cursor.next
                && frame.previous(in: bytes, at: cursor.offset) == cursor.next &- 1
        }
    }

    /// Whether the frame is no record that was written and never acknowledged.
    private func counts(_ frame: Frame) -> Bool {
        switch frame.kind {
        case .record, .skipped: frame.sequence <= through
        case .begin, .open, .close: true
        }
    }

    private func show(_ frame: Frame, _ cursor: Cursor, _ visit: Visitor) throws(LogError) {
        let start = cursor.offset + Frame.headerBytes
        report.records += 1
        guard bytes.withElements(start..<start + frame.count, { visit(frame.sequence, $0) }) else {
            throw .replayStopped(sequence: frame.sequence)
        }
    }

    private func step(_ cursor: inout Cursor, over frame: Frame) {
        cursor.offset += Frame.bytes(holding: frame.count)
        switch frame.kind {
        case .record, .skipped: cursor.next = frame.sequence + 1
        case .open: (cursor.next, cursor.epoch) = (frame.sequence, frame.epoch)
        case .begin, .close: break
        }
    }

    /// Whether the log goes on in a segment that begins so.
    ///
    /// One that holds only what was never acknowledged does not count: its first record shares a
    /// block with its beginning, and could not be overwritten alone.
    private func goesOn(_ cursor: Cursor, in later: FoundSegment.Beginning) -> Bool {
        later.previous == cursor.next &- 1 && later.next <= through
            && (later.isOpening ? later.epoch > cursor.epoch : later.epoch == cursor.epoch)
    }

    /// Goes over padding, over the torn end that an opening follows, or into the next segment.
    private func skip(_ cursor: inout Cursor) throws(LogError) -> Bool {
        let block = Frame.blockAligned(cursor.offset)
        if block != cursor.offset {
            var ahead = cursor
            ahead.offset = block
            if Frame.isPadding(bytes, at: cursor.offset) {
                cursor = ahead
                return true
            }
            if let frame = try frame(at: ahead), frame.kind == .open, follows(frame, ahead) {
                cursor = ahead
                return true
            }
        }
        guard cursor.segment + 1 < segments.count,
            let later = segments[cursor.segment + 1].beginning, goesOn(cursor, in: later)
        else { return false }
        cursor = Cursor(
            segment: cursor.segment + 1,
            offset: Frame.blockBytes,
            next: later.next,
            epoch: later.epoch
        )
        return true
    }

    private func end(_ cursor: Cursor) throws(LogError) {
        if through == .max { try refuse(laterThan: cursor) }
        try load(cursor.segment)
        let place = cursor.offset
        if let torn = Frame(unchecked: bytes, at: place, end: bytes.count),
            torn.sequence == cursor.next, torn.epoch == cursor.epoch, torn.kind == .record
        {
            report.torn = LogReport.Place(
                file: segments[cursor.segment].name,
                offset: UInt64(place),
                sequence: cursor.next
            )
        }
        report.segments = cursor.segment + 1
        report.nextSequence = cursor.next
        report.epoch = cursor.epoch
        tail = (cursor.segment, Frame.blockAligned(place))
    }

    /// Throws where a later frame proves that the record at the cursor was committed.
    ///
    /// In a file that is used again anything can stand where a frame would begin: what cannot be one of this log's epochs is
    /// left alone, because a wrong length would have megabytes summed for nothing.
    private func refuse(laterThan cursor: Cursor) throws(LogError) {
        let newest = segments.reduce(cursor.epoch) { max($0, $1.header.epoch) } &+ 1
        for index in cursor.segment..<segments.count {
            try load(index)
            let salt = segments[index].header.salt
            var offset = Frame.blockBytes
            if index == cursor.segment { offset = max(offset, Frame.blockAligned(cursor.offset)) }
            while offset < bytes.count {
                if let frame = Frame(unchecked: bytes, at: offset, end: bytes.count),
                    frame.epoch >= cursor.epoch, frame.epoch <= newest,
                    frame.committed >= cursor.next, frame.committed <= frame.sequence,
                    frame.isSound(in: bytes, at: offset, salt: salt)
                {
                    throw .corrupt(
                        file: segments[cursor.segment].name,
                        offset: UInt64(cursor.offset),
                        sequence: cursor.next,
                        reason: "the record cannot be read, but \(segments[index].name) "
                            + "at offset \(offset) shows that it was committed"
                    )
                }
                offset += Frame.blockBytes
            }
        }
    }

    /// Reads the whole of a segment.
    private func load(_ index: Int) throws(LogError) {
        guard loaded != index else { return }
        let segment = segments[index]
        if bytes.count != segment.size { bytes = AlignedBytes(count: segment.size) }
        loaded = nil
        do throws(FileFailure) {
            let file = try files.open(segment.name, creating: false, direct: true)
            let count = try bytes.withMutableBytes(0..<bytes.count) { part throws(FileFailure) in
                try file.read(into: &part, at: 0)
            }
            bytes.zero(count..<bytes.count)
        } catch {
            throw .file(error)
        }
        loaded = index
    }
}
