internal import Journal
internal import Primitives
internal import Storage

/// Reads requests out of their chunks.
struct LedgerReader {
    private let database: Database

    /// Reads with a connection.
    init(_ database: Database) {
        self.database = database
    }

    /// A chunk of requests, without its content.
    struct Place {
        let first: UInt64
        let last: UInt64
    }

    /// Shows the chunks that may hold something, newest first, until `body` returns false.
    ///
    /// - Parameters:
    ///   - sought: What they may hold; nil for anything.
    ///   - numbers: The numbers of further requests that are meant.
    ///   - below: Only chunks that begin before this number.
    ///   - since: Only chunks with requests of this moment or later.
    ///   - until: Only chunks with requests before this moment.
    ///   - body: Told where a chunk is; false ends it.
    /// - Throws: What SQLite refuses, and what `body` throws.
    func forEachPlace(
        _ sought: [RequestFingerprints.Sought]? = nil,
        numbers: Set<UInt64> = [],
        below: UInt64 = .max,
        since: WallTime? = nil,
        until: WallTime? = nil,
        _ body: (Place) throws(StorageError) -> Bool
    ) throws(StorageError) {
        let find = try database.prepare(
            """
            SELECT first, last, prints, \(StoreTable.requestChunks.isSound) FROM request_chunks
            WHERE first < ? AND newest >= ? AND oldest < ? ORDER BY last DESC
            """
        )
        try find.bind(below, at: 1)
        try find.bind(since?.milliseconds ?? .min, at: 2)
        try find.bind(until?.milliseconds ?? .max, at: 3)
        let prints = sought?.map(\.print)
        try find.forEachRow { (row) throws(StorageError) in
            let place = Place(first: row.number(at: 0), last: row.number(at: 1))
            if let prints, !numbers.contains(where: { place.first <= $0 && $0 <= place.last }) {
                let isHere = row.withBlob(at: 2) { RequestFingerprints.mayHold(prints, in: $0) }
                guard isHere else { return true }
            }
            return try body(place)
        }
    }

    /// The requests of a chunk as they stand now, ascending by number.
    func entries(first: UInt64, last: UInt64) throws(StorageError) -> [LedgerEntry] {
        let find = try database.prepare(
            "SELECT content, \(StoreTable.requestContents.isSound) FROM request_contents WHERE last = ?"
        )
        try find.bind(last, at: 1)
        var entries: [LedgerEntry] = []
        try find.forEachRow { (row) throws(StorageError) in
            entries = try StorageError.corrupt(
                "request_contents",
                row.blob(at: 0),
                RequestChunks.entries
            )
            return false
        }
        let fates = try fates(first: first, last: last)
        guard !fates.isEmpty else { return entries }
        return entries.map { entry in
            fates[entry.number].map { entry.becoming($0) } ?? entry
        }
    }

    /// The request with a journal number; nil where there is none.
    ///
    /// - Complexity: one chunk is read.
    func entry(number: UInt64) throws(StorageError) -> LedgerEntry? {
        let find = try database.prepare(
            """
            SELECT first, last, \(StoreTable.requestChunks.isSound) FROM request_chunks
            WHERE last >= ? ORDER BY last LIMIT 1
            """
        )
        try find.bind(number, at: 1)
        var place: Place?
        try find.forEachRow { (row) throws(StorageError) in
            place = Place(first: row.number(at: 0), last: row.number(at: 1))
            return false
        }
        guard let place, place.first <= number else { return nil }
        return try entries(first: place.first, last: place.last).first { $0.number == number }
    }

    /// The numbers of held requests that went to a run later.
    func numbers(fetchedBy run: UUIDv7) throws(StorageError) -> Set<UInt64> {
        let find = try database.prepare(
            "SELECT number, \(StoreTable.requestFates.isSound) FROM request_fates WHERE run = ?"
        )
        try find.bind(StoreKey.id(run), at: 1)
        var numbers: Set<UInt64> = []
        try find.forEachRow { (row) throws(StorageError) in
            numbers.insert(row.number(at: 0))
            return true
        }
        return numbers
    }

    private func fates(
        first: UInt64,
        last: UInt64
    ) throws(StorageError) -> [UInt64: RequestFateRow] {
        let find = try database.prepare(
            """
            SELECT number, status, run, \(StoreTable.requestFates.isSound) FROM request_fates
            WHERE number >= ? AND number <= ?
            """
        )
        try find.bind(first, at: 1)
        try find.bind(last, at: 2)
        var fates: [UInt64: RequestFateRow] = [:]
        try find.forEachRow { (row) throws(StorageError) in
            let raw = UInt8(clamping: row.integer(at: 1))
            guard let status = ReceivedRequest.Status(rawValue: raw) else {
                throw StorageError(.corrupt, "a row of `request_fates` has no known status")
            }
            let run = row.isNull(at: 2) ? nil : row.id(at: 2)
            fates[row.number(at: 0)] = RequestFateRow(status: status, run: run)
            return true
        }
        return fates
    }
}
