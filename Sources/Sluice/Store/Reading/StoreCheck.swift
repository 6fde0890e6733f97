internal import Primitives
internal import Storage

/// Compares what the tables say about the same things.
struct StoreCheck {
    private let database: Database

    /// Checks what a connection reads.
    init(_ database: Database) {
        self.database = database
    }

    /// What must be true of every store, as a query for the number of exceptions.
    private static let rules = [
        (
            "runs are counted wrongly as open",
            "SELECT open_runs - (SELECT count(*) FROM runs WHERE status IS NULL) FROM store"
        ),
        (
            "workflows count their runs wrongly",
            """
            SELECT count(*) FROM kinds
            WHERE runs != (SELECT count(*) FROM runs WHERE kind = kinds.id)
            """
        ),
        (
            "runs have no workflow",
            "SELECT count(*) FROM runs WHERE kind NOT IN (SELECT id FROM kinds)"
        ),
        (
            "runs that ended or are gone are to go on",
            """
            SELECT count(*) FROM active_runs
            WHERE id NOT IN (SELECT id FROM runs WHERE status IS NULL)
            """
        ),
        (
            "runs follow a configuration whose text is missing",
            "SELECT count(*) FROM kinds WHERE runs > 0 AND plan NOT IN (SELECT fingerprint FROM texts)"
        ),
        (
            "chunks of requests have no content, or the other way round",
            """
            SELECT (SELECT count(*) FROM request_chunks
            WHERE last NOT IN (SELECT last FROM request_contents))
            + (SELECT count(*) FROM request_contents
            WHERE last NOT IN (SELECT last FROM request_chunks))
            """
        ),
    ]

    /// What is wrong, a sentence each.
    func problems() throws(StorageError) -> [String] {
        var problems: [String] = []
        for (what, sql) in Self.rules {
            let count = try database.integer(sql) ?? 0
            if count != 0 { problems.append("\(what): \(count)") }
        }
        return problems
    }
}
