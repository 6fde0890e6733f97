package import Journal
package import Primitives
package import Rendezvous
internal import Storage

/// What the waiter table is filled with at a start.
extension Store {
    /// Shows every open wait: who waits, its keys in the order they were given with the numbers of that, its deadline.
    package func forEachWait(
        _ body: (WaitID, [NumberedKey], WallTime) -> Void
    ) throws(StoreError) {
        try forEachWait(through: readers, body)
    }

    /// Shows every open wait as ``forEachWait(_:)`` does, with a pool's connections.
    func forEachWait(
        through pool: ReaderPool,
        _ body: (WaitID, [NumberedKey], WallTime) -> Void
    ) throws(StoreError) {
        var row = RunRow()
        try forEachChunk(through: pool, where: "open = 1") { chunk throws(RecordReader.Damage) in
            var places = ChunkPlaces(chunk)
            while let place = try places.next() {
                guard RunRow.standing(chunk[place.fields.lowerBound]).isOpen else { continue }
                try row.read(place, in: chunk)
                let waits = row.waits.bytes
                for wait in try RunWait.all(in: waits) {
                    let id = WaitID(run: row.id, step: wait.step, attempt: wait.attempt)
                    body(id, try wait.numberedKeys(in: waits), wait.deadline)
                }
            }
        }
    }

    /// The number up to which fingerprints of callbacks were made by the rule of version 1.
    package func olderPrintsThrough() throws(StoreError) -> UInt64 {
        var through: UInt64?
        try forEachRow(through: readers, StoreSchema.findOlderPrints) {
            (row) throws(StorageError) in
            through = row.number(at: 0)
        }
        return through ?? .max
    }

    /// Shows every held callback, ascending by number.
    package func forEachHeld(_ body: (StoredHeld) -> Void) throws(StoreError) {
        try forEachHeld(through: readers, body)
    }

    /// Shows every held callback as ``forEachHeld(_:)`` does, with a pool's connections.
    func forEachHeld(
        through pool: ReaderPool,
        _ body: (StoredHeld) -> Void
    ) throws(StoreError) {
        try forEachRow(
            through: pool,
            """
            SELECT number, has_entry, until, listener, content, \(StoreTable.held.isSound) FROM held
            ORDER BY number
            """
        ) { (row) throws(StorageError) in
            body(try StoredHeld(row))
        }
    }

    /// Shows the ends of waits that are remembered, ascending by number.
    package func forEachMark(_ body: (StoredMark) -> Void) throws(StoreError) {
        try forEachMark(through: readers, body)
    }

    /// Shows every remembered end as ``forEachMark(_:)`` does, with a pool's connections.
    func forEachMark(
        through pool: ReaderPool,
        _ body: (StoredMark) -> Void
    ) throws(StoreError) {
        let now = WallTime.now()
        var reusable: [StoredMark] = []
        try forEachRow(
            through: pool,
            "SELECT content, \(StoreTable.reusableMarks.isSound) FROM reusable_marks"
        ) { (row) throws(StorageError) in
            reusable += try Self.marks(row.blob(at: 0))
        }
        reusable.sort { $0.number < $1.number }
        var place = 0
        try forEachRow(
            through: pool,
            "SELECT content, \(StoreTable.markChunks.isSound) FROM mark_chunks ORDER BY last"
        ) { (row) throws(StorageError) in
            for mark in try Self.marks(row.blob(at: 0)) {
                while place < reusable.count, reusable[place].number < mark.number {
                    if reusable[place].until > now { body(reusable[place]) }
                    place += 1
                }
                if mark.until > now { body(mark) }
            }
        }
        for mark in reusable[place...] where mark.until > now { body(mark) }
    }

    /// Shows the requests that started runs and are remembered, ascending by number.
    package func forEachClaim(_ body: (Claim) -> Void) throws(StoreError) {
        let now = WallTime.now()
        try forEachRow(
            through: readers,
            "SELECT content, \(StoreTable.claims.isSound) FROM claims ORDER BY rowid"
        ) { (row) throws(StorageError) in
            let claim = try StorageError.corrupt("claims", row.blob(at: 0)) {
                (bytes) throws(RecordReader.Damage) in
                var reader = RecordReader(bytes)
                let claim = try Claim(&reader)
                if !reader.isAtEnd { _ = try reader.node() }
                return claim
            }
            if claim.until > now { body(claim) }
        }
    }

    /// The marks of a chunk.
    static func marks(_ bytes: [UInt8]) throws(StorageError) -> [StoredMark] {
        try StorageError.corrupt("mark_chunks", bytes, StoredMark.all)
    }

    private func forEachRow(
        through pool: ReaderPool,
        _ sql: String,
        _ body: (borrowing Statement) throws(StorageError) -> Void
    ) throws(StoreError) {
        try pool.read { (reader) throws(StorageError) in
            let find = try reader.database.prepare(sql)
            try find.forEachRow { (row) throws(StorageError) in
                try body(row)
                return true
            }
        }
    }
}
