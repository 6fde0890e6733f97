internal import Primitives
internal import Storage

/// The store's thread: writes what was taken, moves the write-ahead log, removes what is old.
///
/// What could not be written it keeps, and tries again with a new connection, ever more seldom, until it succeeds.
final class StoreWorker {
    private let queue: StoreQueue
    private let file: DatabaseSettings
    private let settings: StoreSettings
    private let log: Log
    private var writer: StoreWriter?
    /// What is being written; kept until it is.
    private var load: StoreLoad?
    private var parks: [ParkNote] = []
    /// When notes that came without records are written.
    private var parksDue: Instant?
    private var retentionDue = Instant.now()
    private var texts: Set<Fingerprint> = []
    private var failureCount = 0
    private var toldThrough: UInt64 = 0
    /// The number up to which what was written is synced.
    private var syncedThrough: UInt64
    /// When what was written is synced; nil where all of it is.
    private var syncDue: Instant?

    /// Records are gathered for so long, to be written together.
    private static let loadDelay = Nanoseconds.milliseconds(250)
    /// What was written is synced together after this long, so that the log may let go of it.
    private static let syncDelay = Nanoseconds.seconds(1)
    /// Notes without records are written together after this long.
    private static let parkDelay = Nanoseconds.seconds(1)
    /// What is old is looked for this often.
    private static let retentionInterval = Nanoseconds.seconds(60)
    /// The processor is offered to others this often, unless the store is far behind.
    private static let breath = Nanoseconds(100_000)
    /// With so many records behind it takes its full share: what waits must not grow without end.
    private static let breathlessRecords = 65_536
    /// With so many bytes behind, too.
    private static let breathlessBytes = 64 << 20
    private static let pauseMin = Nanoseconds.milliseconds(50)
    private static let pauseMax = Nanoseconds.seconds(5)

    /// Makes the worker of a queue and a file.
    init(_ queue: StoreQueue, file: DatabaseSettings, settings: StoreSettings, log: Log) {
        self.queue = queue
        self.file = file
        self.settings = settings
        self.log = log
        syncedThrough = queue.completeThrough
    }

    /// Works until the queue is closed.
    func run() {
        while !queue.isClosed {
            parks += queue.takeParks()
            do throws(StorageError) {
                try turn()
            } catch {
                rest(after: error)
            }
        }
    }

    /// Does what is next; sleeps where nothing is.
    private func turn() throws(StorageError) {
        BackgroundYield.take(every: isFarBehind ? Nanoseconds(0) : Self.breath)
        let loadDue = queue.due(after: Self.loadDelay)
        if load == nil, isDue(loadDue) { load = queue.next() }
        if load == nil, isDue(parksDue) { load = StoreLoad() }
        if let load {
            try write(load)
        } else if isDue(syncDue) {
            try sync(openWriter())
        } else if failureCount == 0, retentionDue > .now() {
            tellComplete()
            if !parks.isEmpty, parksDue == nil { parksDue = .now().advanced(by: Self.parkDelay) }
            let next = [loadDue, parksDue, syncDue].compactMap(\.self).min() ?? retentionDue
            return queue.sleep(until: min(next, retentionDue))
        }
        try keepHouse()
        recover()
    }

    private var isFarBehind: Bool {
        let backlog = queue.backlog
        return backlog.records > Self.breathlessRecords || backlog.bytes > Self.breathlessBytes
    }

    private func isDue(_ moment: Instant?) -> Bool {
        moment.map { $0 <= .now() } ?? false
    }

    private func write(_ load: StoreLoad) throws(StorageError) {
        let writer = try openWriter()
        let through = max(load.through, writer.completeThrough)
        let ready = parks.filter { $0.number <= through }
        let isNothing = load.count == 0 && ready.isEmpty && !writer.awaitsEnd(of: load)
        if isNothing, load.through <= writer.completeThrough {
            return try finish(load, writer)
        }
        try writer.write(load, parks: ready)
        queue.noteSize(try writer.sizeBytes())
        if syncDue == nil { syncDue = .now().advanced(by: Self.syncDelay) }
        parks.removeAll { $0.number <= through }
        try finish(load, writer)
    }

    /// Syncs what was written, and tells how far the store is complete for good.
    private func sync(_ writer: StoreWriter) throws(StorageError) {
        try writer.sync()
        syncDue = nil
        syncedThrough = writer.completeThrough
        tellComplete()
    }

    private func finish(_ load: StoreLoad, _ writer: StoreWriter) throws(StorageError) {
        if syncDue != nil, isDue(syncDue) || queue.isAwaited(load) { try sync(writer) }
        self.load = nil
        parksDue = nil
        queue.finish(load, completeThrough: writer.completeThrough)
        recover()
    }

    private func recover() {
        guard failureCount > 0 else { return }
        failureCount = 0
        queue.recover()
        log(.info, "The store can be written again")
    }

    private func tellComplete() {
        guard syncedThrough > toldThrough, let onComplete = queue.onComplete else { return }
        toldThrough = syncedThrough
        onComplete(syncedThrough)
    }

    private func keepHouse() throws(StorageError) {
        let writer = try openWriter()
        try writer.checkpointWhereLarge()
        guard retentionDue <= .now() else { return }
        if try !writer.retain(now: .now()) {
            retentionDue = .now().advanced(by: Self.retentionInterval)
            // What was removed counts no more, and so must not the log of its removal.
            try writer.checkpointWhereUseful()
            queue.noteSize(try writer.sizeBytes())
        }
    }

    private func openWriter() throws(StorageError) -> StoreWriter {
        if let writer { return writer }
        let opened = try StoreWriter(file, settings: settings)
        // After a sync that failed nobody knows what of the write-ahead log is on the disk: all of it is moved.
        if failureCount > 0, try !opened.checkpointWhole() {
            throw StorageError(.busy, "the store is being read")
        }
        opened.currentTexts = texts
        writer = opened
        return opened
    }

    /// Gives the connection up and waits before the next attempt.
    private func rest(after error: StorageError) {
        if let writer { texts = writer.currentTexts }
        writer = nil
        let failure = StoreError(error)
        if failureCount == 0 {
            log(
                .error,
                "The store cannot be written; it is tried again until it succeeds",
                [.init("cause", failure.description)]
            )
        }
        queue.fail(failure)
        let doubled = Self.pauseMin.count << min(failureCount, 10)
        let pause = min(Nanoseconds(doubled), Self.pauseMax)
        failureCount += 1
        let end = Instant.now().advanced(by: pause)
        while !queue.isClosed, Instant.now() < end { queue.sleep(until: end) }
    }
}
