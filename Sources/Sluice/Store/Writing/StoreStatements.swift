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
            SELECT first, (SELECT min(first) FROM run_chunks WHERE first > ?1), open, active, content
            FROM run_chunks WHERE first <= ?1 ORDER BY first DESC LIMIT 1
            """
        )
        // Apart, because SQLite writes the indexes over the columns that a statement names.
        putContent = try database.prepare("UPDATE run_chunks SET content = ? WHERE first = ?")
        putChunk = try database.prepare(
            "UPDATE run_chunks SET content = ?, open = ?, active = ? WHERE first = ?"
        )
        insertRuns = try database.prepare("INSERT OR REPLACE INTO run_chunks VALUES (?, ?, ?, ?)")
        insertEvents = try database.prepare("INSERT OR REPLACE INTO run_events VALUES (?, ?)")
        findHeld = try database.prepare(
            """
            SELECT number, has_entry, until, listener, content FROM held
            WHERE request = ? ORDER BY number
            """
        )
        findHeldEntry = try database.prepare("SELECT has_entry FROM held WHERE number = ?")
        insertHeld = try database.prepare("INSERT OR REPLACE INTO held VALUES (?, ?, ?, ?, ?, ?)")
        deleteHeld = try database.prepare("DELETE FROM held WHERE number = ?")
        insertMarks = try database.prepare("INSERT OR REPLACE INTO mark_chunks VALUES (?, ?, ?, ?)")
        insertReusable = try database.prepare(
            "INSERT OR REPLACE INTO reusable_marks VALUES (?, ?, ?, ?)"
        )
        retireMarks = try database.prepare("DELETE FROM reusable_marks WHERE key = ?")
        insertChunk = try database.prepare(
            "INSERT OR REPLACE INTO request_chunks VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        insertContent = try database.prepare(
            "INSERT OR REPLACE INTO request_contents VALUES (?, ?)"
        )
        putFate = try database.prepare("INSERT OR REPLACE INTO request_fates VALUES (?, ?, ?)")
        insertClaim = try database.prepare("INSERT OR REPLACE INTO claims VALUES (?, ?, ?)")
        putText = try database.prepare("INSERT OR REPLACE INTO texts VALUES (?, ?, ?, ?)")
        findKind = try database.prepare("SELECT id FROM kinds WHERE workflow = ? AND plan = ?")
        insertKind = try database.prepare(
            "INSERT INTO kinds (workflow, plan, runs) VALUES (?, ?, 0)"
        )
        countKind = try database.prepare("UPDATE kinds SET runs = runs + ? WHERE id = ?")
        complete = try database.prepare(
            "UPDATE store SET complete_through = ?, open_runs = open_runs + ?"
        )
    }
}
