internal import Journal

/// The store as what comes behind the journal.
extension Store: JournalFollower {
    /// The most records that may wait to be written behind.
    private static let backlogRecordsMax = 1_000_000
    /// The most bytes of them.
    private static let backlogBytesMax = 1 << 30

    /// The bytes of the database that are in use, and of its write-ahead log, as of the last batch.
    package var sizeBytes: Int { queue.sizeBytes }

    /// Why it can take no more at present: what is behind the commit path must not grow without bound.
    package var refusal: String? {
        let backlog = backlog
        guard
            backlog.records > Self.backlogRecordsMax || backlog.bytes > Self.backlogBytesMax
        else { return nil }
        return "the store is too far behind" + (failure.map { ": \($0)" } ?? "")
    }
}
