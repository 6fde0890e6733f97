internal import Storage

/// The statements that write batches, compiled once for a connection.
///
/// Rows replace others with their key, which there never should be: a store that refused them would never go on again.
final class StoreStatements {
    let findChunk: Statement
    let putContent: Statement
    let putChunk: Statement
    let insertRuns: Statement
    let insertEvents: Statement
    let findHeld: Statement
    let findHeldEntry: Statement
    let insertHeld: Statement
    let deleteHeld: Statement
    let insertMarks: Statement
    let insertReusable: Statement
    let retireMarks: Statement
    let insertChunk: Statement
    let insertContent: Statement
    let putFate: Statement
    let insertClaim: Statement
    let putText: Statement
    let findKind: Statement
    let insertKind: Statement
    let countKind: Statement
    let complete: Statement

    /// Compiles them all.
    init(_ database: Database) throws(StorageError) {
        findChunk = try database.prepare(
            """
            SELECT first, (SELECT min(first) FROM run_chunks WHERE first > ?1), open, active, content,
            \(StoreTable.runChunks.isSound) FROM run_chunks WHERE first <= ?1 ORDER BY first DESC LIMIT 1
            """
        )
        // Apart, because SQLite writes the indexes over the columns that a statement names.
        let content = StoreTable.runChunks.sum(["content": "?1"])
        putContent = try database.prepare(
            "UPDATE run_chunks SET content = ?1, sum = \(content) WHERE first = ?2"
        )
        let chunk = StoreTable.runChunks.sum(["content": "?1", "open": "?2", "active": "?3"])
        putChunk = try database.prepare(
            "UPDATE run_chunks SET content = ?1, open = ?2, active = ?3, sum = \(chunk) WHERE first = ?4"
        )
        insertRuns = try database.prepare(StoreTable.runChunks.insert)
        insertEvents = try database.prepare(StoreTable.runEvents.insert)
        findHeld = try database.prepare(
            """
            SELECT number, has_entry, until, listener, content, \(StoreTable.held.isSound) FROM held
            WHERE request = ? ORDER BY number
            """
        )
        findHeldEntry = try database.prepare(
            "SELECT has_entry, \(StoreTable.held.isSound) FROM held WHERE number = ?"
        )
        insertHeld = try database.prepare(StoreTable.held.insert)
        deleteHeld = try database.prepare("DELETE FROM held WHERE number = ?")
        insertMarks = try database.prepare(StoreTable.markChunks.insert)
        insertReusable = try database.prepare(StoreTable.reusableMarks.insert)
        retireMarks = try database.prepare("DELETE FROM reusable_marks WHERE key = ?")
        insertChunk = try database.prepare(StoreTable.requestChunks.insert)
        insertContent = try database.prepare(StoreTable.requestContents.insert)
        putFate = try database.prepare(StoreTable.requestFates.insert)
        insertClaim = try database.prepare(StoreTable.claims.insert)
        putText = try database.prepare(StoreTable.texts.insert)
        findKind = try database.prepare(
            "SELECT id, \(StoreTable.kinds.isSound) FROM kinds WHERE workflow = ? AND plan = ?"
        )
        insertKind = try database.prepare(StoreTable.kinds.insert)
        let counted = StoreTable.kinds.sum(["runs": "runs + ?1"])
        countKind = try database.prepare(
            """
            UPDATE kinds SET runs = runs + ?1, sum = \(counted)
            WHERE id = ?2 AND \(StoreTable.kinds.isSound)
            """
        )
        let moved = ["complete_through": "?1", "open_runs": "open_runs + ?2"]
        complete = try database.prepare(
            """
            UPDATE store SET complete_through = ?1, open_runs = open_runs + ?2,
            sum = \(StoreTable.store.sum(moved)) WHERE \(StoreTable.store.isSound)
            """
        )
    }
}
