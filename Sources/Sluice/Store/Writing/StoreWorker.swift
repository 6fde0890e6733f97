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

    /// Notes without records are written together after this long.
    private static let parkDelay = Nanoseconds.seconds(1)
    /// What is old is looked for this often.
    private static let retentionInterval = Nanoseconds.seconds(60)
    private static let pauseMin = Nanoseconds.milliseconds(50)
    private static let pauseMax = Nanoseconds.seconds(5)

    /// Makes the worker of a queue and a file.
    init(_ queue: StoreQueue, file: DatabaseSettings, settings: StoreSettings, log: Log) {
        self.queue = queue
        self.file = file
        self.settings = settings
        self.log = log
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
        if load == nil { load = queue.next() }
        if load == nil, let due = parksDue, due <= .now() { load = StoreLoad() }
        if let load {
            try write(load)
        } else if failureCount == 0, retentionDue > .now() {
            tellComplete()
            if !parks.isEmpty, parksDue == nil { parksDue = .now().advanced(by: Self.parkDelay) }
            return queue.sleep(until: min(retentionDue, parksDue ?? retentionDue))
        }
        try keepHouse()
        recover()
    }

    private func write(_ load: StoreLoad) throws(StorageError) {
        let writer = try openWriter()
        let through = max(load.through, writer.completeThrough)
        let ready = parks.filter { $0.number <= through }
        if load.count == 0, ready.isEmpty, load.through <= writer.completeThrough {
            return finish(load, writer)
        }
        try writer.write(load, parks: ready)
        parks.removeAll { $0.number <= through }
        finish(load, writer)
    }

    private func finish(_ load: StoreLoad, _ writer: StoreWriter) {
        self.load = nil
        parksDue = nil
        queue.finish(load, completeThrough: writer.completeThrough)
        recover()
        tellComplete()
    }

    private func recover() {
        guard failureCount > 0 else { return }
        failureCount = 0
        queue.recover()
        log(.info, "The store can be written again")
    }

    private func tellComplete() {
        let through = queue.completeThrough
        guard through > toldThrough, let onComplete = queue.onComplete else { return }
        toldThrough = through
        onComplete(through)
    }

    private func keepHouse() throws(StorageError) {
        let writer = try openWriter()
        try writer.checkpointWhereLarge()
        guard retentionDue <= .now() else { return }
        if try !writer.retain(now: .now()) {
            retentionDue = .now().advanced(by: Self.retentionInterval)
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
