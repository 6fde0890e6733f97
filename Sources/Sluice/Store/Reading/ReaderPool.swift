internal import Primitives
internal import Storage

/// Connections that read, each lent to one thread at a time.
final class ReaderPool: Sendable {
    private let file: DatabaseSettings
    private let idle = Lock<[Reader]>([])

    /// The most connections that are kept for later.
    private static let idleMax = 4

    /// Makes a pool over a file that exists.
    init(_ file: DatabaseSettings) {
        var file = file
        file.isReadOnly = true
        file.cacheKiB = 8192
        self.file = file
    }

    /// A connection with the statements that are used often.
    final class Reader: @unchecked Sendable {
        // Sendable because the pool lends it to one thread at a time, and SQLite does not mind which.
        let database: Database
        let findChunk: Statement
        let findKind: Statement
        let findEvents: Statement

        fileprivate init(_ file: DatabaseSettings) throws(StorageError) {
            database = try Database(file)
            findChunk = try database.prepare(
                """
                SELECT content, \(StoreTable.runChunks.isSound) FROM run_chunks
                WHERE first <= ? ORDER BY first DESC LIMIT 1
                """
            )
            findKind = try database.prepare(
                "SELECT workflow, plan, \(StoreTable.kinds.isSound) FROM kinds WHERE id = ?"
            )
            findEvents = try database.prepare(
                """
                SELECT content, \(StoreTable.runEvents.isSound) FROM run_events
                WHERE id >= ? AND id <= ? ORDER BY id
                """
            )
        }
    }

    /// Reads one state of the store, whatever is written meanwhile.
    func read<Result>(
        _ body: (Reader) throws(StorageError) -> Result
    ) throws(StoreError) -> Result {
        do throws(StorageError) {
            let kept = idle.withLock { $0.popLast() }
            let reader: Reader
            if let kept { reader = kept } else { reader = try Reader(file) }
            // A connection that met an error is not used again.
            let result = try reader.database.transaction(.deferred) { () throws(StorageError) in
                try body(reader)
            }
            giveBack(reader)
            return result
        } catch {
            throw StoreError(error)
        }
    }

    /// Copies the file with a connection of its own.
    func copy(to path: String) throws(StoreError) {
        do throws(StorageError) {
            try Database(file).backUp(to: path) { _, _ in
                true
            } mark: { (copy) throws(StorageError) in
                try copy.transaction { () throws(StorageError) in
                    try copy.set(.log, nil)
                    try copy.set(.backup, String(WallTime.now().milliseconds))
                }
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Closes what is not in use.
    func close() {
        let readers = idle.withLock { idle in
            defer { idle = [] }
            return idle
        }
        _ = consume readers
    }

    private func giveBack(_ reader: Reader) {
        // What is too many closes after the lock.
        _ = idle.withLock { idle -> Reader? in
            if idle.count >= Self.idleMax { return reader }
            idle.append(reader)
            return nil
        }
    }
}
