internal import Journal
internal import Primitives
internal import Storage

/// What the chunks of runs hold, counted one by one.
struct RunCounts {
    /// Runs, ended ones included.
    private(set) var runs = 0
    /// Runs that have not ended.
    private(set) var openRuns = 0
    /// Their open waits.
    private(set) var waits = 0
    /// Events of runs.
    private(set) var events = 0
    /// Runs by the row of their workflow.
    private(set) var kinds: [Int64: Int] = [:]
    /// Chunks that say something else of themselves than their runs do, or in which the order is not right.
    private(set) var wrongChunks = 0
    private var last: UUIDv7?

    /// Counts.
    ///
    /// - Complexity: O(size of the table).
    init(_ database: Database) throws(StorageError) {
        let find = try database.prepare(
            "SELECT first, open, active, content FROM run_chunks ORDER BY first"
        )
        var row = RunRow()
        try find.forEachRow { (columns) throws(StorageError) in
            let first = columns.integer(at: 0)
            let (isOpen, isActive) = (columns.integer(at: 1) != 0, columns.integer(at: 2) != 0)
            try take(first, isOpen, isActive, columns.blob(at: 3), &row)
            return true
        }
    }

    private mutating func take(
        _ first: Int64,
        _ isOpen: Bool,
        _ isActive: Bool,
        _ content: [UInt8],
        _ row: inout RunRow
    ) throws(StorageError) {
        var found = (isOpen: false, isActive: false, isInOrder: true)
        try StorageError.damage { () throws(RecordReader.Damage) in
            var places = ChunkPlaces(content)
            while let place = try places.next() {
                try row.read(place, in: content)
                let isBehind = last.map { $0 < row.id } ?? true
                if !isBehind || row.id.chunkKey < first { found.isInOrder = false }
                last = row.id
                if row.status == nil { found.isOpen = true }
                if row.isActive { found.isActive = true }
                try count(row)
            }
        }
        if !found.isInOrder || found.isOpen != isOpen || found.isActive != isActive {
            wrongChunks += 1
        }
    }

    private mutating func count(_ row: RunRow) throws(RecordReader.Damage) {
        runs += 1
        events += row.eventCount
        kinds[row.kind ?? 0, default: 0] += 1
        guard row.status == nil else { return }
        openRuns += 1
        waits += try RunWait.all(in: row.waits.bytes).count
    }
}
