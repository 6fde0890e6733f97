internal import Storage

/// The statements that write batches, compiled once for a connection.
///
/// Rows replace others with their key, which there never should be: a store that refused them would never go on again.
final class StoreStatements {
    let insertRun: Statement
    let endRun: Statement
    let reopenRun: Statement
    let insertEvent: Statement
    let hasLaterEvent: Statement
    let activate: Statement
    let reactivate: Statement
    let deactivate: Statement
    let findWait: Statement
    let putWait: Statement
    let deleteWait: Statement
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
        insertRun = try database.prepare(
            """
            INSERT OR REPLACE INTO runs (id, kind, status, ended, parent, session, labels)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        )
        endRun = try database.prepare(
            "UPDATE runs SET status = ?, ended = ? WHERE id = ? AND status IS NULL"
        )
        reopenRun = try database.prepare(
            "UPDATE runs SET status = NULL, ended = NULL WHERE id = ? AND status IS NOT NULL"
        )
        insertEvent = try database.prepare("INSERT OR REPLACE INTO run_events VALUES (?, ?)")
        hasLaterEvent = try database.prepare(
            "SELECT 1 FROM run_events WHERE id > ? AND id <= ? LIMIT 1"
        )
        activate = try database.prepare("INSERT OR IGNORE INTO active_runs VALUES (?)")
        reactivate = try database.prepare(
            """
            INSERT OR IGNORE INTO active_runs
            SELECT id FROM runs WHERE id = ? AND status IS NULL
            """
        )
        deactivate = try database.prepare("DELETE FROM active_runs WHERE id = ?")
        findWait = try database.prepare("SELECT deadline, keys FROM waits WHERE id = ?")
        putWait = try database.prepare("INSERT OR REPLACE INTO waits VALUES (?, ?, ?)")
        deleteWait = try database.prepare("DELETE FROM waits WHERE id = ?")
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
