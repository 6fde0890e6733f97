internal import CSQLite
package import Primitives

/// A connection to one SQLite database, in WAL mode.
///
/// What a thread writes that breathes (``BackgroundYield``) is written in breaths.
/// Not Sendable: used by the thread that opened it. Several connections, also of one process, may
/// have the same file; one writes at a time. Never checkpoints by itself: ``checkpoint(_:)`` does,
/// when its owner sees fit.
@safe package final class Database {
    /// The connection; closed in `deinit`, when no statement has this object any more.
    let handle: OpaquePointer
    /// What it was opened with.
    package let settings: DatabaseSettings
    /// Done once: a thread that does not breathe writes as ever.
    private static let writesInBreaths: Int32 = unsafe sluice_write_with(BackgroundYield.write)
    private let walFrames = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
    /// When what is under way is broken off, on the monotonic clock; 0 for never.
    private let deadline = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)

    /// Opens a database, and makes it where it does not exist.
    ///
    /// - Throws: `cannotOpen`, `notADatabase` (also for another program's), `corrupt`, `readOnly`,
    ///   `busy`, `io`.
    package convenience init(_ settings: DatabaseSettings) throws(StorageError) {
        try self.init(bare: settings)
        try configure()
    }

    /// Opens a connection with nothing set on it: what the target of a backup is.
    init(bare settings: DatabaseSettings) throws(StorageError) {
        self.settings = settings
        guard Self.writesInBreaths == SQLITE_OK else {
            throw StorageError(.cannotOpen, "SQLite has no file layer for this system")
        }
        var opened: OpaquePointer?
        let access =
            settings.isReadOnly
            ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let flags = access | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = unsafe sqlite3_open_v2(settings.path, &opened, flags, settings.fileLayer)
        guard let connection = unsafe opened, code == SQLITE_OK else {
            let error = unsafe StorageError(code: code, database: opened)
            unsafe sqlite3_close_v2(opened)
            unsafe walFrames.deallocate()
            unsafe deadline.deallocate()
            throw error
        }
        unsafe handle = connection
        unsafe walFrames.initialize(to: 0)
        unsafe deadline.initialize(to: 0)
    }

    deinit {
        unsafe sqlite3_close_v2(handle)
        unsafe walFrames.deallocate()
        unsafe deadline.deallocate()
    }

    /// How many pages the write-ahead log had after this connection's last commit.
    package var walPages: Int { Int(unsafe walFrames.pointee) }

    /// Notes that the write-ahead log is empty.
    func forgetWALPages() { unsafe walFrames.pointee = 0 }

    /// How many rows the last INSERT, UPDATE or DELETE changed.
    package var changes: Int64 { unsafe sqlite3_changes64(handle) }

    /// The rowid of the last row that was inserted.
    package var lastRowID: Int64 { unsafe sqlite3_last_insert_rowid(handle) }

    /// Whether a transaction is open.
    package var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    /// Breaks off with `tooSlow` whatever is still under way at a moment; nil for nothing.
    package func bound(until moment: Instant?) {
        unsafe deadline.pointee = moment?.nanoseconds ?? 0
        unsafe sluice_bound_time(handle, deadline)
    }

    /// Runs SQL of one or more statements without parameters and without rows.
    package func execute(_ sql: String) throws(StorageError) {
        try check(unsafe sqlite3_exec(handle, sql, nil, nil, nil), sql: sql)
    }

    /// Runs one statement with values for its parameters, to its end.
    package func run(_ sql: String, _ values: StorageValue...) throws(StorageError) {
        let statement = try prepare(sql)
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
        try statement.run()
    }

    /// Compiles one statement.
    ///
    /// - Throws: `other` for SQL that cannot be compiled, is empty, or has more than one statement.
    package func prepare(_ sql: String) throws(StorageError) -> Statement {
        try Statement(sql, database: self)
    }

    /// The first column of the first row as an integer; nil where there is no row or it is NULL.
    package func integer(_ sql: String, _ values: StorageValue...) throws(StorageError) -> Int64? {
        let statement = try prepare(sql)
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
        guard try statement.step(), !statement.isNull(at: 0) else { return nil }
        return statement.integer(at: 0)
    }

    /// The first column of the first row as text; nil where there is no row or it is NULL.
    package func text(_ sql: String, _ values: StorageValue...) throws(StorageError) -> String? {
        let statement = try prepare(sql)
        for (index, value) in values.enumerated() { try statement.bind(value, at: index + 1) }
        guard try statement.step(), !statement.isNull(at: 0) else { return nil }
        return statement.text(at: 0)
    }

    /// Throws for any result code but `SQLITE_OK`.
    func check(_ code: Int32, sql: String? = nil) throws(StorageError) {
        guard code == SQLITE_OK else {
            throw unsafe StorageError(code: code, database: handle, sql: sql)
        }
    }

    private func configure() throws(StorageError) {
        try check(unsafe sqlite3_busy_timeout(handle, settings.busyTimeoutMilliseconds))
        try check(unsafe sluice_set_defensive(handle))
        try addRowSums()
        try execute(
            """
            PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
            PRAGMA cache_size = -\(max(settings.cacheKiB, 64));
            PRAGMA page_size = \(settings.pageBytes);
            PRAGMA synchronous = \(settings.synchronous.rawValue);
            """
        )
        try checkOwner()
        if !settings.isReadOnly {
            let mode = try text("PRAGMA journal_mode = WAL")
            guard mode == "wal" || mode == "memory" else {
                throw StorageError(.cannotOpen, "\(settings.path) cannot be used in WAL mode")
            }
        }
        // The page counter lives as long as the connection; the hook only stores, and replaces
        // checkpoints at commits.
        unsafe sqlite3_wal_hook(
            handle,
            { counter, _, _, pages in
                unsafe counter?.storeBytes(of: pages, as: Int32.self)
                return SQLITE_OK
            },
            walFrames
        )
    }

    /// Refuses a file that belongs to another program; marks one that is new.
    private func checkOwner() throws(StorageError) {
        let found = try integer("PRAGMA application_id") ?? 0
        let wanted = Int64(settings.applicationID)
        if found == wanted { return }
        let isEmpty = try integer("SELECT count(*) FROM sqlite_master") == 0
        if isEmpty, found == 0, settings.isReadOnly {
            throw StorageError(.notADatabase, "\(settings.path) is empty")
        }
        guard found == 0, isEmpty else {
            throw StorageError(
                .notADatabase,
                "\(settings.path) is a database of another program (id \(found))"
            )
        }
        try execute("PRAGMA application_id = \(wanted)")
    }
}

@available(*, unavailable)
extension Database: Sendable {}
