internal import Journal
internal import Primitives
internal import Rendezvous
internal import Storage

/// The connection that writes: takes batches of records, each in one transaction.
///
/// Used by the thread that made it. After an error it is of no more use: a new one reads what the file really holds.
final class StoreWriter {
    let database: Database
    let statements: StoreStatements
    let settings: StoreSettings
    /// Every record up to this number is in the file.
    private(set) var completeThrough: UInt64
    /// The fingerprints of callbacks up to this number were made by the rule of version 1; nil while the records of a store
    /// of that version are replayed: then all of them.
    private(set) var olderPrintsThrough: UInt64?
    /// What the batch under way comes to.
    var draft = Draft()
    /// Where chunks of runs are put together.
    var runs = RunChunkBuilder()
    /// The run that is being changed.
    var row = RunRow()
    /// The numbers of workflows' rows.
    var kinds: [RunKind: Int64] = [:]
    /// Whether there may be marks that leave their keys open.
    var hasReusable: Bool
    /// The texts that came since the process began: new runs may name them.
    var currentTexts: Set<Fingerprint> = []
    /// Where the next step of removing what is old begins.
    var retention = RetentionState()

    /// A write-ahead log of this many bytes is moved into the file.
    private static let walBytesMax = 64 << 20

    /// Opens the file, and makes it where it does not exist.
    init(_ file: DatabaseSettings, settings: StoreSettings) throws(StorageError) {
        self.settings = settings
        database = try Database(file)
        let steps = try database.migrate(StoreSchema.migrations)
        if steps == StoreSchema.migrations.version {
            // A new file: no version before this one wrote anything.
            try Self.setOlderPrints(through: 0, database)
        }
        statements = try StoreStatements(database)
        let through = try database.integer(
            "SELECT complete_through FROM store WHERE \(StoreTable.store.isSound)"
        )
        completeThrough = UInt64(clamping: through ?? 0)
        olderPrintsThrough = try database.integer(StoreSchema.findOlderPrints)
            .map { UInt64(clamping: $0) }
        hasReusable = try database.integer("SELECT 1 FROM reusable_marks LIMIT 1") != nil
    }

    /// Writes records and notes in one transaction; it outlives a power cut only after ``sync()``.
    ///
    /// - Parameters:
    ///   - load: The records; those that are in the file already are passed over.
    ///   - parks: Runs that do nothing but wait, as of a number that is not after the load's.
    /// - Throws: What SQLite refuses; then nothing is written.
    func write(_ load: StoreLoad, parks: [ParkNote]) throws(StorageError) {
        draft = Draft()
        let end = max(load.through, completeThrough)
        let setsOlderPrints = load.endsReplay && olderPrintsThrough == nil
        try database.transaction { () throws(StorageError) in
            for commit in load.commits {
                BackgroundYield.take()
                for taken in commit where taken.number > completeThrough {
                    try note(taken)
                }
            }
            for park in parks { note(park) }
            try flush(through: end)
            if setsOlderPrints { try Self.setOlderPrints(through: end, database) }
        }
        completeThrough = end
        if setsOlderPrints { olderPrintsThrough = end }
        draft = Draft()
    }

    /// Whether the end of the log's replay is still to be noted.
    func awaitsEnd(of load: StoreLoad) -> Bool { load.endsReplay && olderPrintsThrough == nil }

    private static func setOlderPrints(
        through number: UInt64,
        _ database: Database
    ) throws(StorageError) {
        let set = try database.prepare(StoreSchema.setOlderPrints)
        try set.bind(number, at: 1)
        try set.run()
    }

    /// Whether nothing was ever written to the file.
    func isNew() throws(StorageError) -> Bool {
        guard completeThrough == 0, try database.property(.log) == nil else { return false }
        return try database.property(.backup) == nil
    }

    /// Takes secrets in the place of those that were drawn when the file was made.
    func adopt(_ secrets: StoreSecrets) throws(StorageError) {
        let keys = [secrets.fingerprintKey, secrets.maskKey].map { key in
            StorageValue.blob(StoreKey.id(UUIDv7(high: key.0, low: key.1)).span.copied)
        }
        let sum = StoreTable.store.sum(["fingerprint_key": "?1", "mask_key": "?2"])
        try database.run(
            "UPDATE store SET fingerprint_key = ?1, mask_key = ?2, sum = \(sum)",
            keys[0],
            keys[1]
        )
        try sync()
    }

    /// The secrets that were drawn when the file was made.
    func secrets() throws(StorageError) -> StoreSecrets {
        try StoreSecrets(database)
    }

    /// The bytes of the file that are in use, and those of the write-ahead log.
    ///
    /// What was removed is not counted: it is used again before the file grows.
    func sizeBytes() throws(StorageError) -> Int {
        let pages = try database.integer("PRAGMA page_count") ?? 0
        let free = try database.integer("PRAGMA freelist_count") ?? 0
        return (Int(clamping: pages - free) + database.walPages) * StoreSchema.pageBytes
    }

    /// Syncs what was written.
    func sync() throws(StorageError) { try database.syncLog() }

    /// Moves the write-ahead log into the file where it has grown large.
    func checkpointWhereLarge() throws(StorageError) {
        guard database.walPages * StoreSchema.pageBytes > Self.walBytesMax else { return }
        _ = try database.checkpoint(.restart)
    }

    /// Moves the write-ahead log into the file and gives its room back, where that is more than a mebibyte.
    func checkpointWhereUseful() throws(StorageError) {
        guard database.walPages * StoreSchema.pageBytes > 1 << 20 else { return }
        _ = try database.checkpoint(.truncate)
    }

    /// Moves all of the write-ahead log into the file and syncs it; false where a reader was in the way.
    func checkpointWhole() throws(StorageError) -> Bool {
        try !database.checkpoint(.truncate).isIncomplete
    }

    /// The row of a workflow as a configuration text has it.
    func kind(_ kind: RunKind) throws(StorageError) -> Int64 {
        if let known = kinds[kind] { return known }
        try statements.findKind.bind(kind.workflow, at: 1)
        try statements.findKind.bind(StoreKey.fingerprint(kind.plan), at: 2)
        var id: Int64?
        try statements.findKind.forEachRow { (row) throws(StorageError) in
            id = row.integer(at: 0)
            return false
        }
        if id == nil {
            let next = (try database.integer("SELECT max(id) FROM kinds") ?? 0) + 1
            try statements.insertKind.bind(next, at: 1)
            try statements.insertKind.bind(kind.workflow, at: 2)
            try statements.insertKind.bind(StoreKey.fingerprint(kind.plan), at: 3)
            try statements.insertKind.bind(0 as Int64, at: 4)
            try statements.insertKind.run()
            id = next
        }
        let found = id ?? 0
        kinds[kind] = found
        return found
    }
}

extension StoreSecrets {
    /// Reads the secrets of a store.
    init(_ database: Database) throws(StorageError) {
        var found: StoreSecrets?
        let find = try database.prepare(
            "SELECT fingerprint_key, mask_key, \(StoreTable.store.isSound) FROM store"
        )
        try find.forEachRow { (row) throws(StorageError) in
            let (fingerprint, mask) = (row.id(at: 0), row.id(at: 1))
            found = StoreSecrets(
                fingerprintKey: (fingerprint.high, fingerprint.low),
                maskKey: (mask.high, mask.low)
            )
            return false
        }
        guard let found else { throw StorageError(.corrupt, "the store has no secrets") }
        self = found
    }
}
