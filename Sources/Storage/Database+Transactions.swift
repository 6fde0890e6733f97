extension Database {
    /// How a transaction begins.
    package enum TransactionKind: String, Sendable {
        /// Takes the write lock at once, so that it cannot fail for it later.
        case immediate = "BEGIN IMMEDIATE"
        /// Takes a snapshot at its first read.
        case deferred = "BEGIN DEFERRED"
    }

    /// Runs `body` in a transaction: all that it does is kept, or, when anything throws, nothing.
    ///
    /// - Throws: What `body` throws, or what SQLite refuses at BEGIN and COMMIT; the transaction is
    ///   rolled back.
    package func transaction<Result>(
        _ kind: TransactionKind = .immediate,
        _ body: () throws(StorageError) -> Result
    ) throws(StorageError) -> Result {
        try execute(kind.rawValue)
        do throws(StorageError) {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch let failure {
            try rollBack(after: failure)
            throw failure
        }
    }

    /// Rolls back what SQLite has not rolled back by itself (it does for a full disk and I/O
    /// errors).
    private func rollBack(after failure: StorageError) throws(StorageError) {
        guard isInTransaction else { return }
        do throws(StorageError) {
            try execute("ROLLBACK")
        } catch {
            throw StorageError(
                failure.kind,
                "\(failure.description); and it could not be rolled back: \(error.description)"
            )
        }
    }
}
