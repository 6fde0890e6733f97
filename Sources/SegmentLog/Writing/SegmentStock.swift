internal import Primitives

/// The segment files that are not written now: keeps the next one ready and takes back those that
/// are released.
///
/// May be used on any thread. The writer takes from it; a thread of the stock's own, or whoever
/// calls ``work()``, prepares ahead so that the writer need not wait for 64 MiB of zeros.
final class SegmentStock: Sendable {
    /// A full segment, kept for its records.
    struct Sealed: Sendable {
        let number: UInt64
        /// The sequence after its last record.
        let end: UInt64
    }

    /// What the stock knows; guarded by the monitor.
    struct State: Sendable {
        var next = Next(number: 1, epoch: 1)
        var ready: OpenSegment?
        var failure: LogError?
        var recycleFailure: LogError?
        var sealed: [Sealed] = []
        var spares: [String] = []
        /// The number in the next spare file's name; none is given twice.
        var spareNext: UInt64 = 1
        /// The file that was being made the next segment when that failed: it may have the
        /// segment's name already.
        var unfinished: String?
        var releasedThrough: UInt64 = 0
        /// How many segments are written to, or full but not sealed yet.
        var current = 0
        /// Whether the next segment may be one more than the limit: for the opening of a log that
        /// is full.
        var ignoresLimit = false
        var isWorking = false
        var isPaused = false
        var isStopping = false

        var files: Int {
            sealed.count + spares.count + current + (ready == nil ? 0 : 1)
                + (unfinished == nil ? 0 : 1)
        }
        var canRecycle: Bool { sealed.first.map { $0.end <= releasedThrough &+ 1 } ?? false }
        var hasWork: Bool {
            (canRecycle && recycleFailure == nil) || (ready == nil && failure == nil)
        }
    }

    /// Which segment is to be made ready.
    struct Next: Sendable {
        var number: UInt64
        var epoch: UInt64
    }

    let settings: LogSettings
    let files: any LogFileSystem
    private let monitor: Monitor<State>

    /// Makes a stock of what was found in the directory.
    init(settings: LogSettings, files: any LogFileSystem, state: State) {
        self.settings = settings
        self.files = files
        monitor = Monitor(state)
    }

    /// Whether there is no next segment until something is released, so that only the current one's
    /// rest is left.
    var isExhausted: Bool {
        monitor.withLock { state in
            guard state.ready == nil, case .full = state.failure else { return false }
            return true
        }
    }

    /// How many bytes all files take.
    var sizeBytes: UInt64 {
        UInt64(monitor.withLock { $0.files }) * UInt64(settings.segmentBytes)
    }

    /// The last failure to take back a released segment, until it works.
    var recycleFailure: LogError? {
        monitor.withLock { $0.recycleFailure }
    }

    /// Gives the next segment, and waits for it or makes it when it is not ready.
    ///
    /// An earlier failure to make it ready is forgotten, and tried once more.
    func take() throws(LogError) -> OpenSegment {
        var isTried = false
        while true {
            let found: Result<OpenSegment?, LogError> = monitor.wait { state in
                if let ready = state.ready {
                    state.ready = nil
                    state.current += 1
                    state.ignoresLimit = false
                    state.next.number += 1
                    state.recycleFailure = nil
                    return .success(ready)
                }
                if state.isWorking { return nil }
                if state.isStopping { return .failure(.closed) }
                if let failure = state.failure {
                    state.failure = nil
                    if isTried { return .failure(failure) }
                }
                isTried = true
                return .success(nil)
            }
            monitor.wakeAll()
            if let segment = try found.get() { return segment }
            work()
        }
    }

    /// Says that a segment is full and the one after it has a synced record, so that it may be
    /// released.
    func seal(_ segment: Sealed) {
        monitor.withLock { state in
            state.sealed.append(segment)
            state.current -= 1
        }
        monitor.wakeAll()
    }

    /// Allows every segment to be reused that has only records up to `sequence`.
    func release(through sequence: UInt64) {
        monitor.withLock { state in
            guard sequence > state.releasedThrough else { return }
            state.releasedThrough = sequence
            if state.canRecycle { (state.failure, state.recycleFailure) = (nil, nil) }
        }
        monitor.wakeAll()
    }

    /// Does what there is to do, once: takes back released segments, makes the next one ready.
    func work() {
        let isMine = monitor.withLock { state in
            guard !state.isWorking, !state.isPaused, !state.isStopping, state.hasWork else {
                return false
            }
            state.isWorking = true
            return true
        }
        guard isMine else { return }
        recycle()
        prepare()
        monitor.withLock { $0.isWorking = false }
        monitor.wakeAll()
    }

    /// Works whenever there is something to do, until ``stop()``.
    func serve() {
        while true {
            let goesOn = monitor.wait { state -> Bool? in
                if state.isStopping { return false }
                return state.hasWork && !state.isWorking && !state.isPaused ? true : nil
            }
            guard goesOn else { return }
            work()
        }
    }

