/// Reads a log from its files: every record in order, where it ends, and whether that end is an
/// honest one.
///
/// The rule for the end: where the next record cannot be read, the log ends, unless a frame behind
/// that place says that the record was committed when it was written. Then the record is lost, and
/// the log is corrupt. So a torn batch is told from damage, also where its later blocks reached the
/// medium and its first did not.
///
/// What the caller has elsewhere is not needed: damage there is passed over, as far as the next frame that can be read, and
/// reported.
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
    /// The last sequence that the caller has elsewhere.
    private var after: UInt64 = 0
    /// The numbers of segments that are not there, though one with a lower number is.
    private var holes: [UInt64] = []
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
        self.after = after ?? 0
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
                if try skip(&cursor) { continue }
                isStopped = try !passOver(&cursor)
            }
        }
        try end(cursor)
    }

    private func find(_ names: [String]) throws(LogError) {
        let numbers = names.compactMap(SegmentName.segmentNumber).sorted()
        for (index, number) in numbers.enumerated() {
            if index > 0, numbers[index - 1] + 1 != number { holes.append(numbers[index - 1] + 1) }
            let name = SegmentName.segment(number)
            segments.append(
                try FoundSegment(name: name, number: number, files: files, isWriting: isWriting)
            )
        }
    }

    /// The first place to read; nil for a log in which nothing was ever written.
    private func start(after: UInt64?) throws(LogError) -> Cursor? {
        guard let first = segments.first else { return nil }
        // The last segment that begins with what the caller has: nothing before it is needed.
        let index =
            segments.lastIndex { segment in
                guard let beginning = segment.beginning else { return false }
                return beginning.previous <= self.after && beginning.next <= through
            } ?? 0
        try leave(before: index)
        if let damage = segments[index...].lazy.compactMap(\.damage).first { throw damage }
        if let hole = holes.first(where: { $0 > segments[index].header.number }) {
            throw .segmentMissing(file: SegmentName.segment(hole))
        }
        guard let chosen = segments[index].beginning else {
            var ahead = Cursor(
                segment: index,
                offset: Frame.blockBytes,
                next: 1,
                epoch: segments[index].header.epoch
            )
            if try passOver(&ahead) { return ahead }
            let place = Cursor(segment: 0, offset: Frame.blockBytes, next: 0, epoch: 0)
            try refuse(laterThan: place)
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
        if let after, after < chosen.previous {
            throw .recordsMissing(needed: after + 1, first: chosen.previous + 1)
        }
        return Cursor(
            segment: index,
            offset: Frame.blockBytes,
            next: chosen.next,
            epoch: chosen.epoch
        )
    }

    /// Reports what is wrong in segments that are not needed.
    private func leave(before index: Int) throws(LogError) {
        let number = segments[index].header.number
        for hole in holes where hole < number {
            note(SegmentName.segment(hole), reason: "it is not there")
        }
        for segment in segments[..<index] {
            if case .corrupt(_, _, _, let reason) = segment.damage {
                note(segment.name, reason: reason)
            }
        }
    }

    private func note(_ file: String, reason: String) {
        report.damaged.append(
            LogReport.Gap(file: file, offset: 0, sequence: 0, bytes: 0, reason: reason)
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

    /// Goes from a place that cannot be read to the next frame that can, where the caller has every record in between.
    private func passOver(_ cursor: inout Cursor) throws(LogError) -> Bool {
        guard cursor.next <= after else { return false }
        for index in cursor.segment..<segments.count {
            try load(index)
            let isHere = index == cursor.segment
            var offset = isHere ? cursor.offset + 8 : Frame.blockBytes
            while offset < bytes.count {
                if let frame = later(than: cursor, at: offset, in: index) {
                    let next = frame.previous(in: bytes, at: offset).map { $0 &+ 1 }
                    let found = next ?? frame.sequence
                    guard found >= cursor.next, found <= after + 1 else { return false }
                    report.damaged.append(
                        LogReport.Gap(
                            file: segments[cursor.segment].name,
                            offset: UInt64(cursor.offset),
                            sequence: cursor.next,
                            bytes: isHere ? UInt64(offset - cursor.offset) : 0,
                            reason: "records \(cursor.next) to \(found - 1) cannot be read"
                        )
                    )
                    let isFirst = offset == Frame.blockBytes
                    cursor = Cursor(
                        segment: index,
                        offset: offset,
                        next: isFirst ? frame.sequence : found,
                        epoch: frame.kind == .open && !isFirst ? frame.epoch - 1 : frame.epoch
                    )
                    return true
                }
                offset += 8
            }
        }
        return false
    }

    /// The sound frame at a place, where it was written after all that is before the cursor.
    ///
    /// In a file that is used again anything can stand where a frame would begin: what can be no frame of this log is left
    /// alone, because a wrong length would have megabytes summed for nothing.
    private func later(than cursor: Cursor, at offset: Int, in index: Int) -> Frame? {
        guard let frame = Frame(unchecked: bytes, at: offset, end: bytes.count),
            frame.epoch >= max(cursor.epoch, 1), frame.epoch - cursor.epoch <= Self.epochsAhead,
            frame.sequence >= cursor.next,
            frame.sequence - cursor.next <= Self.sequencesAhead,
            frame.committed <= frame.sequence,
            frame.isSound(in: bytes, at: offset, salt: segments[index].header.salt)
        else { return nil }
        return frame
    }

    /// How many openings may follow each other in one segment.
    private static let epochsAhead: UInt64 = 1 << 24
    /// How many sequences one segment may be ahead of another.
    private static let sequencesAhead: UInt64 = 1 << 48

    private func end(_ cursor: Cursor) throws(LogError) {
        let unread = try refuse(laterThan: cursor)
        try load(cursor.segment)
        let place = cursor.offset
        let last = max(unread, tornEnd(cursor))
        if last > place, through == .max {
            report.torn = LogReport.Gap(
                file: segments[cursor.segment].name,
                offset: UInt64(place),
                sequence: cursor.next,
                bytes: UInt64(min(Frame.blockAligned(last), bytes.count) - place),
                reason: "it cannot be read, and nothing comes after it"
            )
        }
        report.segments = cursor.segment + 1
        report.nextSequence = cursor.next
        report.epoch = cursor.epoch
        tail = (cursor.segment, Frame.blockAligned(place))
    }

    /// Where a record ends that was begun at the cursor and cannot be read; the cursor's own place where none was.
    ///
    /// One bit of what ties it to its place may be wrong: more cannot be told from what an earlier use left.
    private func tornEnd(_ cursor: Cursor) -> Int {
        let place = cursor.offset
        guard place <= bytes.count - Frame.headerBytes, !Frame.isPadding(bytes, at: place) else {
            return place
        }
        let word = bytes.load(UInt32.self, at: place + 4)
        let sequence = bytes.load(UInt64.self, at: place + 8)
        let epoch = bytes.load(UInt64.self, at: place + 16)
        let isOurs: Bool
        if sequence == cursor.next {
            isOurs = (epoch ^ cursor.epoch).nonzeroBitCount <= 1
        } else if epoch == cursor.epoch, (sequence ^ cursor.next).nonzeroBitCount == 1 {
            bytes.store(cursor.next, at: place + 8)
            isOurs = sound(at: place, salt: segments[cursor.segment].header.salt) != nil
            bytes.store(sequence, at: place + 8)
        } else {
            isOurs = false
        }
        let count = Int(word & UInt32(Frame.lengthMax))
        let isClosing = word >> 28 == Frame.Kind.close.rawValue && count == 0
        guard isOurs, !isClosing else { return place }
        return min(place + Frame.bytes(holding: count), bytes.count)
    }

    /// Throws where a later frame proves that the record at the cursor was committed.
    ///
    /// - Returns: Where in the cursor's segment the last block ends that holds something of a write which cannot be read from
    ///   its beginning; 0 where there is none.
    @discardableResult
    private func refuse(laterThan cursor: Cursor) throws(LogError) -> Int {
        var unread = 0
        guard through == .max else { return unread }
        for index in cursor.segment..<segments.count {
            try load(index)
            var offset = Frame.blockBytes
            if index == cursor.segment { offset = max(offset, Frame.blockAligned(cursor.offset)) }
            while offset < bytes.count {
                if let frame = later(than: cursor, at: offset, in: index) {
                    guard frame.committed < cursor.next else {
                        throw .corrupt(
                            file: segments[cursor.segment].name,
                            offset: UInt64(cursor.offset),
                            sequence: cursor.next,
                            reason: "the record cannot be read, but \(segments[index].name) "
                                + "at offset \(offset) shows that it was committed"
                        )
                    }
                    if index == cursor.segment, frame.kind == .record {
                        unread = offset + Frame.bytes(holding: frame.count)
                    }
                }
                offset += Frame.blockBytes
            }
        }
        return unread
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
