package import Journal
package import Primitives
internal import SegmentLog
internal import Storage

/// What is known for good, behind the journal: runs with their events, waits, held callbacks, marks, the ledger.
///
/// Records come in after their commit, as bytes, and are written behind by a thread of the store's own, in batches of a
/// quarter of a second; what is read is as of the last batch. May be used on any thread; loading and looking up block, and are
/// not for loop threads. Nothing is lost while the log has what is not synced yet: ``start(onComplete:)`` tells.
package final class Store: RunStore {
    /// The secrets that were drawn when the store was made.
    package let secrets: StoreSecrets
    /// Connections that read what runs need.
    let readers: ReaderPool
    /// Connections that read for people: what may take long keeps no run waiting.
    let questioners: ReaderPool

    private static let readersCount = 4
    private static let questionersCount = 2
    /// How long one look of a question into the store may take.
    private static let questionTimeMax = Nanoseconds.seconds(10)

    let queue: StoreQueue
    private let thread = Lock<WorkerThread?>(nil)
    /// Whether there was a log beside the database when it was last opened: without it records are missing.
    package let hadLog: Bool
    /// Whether the database is a backup that no server has had yet.
    package let isBackup: Bool
    private let file: DatabaseSettings
    private let replayed = Lock<[NumberedRecord]>([])

    /// Opens `store.db` in a directory, and makes both where they do not exist.
    ///
    /// - Parameters:
    ///   - directory: Where the file lies; its parent must be there.
    ///   - settings: How long things are kept.
    ///   - log: Where trouble with the disk is told.
    ///   - fileLayer: SQLite's file layer to use; nil for its own.
    /// - Throws: ``StoreError``: `newerVersion`, `corrupt`, `cannotOpen`, `io`, `full`, `busy`.
    package init(
        directory: String,
        settings: StoreSettings,
        log: Log,
        fileLayer: String? = nil
    ) throws(StoreError) {
        var file = DatabaseSettings(path: directory + "/store.db")
        file.fileLayer = fileLayer
        file.applicationID = StoreSchema.applicationID
        file.pageBytes = StoreSchema.pageBytes
        // A commit is not synced by itself: the log has what is in it until it is.
        file.synchronous = .normal
        file.cacheKiB = 65_536
        do throws(FileFailure) {
            _ = try POSIXFileSystem(directory: directory)
        } catch {
            throw StoreError(.cannotOpen, error.description)
        }
        let opened: StoreWriter
        do throws(StorageError) {
            let writer = try StoreWriter(file, settings: settings)
            // From here on the log may let go of what the store has.
            try writer.sync()
            queue = StoreQueue(completeThrough: writer.completeThrough)
            queue.noteSize(try writer.sizeBytes())
            hadLog = try writer.database.property(.log) != nil
            isBackup = try writer.database.property(.backup) != nil
            opened = writer
            readers = try ReaderPool(file, count: Self.readersCount)
            questioners = try ReaderPool(
                file,
                count: Self.questionersCount,
                timeMax: Self.questionTimeMax
            )
        } catch {
            throw StoreError(error)
        }
        secrets = try Self.secrets(SecretsFile(directory: directory), opened, log)
        self.file = file
        let started = WorkerThread(name: "store") { [queue, file] in
            StoreWorker(queue, file: file, settings: settings, log: log).run()
        }
        thread.withLock { $0 = started }
    }

    deinit { queue.close() }

    /// The secrets of a store, which are in its database and beside it: each makes up for the other.
    private static func secrets(
        _ file: SecretsFile,
        _ writer: StoreWriter,
        _ log: Log
    ) throws(StoreError) -> StoreSecrets {
        let stored: StoreSecrets
        let isNew: Bool
        do throws(StorageError) {
            stored = try writer.secrets()
            isNew = try writer.isNew()
        } catch {
            throw StoreError(error)
        }
        switch file.read() {
        case .sound(let kept) where kept == stored: return stored
        case .sound(let kept):
            guard isNew else {
                throw StoreError(
                    .other,
                    "\(file.path) belongs to another store than store.db: put the files of one store into "
                        + "a directory, or remove this one where store.db is right"
                )
            }
            do throws(StorageError) { try writer.adopt(kept) } catch { throw StoreError(error) }
            return kept
        case .damaged(let reason):
            guard !isNew else {
                throw StoreError(.corrupt, "\(file.path) is damaged: \(reason)")
            }
            log(
                .warning,
                "The store's file of secrets was damaged, and is written anew from store.db",
                [.init("file", file.path), .init("reason", reason)]
            )
            try file.write(stored)
        case .missing: try file.write(stored)
        }
        return stored
    }

    /// Notes that there is a log beside the database from now on, and that it is no backup any more.
    ///
    /// - Throws: What SQLite refuses; then nothing may be accepted.
    package func noteLog() throws(StoreError) {
        guard !hadLog || isBackup else { return }
        do throws(StorageError) {
            let database = try Database(file)
            try database.transaction { () throws(StorageError) in
                try database.set(.log, "1")
                try database.set(.backup, nil)
            }
            try database.syncLog()
        } catch {
            throw StoreError(error)
        }
    }

    /// Every record up to this number is in the store; what is told by ``start(onComplete:)`` outlives a power cut too.
    package var completeThrough: UInt64 { queue.completeThrough }

    /// How much was taken and is not written yet: its owner refuses new work above a bound.
    package var backlog: (records: Int, bytes: Int) { queue.backlog }

    /// Why the store cannot be written at present, as a sentence; nil where it can.
    package var failure: String? { queue.failure?.description }

    /// Takes a record while the log is replayed at a start; by one thread.
    ///
    /// Written in batches; blocks while the batch before is not written.
    /// - Throws: Why that could not be written.
    package func replay(_ record: NumberedRecord) throws(StoreError) {
        guard record.number > completeThrough else { return }
        let full = replayed.withLock { replayed -> [NumberedRecord]? in
            replayed.append(record)
            guard replayed.count >= StoreLoad.recordsMax else { return nil }
            defer { replayed = [] }
            return replayed
        }
        guard let full else { return }
        if backlog.records > 0 { try queue.wait() }
        add(full, through: record.number)
    }

    /// Ends the replay: what was replayed is written and synced when this returns.
    package func finishReplay(through number: UInt64) throws(StoreError) {
        let rest = replayed.withLock { replayed in
            defer { replayed = [] }
            return replayed
        }
        add(rest, through: number, endsReplay: true)
        try queue.wait()
    }

    /// Tells from now on, on the store's thread, up to which number the store is complete for good.
    package func start(onComplete: @escaping @Sendable (UInt64) -> Void) {
        queue.tell(onComplete)
    }

    /// Takes committed records in ascending order, from one commit after the other; never blocks.
    ///
    /// - Parameters:
    ///   - records: The records; those that the store has already change nothing.
    ///   - through: The number up to which everything is settled, skipped numbers included.
    package func take(_ records: [NumberedRecord], through: UInt64) {
        add(records, through: through)
    }

    /// Notes that a run does nothing but wait for callbacks, once everything up to `number` is in the store.
    ///
    /// Any later event of the run takes that back. Written with what comes next, or a second later.
    package func notePark(_ run: UUIDv7, after number: UInt64) {
        queue.add(ParkNote(run: run, number: number))
    }

    /// Blocks until everything taken so far is written and synced.
    ///
    /// - Throws: Why it could not be written, after an attempt; it stays taken, and is tried again.
    package func flush() throws(StoreError) {
        try queue.wait()
    }

    /// Has what was taken written soon, without waiting for more to write with it; never blocks.
    package func hurry() { queue.hurry() }

    /// Ends the store's thread; what is not written yet stays in the log alone.
    package func close() {
        queue.close()
        let ended = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        ended?.join()
        readers.close()
        questioners.close()
    }

    private func add(_ records: [NumberedRecord], through: UInt64, endsReplay: Bool = false) {
        var load = StoreLoad(through: through, count: records.count)
        load.endsReplay = endsReplay
        for taken in records { load.bytes += taken.range.count }
        if !records.isEmpty { load.commits = [records] }
        queue.add(load)
    }
}