    /// Ends ``serve()``, and waits until nothing is worked on.
    func stop() {
        monitor.withLock { $0.isStopping = true }
        monitor.wakeAll()
        monitor.wait { $0.isWorking ? nil : () }
    }

    /// Leaves the directory alone until ``resume(with:)``.
    func pause() {
        monitor.wait { state in
            state.isPaused = true
            return state.isWorking ? nil : ()
        }
    }

    /// Goes on with what was found in the directory.
    func resume(with found: State) {
        monitor.withLock { (state: inout State) in
            let (released, isStopping) = (state.releasedThrough, state.isStopping)
            state = found
            state.releasedThrough = released
            state.isStopping = isStopping
        }
        monitor.wakeAll()
    }

    private func recycle() {
        while true {
            let (oldest, isKept) = monitor.withLock { state -> (Sealed?, Bool) in
                guard state.canRecycle else { return (nil, false) }
                return (state.sealed.removeFirst(), state.spares.count < settings.sparesMax)
            }
            guard let oldest else { return }
            do throws(FileFailure) {
                try takeBack(oldest, isKept: isKept)
                monitor.withLock { $0.recycleFailure = nil }
            } catch {
                monitor.withLock { $0.recycleFailure = .file(error) }
                return
            }
        }
    }

    private func takeBack(_ segment: Sealed, isKept: Bool) throws(FileFailure) {
        let name = SegmentName.segment(segment.number)
        let spare = spareName()
        do throws(FileFailure) {
            let size = try files.open(name, creating: false, direct: false).size()
            if isKept, size == UInt64(clamping: settings.segmentBytes) {
                try files.rename(name, to: spare)
                monitor.withLock { $0.spares.append(spare) }
            } else {
                try files.remove(name)
            }
        } catch {
            monitor.withLock { $0.sealed.insert(segment, at: 0) }
            throw error
        }
        try files.syncDirectory()
    }

    private func prepare() {
        let (next, spare, isFull) = monitor.withLock { state -> (Next?, String?, Bool) in
            guard state.ready == nil, state.failure == nil else { return (nil, nil, false) }
            let spare = state.unfinished ?? state.spares.popLast()
            state.unfinished = nil
            let isFull = state.files >= settings.segmentsMax && !state.ignoresLimit && spare == nil
            return (
                state.next, spare, isFull
            )
        }
        guard let next else { return }
        if isFull {
            let limit = UInt64(settings.segmentsMax) * UInt64(clamping: settings.segmentBytes)
            monitor.withLock { $0.failure = $0.recycleFailure ?? .full(limitBytes: limit) }
            return
        }
        var name = spare
        do throws(FileFailure) {
            let ready = try make(next, from: &name)
            monitor.withLock { $0.ready = ready }
        } catch {
            monitor.withLock { state in
                state.failure = .file(error)
                state.unfinished = name
            }
        }
    }

    /// Makes the segment `next` of the spare file `name`, or of a new one; `name` is what it is
    /// called meanwhile.
    ///
    /// The header is synced before the file gets the segment's name, and the name of a spare before
    /// its header is overwritten: a file with a segment's name always has that segment's header.
    private func make(_ next: Next, from name: inout String?) throws(FileFailure) -> OpenSegment {
        let spare: String
        if let name { spare = name } else { spare = try makeSpare() }
        name = spare
        try files.syncDirectory()
        let file = try files.open(spare, creating: false, direct: settings.durability == .commit)
        let header = SegmentHeader(
            number: next.number,
            epoch: next.epoch,
            capacity: UInt64(clamping: settings.segmentBytes),
            salt: settings.salt()
        )
        let block = AlignedBytes(count: Frame.blockBytes)
        header.write(to: block)
        try block.withBytes(0..<block.count) { bytes throws(FileFailure) in
            try file.write(bytes, at: 0)
        }
        try file.sync()
        let segment = SegmentName.segment(next.number)
        if spare != segment {
            try files.rename(spare, to: segment)
            name = segment
        }
        try files.syncDirectory()
        // Opened again by the name that errors are to show.
        let ready = try files.open(
            segment,
            creating: false,
            direct: settings.durability == .commit
        )
        return OpenSegment(
            number: next.number,
            salt: header.salt,
            file: ready,
            capacity: settings.segmentBytes
        )
    }

    private func spareName() -> String {
        monitor.withLock { state in
            defer { state.spareNext += 1 }
            return SegmentName.spare(state.spareNext)
        }
    }

    private func makeSpare() throws(FileFailure) -> String {
        let name = spareName()
        let file = try files.open(name, creating: true, direct: settings.durability == .commit)
        do throws(FileFailure) {
            try file.preallocate(UInt64(clamping: settings.segmentBytes))
        } catch let failure {
            // Gives the space back; what cannot be removed now has the wrong size and goes at the
            // next open.
            do throws(FileFailure) { try files.remove(name) } catch { throw failure }
            throw failure
        }
        return name
    }
}
