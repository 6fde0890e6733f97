/// Makes a log ready for writing from what its files hold.
///
/// Used at every open and reopen, by one thread, with nobody else in the directory.
struct LogOpening {
    let settings: LogSettings
    let files: any LogFileSystem
    let scan: LogScan

    /// Reads the log; in a reopen only what was acknowledged counts, up to `through`.
    ///
    /// - Throws: What the scan throws; `corrupt` where the record `required` is not there any more.
    init(
        settings: LogSettings,
        files: any LogFileSystem,
        after: UInt64?,
        through: UInt64 = .max,
        required: UInt64 = 0,
        visit: LogScan.Visitor
    ) throws(LogError) {
        self.settings = settings
        self.files = files
        scan = LogScan(files: files, isWriting: true, through: through)
        try scan.run(names: try SegmentLog.names(files), after: after, visit: visit)
        let next = scan.report.nextSequence
        if next <= required {
            throw .corrupt(
                file: scan.segments.last?.name ?? SegmentName.segment(1),
                offset: 0,
                sequence: next,
                reason: "an acknowledged record is not there any more"
            )
        }
    }

    /// The epoch that writing begins in: higher than any that the files show.
    var epoch: UInt64 { scan.epochMax + 1 }

    /// Turns the files behind the log's end into spares, and says what the stock has.
    func stock() throws(LogError) -> SegmentStock.State {
        var state = SegmentStock.State()
        let live = scan.tail.map { $0.segment + 1 } ?? 0
        do throws(FileFailure) {
            state.spareNext = 1 + (try files.list().compactMap(SegmentName.spareNumber).max() ?? 0)
            // The last one first: a power cut in between must not leave a hole.
            for segment in scan.segments[live...].reversed() {
                try files.rename(segment.name, to: SegmentName.spare(state.spareNext))
                state.spareNext += 1
                try files.syncDirectory()
            }
            state.spares = try spares()
        } catch {
            throw .file(error)
        }
        for index in scan.segments[..<live].indices.dropLast() {
            // Of one that cannot be read the next one tells where it ends.
            let later = scan.segments[index + 1..<live].lazy.compactMap(\.beginning).first
            guard let later else { break }
            let number = scan.segments[index].header.number
            state.sealed.append(.init(number: number, end: later.previous + 1))
        }
        state.current = live > 0 ? 1 : 0
        // A log that is full can be opened nevertheless, or nothing in it could ever be released.
        let (block, segments) = (Frame.blockBytes, scan.segments)
        state.ignoresLimit =
            scan.tail.map { $0.offset > segments[$0.segment].size - block } ?? false
        let number = live > 0 ? scan.segments[live - 1].header.number + 1 : 1
        state.next = .init(number: number, epoch: epoch)
        return state
    }

    /// Opens the segment in which the log ends; nil for an empty log.
    func tail() throws(LogError) -> LogTail? {
        guard let tail = scan.tail else { return nil }
        let found = scan.segments[tail.segment]
        do throws(FileFailure) {
            let file = try files.open(
                found.name,
                creating: false,
                direct: settings.durability == .commit
            )
            let segment = OpenSegment(
                number: found.header.number,
                salt: found.header.salt,
                file: file,
                capacity: found.size
            )
            return LogTail(segment: segment, offset: tail.offset)
        } catch {
            throw .file(error)
        }
    }

    /// Starts writing behind the log's end, with `sequenceMin` or higher.
    func writer(stock: SegmentStock, sequenceMin: UInt64) throws(LogError) -> SegmentWriter {
        let isEmpty = scan.tail == nil
        let next = max(scan.report.nextSequence, sequenceMin, 1)
        return try SegmentWriter(
            settings: settings,
            stock: stock,
            tail: try tail(),
            previous: isEmpty ? next - 1 : scan.report.nextSequence - 1,
            next: next,
            epoch: epoch
        )
    }

    /// The spare files of the right size; others are removed.
    private func spares() throws(FileFailure) -> [String] {
        var kept: [String] = []
        for name in try files.list().sorted() where SegmentName.spareNumber(name) != nil {
            let size = try files.open(name, creating: false, direct: false).size()
            if size == UInt64(clamping: settings.segmentBytes), kept.count < settings.sparesMax {
                kept.append(name)
            } else {
                try files.remove(name)
            }
        }
        return kept
    }
}
