package import Configuration
package import Journal
internal import Platform
package import Primitives
internal import Rendezvous
internal import SegmentLog
internal import Storage
internal import Store
internal import Workflows

/// Where a server keeps its decisions: the journal, the store behind it, and what was in them at the start.
package final class Persistence: Sendable {
    /// Where decisions are settled.
    let journal: any Journal
    /// What fingerprints and hidden values are made with.
    let secrets: StoreSecrets
    /// The store behind the journal; nil where nothing is kept.
    let store: Store?
    /// The journal where it is on disk.
    let durable: DurableJournal?
    /// The text of the configuration that new runs follow.
    let source: ConfigurationSource?

    /// Keeps decisions in a journal and nothing behind it.
    package init(journal: any Journal = MemoryJournal()) {
        self.journal = journal
        secrets = .fresh()
        store = nil
        durable = nil
        source = nil
    }

    /// Opens what a configuration names, and reads what is in it.
    ///
    /// Blocks for as long as the log's rest is replayed into the store.
    /// - Parameters:
    ///   - configuration: A configuration without errors.
    ///   - log: Where lines go.
    ///   - fileLayer: SQLite's file layer to use; nil for its own.
    /// - Throws: ``StartFailure`` when another process has the store, it is damaged or newer, or the disk refuses.
    package convenience init(
        _ configuration: Configuration,
        log: Log,
        fileLayer: String? = nil
    ) throws(StartFailure) {
        switch configuration.store.kind {
        case .memory: self.init()
        case .sqlite: try self.init(durable: configuration, log: log, fileLayer: fileLayer)
        }
    }

    private init(
        durable configuration: Configuration,
        log: Log,
        fileLayer: String?
    ) throws(StartFailure) {
        let settings = configuration.store
        do {
            try PrivateDirectory.make(settings.path)
            let files = try POSIXFileSystem(directory: settings.path + "/log")
            // Before anything is read or changed: it may be another server's.
            let lock = try SegmentLog.takeLock(files)
            let store = try Store(
                directory: settings.path,
                settings: settings,
                log: log,
                fileLayer: fileLayer
            )
            secrets = store.secrets
            let journal = try Self.replayed(settings, into: store, files, lock, log)
            store.start { [weak journal] number in journal?.release(through: number) }
            (self.store, durable, self.journal) = (store, journal, journal)
            source = configuration.source
        } catch {
            throw StartFailure(
                message: "the store in \(settings.path): \(Self.reason(error))",
                isDiskFull: Self.isDiskFull(error, at: settings.path)
            )
        }
    }

    /// Opens the log and has its rest written to the store; where that fails, both are closed again.
    private static func replayed(
        _ settings: StoreSettings,
        into store: Store,
        _ files: POSIXFileSystem,
        _ lock: any AnyObject & Sendable,
        _ log: Log
    ) throws -> DurableJournal {
        do {
            try Self.expectLog(of: store, files)
            let journal = try Self.journal(settings, before: store, files, lock, log)
            do {
                try store.noteLog()
                try store.finishReplay(through: journal.lastNumber)
            } catch {
                journal.close()
                throw error
            }
            return journal
        } catch {
            store.close()
            throw error
        }
    }

    /// Whether there is no room for what failed.
    private static func isDiskFull(_ error: any Error, at path: String) -> Bool {
        switch error {
        case LogError.file(let failure): FreeSpace.isMissing(failure.code)
        case let failure as FileFailure: FreeSpace.isMissing(failure.code)
        case let error as StoreError:
            switch error.kind {
            case .full: true
            // SQLite has other words for it where it cannot make its files.
            case .io, .cannotOpen: (FreeSpace.bytes(at: path) ?? .max) < 1 << 20
            default: false
            }
        default: false
        }
    }

    /// Refuses a database without the log that belongs to it, and one that is a backup beside some other log.
    private static func expectLog(of store: Store, _ files: POSIXFileSystem) throws {
        let hasLog = try files.list().contains { $0.hasPrefix("segment-") }
        if store.isBackup, hasLog {
            throw StoreError(
                .other,
                "store.db is a backup, and the log beside it belongs to another store: put the backup into an "
                    + "empty directory"
            )
        }
        if store.hadLog, !hasLog {
            throw StoreError(
                .other,
                "the log, \(files.directory), is missing, and what was accepted last may have been in it alone: "
                    + "put it back, restore a backup, or have `sluice store repair` go on without it"
            )
        }
    }

    private static func journal(
        _ settings: StoreSettings,
        before store: Store,
        _ files: POSIXFileSystem,
        _ lock: any AnyObject & Sendable,
        _ log: Log
    ) throws -> DurableJournal {
        var logSettings = LogSettings()
        logSettings.durability = settings.durability == .commit ? .commit : .relaxed
        var bounds = DurableJournal.Bounds()
        bounds.pendingBytesMax = settings.pendingBytesMax
        bounds.sizeBytesMax = UInt64(clamping: settings.sizeMax)
        let storedThrough = store.completeThrough
        var failure: StoreError?
        do {
            let journal = try DurableJournal(
                files: files,
                settings: logSettings,
                bounds: bounds,
                lock: lock,
                storedThrough: storedThrough,
                follower: store,
                log: log
            ) { number, _, bytes in
                do throws(StoreError) {
                    try store.replay(NumberedRecord(number: number, bytes: bytes))
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
            LogFindings(journal.report, storedThrough: storedThrough).tell(log)
            return journal
        } catch {
            throw failure ?? error
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as LogError: error.description + LogFindings.advice(error)
        case let error as FileFailure: error.description
        case let error as StoreError: error.description + error.advice
        case let error as FileError: "\(error.path): \(error.reason)"
        default: "\(error)"
        }
    }

    /// The last number that was used before.
    var lastNumber: UInt64 { durable?.lastNumber ?? 0 }

    /// Writes what waits and closes everything; nothing is taken any more.
    func close() {
        durable?.close()
        store?.close()
    }
}
