internal import Primitives
internal import Storage

/// Removes runs that ended, with all that is theirs.
final class RunRemover {
    private let database: Database
    private let events: Statement
    private let waits: Statement
    private let run: Statement

    /// Compiles what it takes.
    init(_ database: Database) throws(StorageError) {
        self.database = database
        events = try database.prepare("DELETE FROM run_events WHERE id >= ? AND id <= ?")
        waits = try database.prepare("DELETE FROM waits WHERE id >= ? AND id <= ?")
        run = try database.prepare("DELETE FROM runs WHERE id = ?")
    }

    /// Removes a run.
    ///
    /// - Returns: How many rows went.
    func remove(_ id: UUIDv7) throws(StorageError) -> Int {
        var removed: Int64 = 1
        try events.bind(StoreKey.event(id, 0), at: 1)
        try events.bind(StoreKey.event(id, .max), at: 2)
        try events.run()
        removed += database.changes
        try waits.bind(StoreKey.event(id, 0), at: 1)
        try waits.bind(StoreKey.event(id, .max), at: 2)
        try waits.run()
        removed += database.changes
        try run.bind(StoreKey.id(id), at: 1)
        try run.run()
        return Int(clamping: removed)
    }
}
