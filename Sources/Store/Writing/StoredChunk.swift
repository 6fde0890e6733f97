internal import Primitives
internal import Storage

/// A chunk of runs as it is in the store, or the place where one is to come.
struct StoredChunk {
    /// Its row; nil where there is none.
    let first: Int64?
    /// The next row's; nil behind the last.
    let next: Int64?
    /// Whether a run in it has not ended.
    let isOpen: Bool
    /// Whether a run in it has to go on by itself.
    let isActive: Bool
    /// The runs.
    let content: [UInt8]

    /// Finds the chunk to which a key belongs.
    init(
        holding key: Int64,
        _ statements: StoreStatements,
        _ database: Database
    ) throws(StorageError) {
        var found: StoredChunk?
        try statements.findChunk.bind(key, at: 1)
        try statements.findChunk.forEachRow { (row) throws(StorageError) in
            found = StoredChunk(row)
            return false
        }
        if let found {
            self = found
            return
        }
        first = nil
        next = try database.integer("SELECT min(first) FROM run_chunks")
        isOpen = false
        isActive = false
        content = []
    }

    /// Reads a row of first, next, open, active and content.
    init(_ row: borrowing Statement) {
        first = row.integer(at: 0)
        next = row.isNull(at: 1) ? nil : row.integer(at: 1)
        isOpen = row.integer(at: 2) != 0
        isActive = row.integer(at: 3) != 0
        content = row.blob(at: 4)
    }

    /// Whether a run that follows one of the chunk's belongs to it too.
    func isPlace(of run: UUIDv7) -> Bool {
        next.map { run.chunkKey < $0 } ?? true
    }
}
