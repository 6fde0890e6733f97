internal import Platform
package import Primitives
internal import Rendezvous
internal import SegmentLog
internal import Storage
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
            let store = try Store(
                directory: settings.path,
                settings: settings,
                log: log,
                fileLayer: fileLayer
            )
            secrets = store.secrets
            let journal = try Self.journal(settings, before: store, log)
            try store.finishReplay(through: journal.lastNumber)
            store.start { [weak journal] number in journal?.release(through: number) }
            (self.store, durable, self.journal) = (store, journal, journal)
            source = configuration.source
        } catch {
            throw StartFailure(message: "the store in \(settings.path): \(Self.reason(error))")
        }
    }

    private static func journal(
        _ settings: StoreSettings,
        before store: Store,
        _ log: Log
    ) throws -> DurableJournal {
        var logSettings = LogSettings()
        logSettings.durability = settings.durability == .commit ? .commit : .relaxed
        var bounds = DurableJournal.Bounds()
        bounds.pendingBytesMax = settings.pendingBytesMax
        bounds.sizeBytesMax = UInt64(clamping: settings.sizeMax)
        var failure: StoreError?
        do {
            return try DurableJournal(
                files: POSIXFileSystem(directory: settings.path + "/log"),
                settings: logSettings,
                bounds: bounds,
                storedThrough: store.completeThrough,
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
        } catch {
            throw failure ?? error
        }
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case let error as LogError: error.description
        case let error as FileFailure: error.description
        case let error as StoreError: error.description
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
