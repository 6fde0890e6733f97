internal import CSQLite

extension Database {
    /// How far a checkpoint goes (https://sqlite.org/c3ref/wal_checkpoint_v2.html).
    package enum CheckpointMode: Sendable {
        /// As far as it can without waiting for anybody.
        case passive
        /// All of it, waiting for readers to be on the newest state.
        case full
        /// As `full`, and the next writer begins the log from its start.
        case restart
        /// As `restart`, and the log's file is cut to nothing.
        case truncate
    }

    /// What a checkpoint has done.
    package struct CheckpointResult: Sendable, Hashable {
        /// The pages that the write-ahead log holds.
        package let walPages: Int
        /// Those of them that are in the database file by now.
        package let movedPages: Int
        /// Whether readers or a writer kept it from being finished.
        package let isIncomplete: Bool
    }

    /// Syncs the write-ahead log: what was committed before outlives a power cut from now on.
    ///
    /// What ``DatabaseSettings/Synchronous/normal`` leaves to checkpoints. By the thread of the connection, outside of a
    /// transaction.
    /// - Throws: `io`.
    package func syncLog() throws(StorageError) {
        try check(unsafe sluice_sync_log(handle))
    }

    /// Moves pages from the write-ahead log to the database file, and syncs it.
    ///
    /// - Throws: `io`, `full`; a lock that could not be had is no error but an incomplete
    ///   checkpoint.
    package func checkpoint(_ mode: CheckpointMode) throws(StorageError) -> CheckpointResult {
        var pages: Int32 = 0
        var moved: Int32 = 0
        let code = unsafe sqlite3_wal_checkpoint_v2(handle, nil, mode.number, &pages, &moved)
        if code & 0xFF != SQLITE_BUSY { try check(code) }
        // After the other modes the next commit begins the log anew, or does not.
        if mode == .truncate, code == SQLITE_OK { forgetWALPages() }
        return CheckpointResult(
            walPages: Int(max(pages, 0)),
            movedPages: Int(max(moved, 0)),
            isIncomplete: code != SQLITE_OK || moved < pages
        )
    }

    /// Reads the whole file and says what is wrong with it; nothing for a sound one.
    ///
    /// - Parameters:
    ///   - isQuick: Whether indexes are not compared with their tables.
    ///   - problemsMax: How many problems are told.
    /// - Returns: A sentence a problem.
    /// - Throws: What keeps the file from being read; damage is no error here.
    /// - Complexity: O(size of the file).
    package func findProblems(
        isQuick: Bool = false,
        problemsMax: Int = 100
    ) throws(StorageError) -> [String] {
        let name = isQuick ? "quick_check" : "integrity_check"
        var problems: [String] = []
        do throws(StorageError) {
            let statement = try prepare("PRAGMA \(name)(\(max(problemsMax, 1)))")
            try statement.forEachRow { (row) throws(StorageError) in
                // One row may have many lines, the first of which says which database it is.
                let lines = row.text(at: 0).split(separator: "\n").map(String.init)
                for line in lines where line != "ok" && !line.hasPrefix("***") {
                    if let failure = Self.failure(in: line) { throw failure }
                    problems.append(line)
                }
                return true
            }
        } catch {
            guard error.kind == .corrupt || error.kind == .notADatabase else { throw error }
            problems.append(error.message)
        }
        return problems
    }

    /// The trouble of the disk that a line of a check tells of: what could not be read is not known to be damaged.
    private static func failure(in line: String) -> StorageError? {
        let mark = "unable to get the page. error code="
        guard let start = line.firstRange(of: mark)?.upperBound,
            let code = Int32(line[start...].prefix { $0.isNumber }),
            code & 0xFF != SQLITE_CORRUPT, code & 0xFF != SQLITE_NOTADB
        else { return nil }
        return unsafe StorageError(code: code, database: nil)
    }
}

extension Database.CheckpointMode {
    /// SQLite's number for the mode.
    fileprivate var number: Int32 {
        switch self {
        case .passive: SQLITE_CHECKPOINT_PASSIVE
        case .full: SQLITE_CHECKPOINT_FULL
        case .restart: SQLITE_CHECKPOINT_RESTART
        case .truncate: SQLITE_CHECKPOINT_TRUNCATE
        }
    }
}
