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
        var problems = try DamagedRow.all(database).map(\.description)
        // What damaged rows say is not compared.
        guard problems.isEmpty else { return problems }
        for (what, sql) in Self.rules {
            let count = try database.integer(sql) ?? 0
            if count != 0 { problems.append("\(what): \(count)") }
        }
        return try problems + runProblems()
    }

    /// What the chunks of runs say otherwise than the tables that count them.
    private func runProblems() throws(StorageError) -> [String] {
        let census = try RunCounts(database)
        var kinds = census.kinds
        var wrongKinds = 0
        let find = try database.prepare("SELECT id, runs FROM kinds")
        try find.forEachRow { (row) throws(StorageError) in
            let count = kinds.removeValue(forKey: row.integer(at: 0)) ?? 0
            if row.integer(at: 1) != count { wrongKinds += 1 }
            return true
        }
        let open = Int(clamping: try database.integer("SELECT open_runs FROM store") ?? 0)
        let found = [
            ("runs are counted wrongly as open", open - census.openRuns),
            ("workflows count their runs wrongly", wrongKinds),
            ("runs have no workflow", kinds.values.reduce(0, +)),
            ("chunks of runs say other things than their runs", census.wrongChunks),
        ]
        return found.filter { $0.1 != 0 }.map { "\($0.0): \($0.1)" }
    }
}
