internal import Primitives
internal import Storage

/// Looking after the store.
extension Store {
    /// What the store holds, in numbers.
    ///
    /// - Complexity: O(rows): everything is counted.
    package func stats() throws(StoreError) -> StoreStats { try readers.stats() }

    /// The bytes of the database that are in use; what was removed is not counted, for it is used again.
    package func usedBytes() throws(StoreError) -> Int {
        try readers.read { (reader) throws(StorageError) in
            let pages = try reader.database.count("PRAGMA page_count")
            let free = try reader.database.count("PRAGMA freelist_count")
            return try (pages - free) * reader.database.count("PRAGMA page_size")
        }
    }

    /// Reads everything and says what is wrong with it; nothing for a sound store.
    ///
    /// - Complexity: O(size of the file).
    package func check() throws(StoreError) -> [String] { try readers.check() }

    /// Copies the store, as it is at one moment, to a new file, while it goes on.
    ///
    /// - Throws: `cannotOpen` where the file exists already, `full`, `io`.
    package func backUp(to path: String) throws(StoreError) {
        try readers.copy(to: path)
    }
}

/// Looking after a store's file, whoever writes it.
extension ReaderPool {
    /// What the store holds, in numbers.
    func stats() throws(StoreError) -> StoreStats {
        try read { (reader) throws(StorageError) in
            let database = reader.database
            let marks = try database.count("SELECT sum(count) FROM mark_chunks")
            let pages = try database.count("PRAGMA page_count")
            let free = try database.count("PRAGMA freelist_count")
            let size = try database.count("PRAGMA page_size")
            let oldest = try database.integer("SELECT min(oldest) FROM request_chunks")
            let newest = try database.integer("SELECT max(newest) FROM request_chunks")
            let census = try RunCounts(database)
            return StoreStats(
                runs: census.runs,
                openRuns: census.openRuns,
                runEvents: census.events,
                waits: census.waits,
                held: try database.count("SELECT count(*) FROM held"),
                marks: marks + (try database.count("SELECT count(*) FROM reusable_marks")),
                claims: try database.count("SELECT count(*) FROM claims"),
                requests: try database.count("SELECT sum(count) FROM request_chunks"),
                texts: try database.count("SELECT count(*) FROM texts"),
                oldestRequest: oldest.map { WallTime(milliseconds: $0) },
                newestRequest: newest.map { WallTime(milliseconds: $0) },
                usedBytes: (pages - free) * size,
                freeBytes: free * size,
                completeThrough: UInt64(
                    try database.count("SELECT complete_through FROM store")
                ),
                schemaVersion: try database.schemaVersion()
            )
        }
    }

    /// Reads everything and says what is wrong with it; nothing for a sound store.
    func check() throws(StoreError) -> [String] {
        var problems: [String] = []
        do throws(StoreError) {
            try read { (reader) throws(StorageError) in
                problems = try reader.database.findProblems()
            }
        } catch {
            // A connection that met damage cannot even end what it reads.
            guard error.kind == .corrupt, !problems.isEmpty else { throw error }
        }
        guard problems.isEmpty else { return problems }
        return try read { (reader) throws(StorageError) in
            try StoreCheck(reader.database).problems()
        }
    }
}

extension Database {
    /// A number that is 0 where there is none.
    fileprivate func count(_ sql: String) throws(StorageError) -> Int {
        Int(clamping: try integer(sql) ?? 0)
    }
}
