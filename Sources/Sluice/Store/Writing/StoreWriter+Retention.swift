internal import Primitives
internal import Rendezvous
internal import Storage

/// Removing what is old, in steps so small that batches hardly wait for them.
extension StoreWriter {
    /// The most rows that a step removes.
    private static let rowsMax = 500
    /// The most chunks of runs that a step looks at.
    private static let runChunksMax = 32
    /// The most chunks that a step removes or writes anew.
    private static let chunksMax = 4

    /// Removes some of what is old, in a transaction of its own.
    ///
    /// - Returns: Whether there may be more; false when everything was looked at once.
    func retain(now: WallTime) throws(StorageError) -> Bool {
        let isPhaseOver = try database.transaction { () throws(StorageError) in
            switch retention.phase {
            case .runs: try removeRuns(endedBefore: now.back(by: settings.retention))
            case .passingRequests: try sift(before: now.back(by: settings.refusedRetention))
            case .requests: try removeRequests(before: now.back(by: settings.retention))
            case .marks: try removeMarks(now: now)
            case .reusableMarks: try removeRows(of: "reusable_marks", until: now)
            case .claims: try removeRows(of: "claims", until: now)
            case .texts: try removeTexts(before: now.back(by: settings.retention))
            }
        }
        return isPhaseOver ? retention.advance() : true
    }

    private func removeRuns(endedBefore cutoff: WallTime) throws(StorageError) -> Bool {
        let newest = UUIDv7(high: UInt64(clamping: cutoff.milliseconds) << 16, low: 0)
        let find = try database.prepare(
            """
            SELECT first, NULL, open, active, content FROM run_chunks WHERE first > ? AND first < ?
            ORDER BY first LIMIT \(Self.runChunksMax)
            """
        )
        try find.bind(retention.runs, at: 1)
        try find.bind(newest.chunkKey, at: 2)
        var found: [StoredChunk] = []
        try find.forEachRow { (row) throws(StorageError) in
            found.append(StoredChunk(row))
            return true
        }
        for chunk in found {
            retention.runs = chunk.first ?? retention.runs
            try sift(chunk, endedBefore: cutoff)
        }
        return found.count < Self.runChunksMax
    }

    /// Takes runs that ended long ago out of a chunk.
    private func sift(_ chunk: StoredChunk, endedBefore cutoff: WallTime) throws(StorageError) {
        var gone: [Int64: Int64] = [:]
        var large: [UUIDv7] = []
        runs.clear()
        try StorageError.damage { () throws(RecordReader.Damage) in
            var places = ChunkPlaces(chunk.content)
            while let place = try places.next() {
                try row.read(place, in: chunk.content)
                guard row.status != nil, row.ended < cutoff else {
                    runs.copy(place, from: chunk.content)
                    continue
                }
                gone[row.kind ?? 0, default: 0] -= 1
                if row.hasEarlier { large.append(row.id) }
            }
        }
        guard !gone.isEmpty else { return }
        for (kind, count) in gone { try self.count(count, of: kind) }
        for run in large { try removeEvents(of: run) }
        if runs.pieces().isEmpty {
            try database.run(
                "DELETE FROM run_chunks WHERE first = ?",
                .integer(chunk.first ?? 0)
            )
        } else {
            try writeRuns(over: chunk)
        }
    }

    private func removeEvents(of run: UUIDv7) throws(StorageError) {
        let remove = try database.prepare("DELETE FROM run_events WHERE id >= ? AND id <= ?")
        try remove.bind(StoreKey.event(run, 0), at: 1)
        try remove.bind(StoreKey.event(run, .max), at: 2)
        try remove.run()
    }

    /// Takes refused and expired requests out of chunks whose others stay longer.
    private func sift(before cutoff: WallTime) throws(StorageError) -> Bool {
        let find = try database.prepare(
            """
            SELECT last, first FROM request_chunks
            WHERE passing > 0 AND last > ? AND newest < ? ORDER BY last LIMIT \(Self.chunksMax)
            """
        )
        try find.bind(retention.chunk, at: 1)
        try find.bind(cutoff.milliseconds, at: 2)
        var found: [(last: UInt64, first: UInt64)] = []
        try find.forEachRow { (row) throws(StorageError) in
            found.append((row.number(at: 0), row.number(at: 1)))
            return true
        }
        for chunk in found {
            retention.chunk = chunk.last
            let entries = try LedgerReader(database).entries(first: chunk.first, last: chunk.last)
            let kept = entries.filter { $0.status != .rejected && $0.status != .expired }
            let hasFates = try removeFates(first: chunk.first, last: chunk.last) > 0
            guard kept.count < entries.count || hasFates else { continue }
            try removeChunk(chunk.last)
            var rest = RequestChunks()
            for entry in kept {
                try rest.add(entry.number, run: entry.run, entry.status, entry.request)
            }
            for chunk in rest.all { try insert(chunk) }
        }
        return found.count < Self.chunksMax
    }

    private func removeRequests(before cutoff: WallTime) throws(StorageError) -> Bool {
        let find = try database.prepare(
            "SELECT last, first, newest FROM request_chunks ORDER BY last LIMIT \(Self.chunksMax)"
        )
        var found: [(last: UInt64, first: UInt64)] = []
        try find.forEachRow { (row) throws(StorageError) in
            // Numbers ascend with time: what follows a younger chunk is younger too.
            guard row.time(at: 2) < cutoff else { return false }
            found.append((row.number(at: 0), row.number(at: 1)))
            return true
        }
        for chunk in found {
            try removeFates(first: chunk.first, last: chunk.last)
            try removeChunk(chunk.last)
        }
        return found.count < Self.chunksMax
    }

    private func removeChunk(_ last: UInt64) throws(StorageError) {
        try database.run(
            "DELETE FROM request_chunks WHERE last = ?",
            .integer(Int64(clamping: last))
        )
        try database.run(
            "DELETE FROM request_contents WHERE last = ?",
            .integer(Int64(clamping: last))
        )
    }

    @discardableResult
    private func removeFates(first: UInt64, last: UInt64) throws(StorageError) -> Int64 {
        try database.run(
            "DELETE FROM request_fates WHERE number >= ? AND number <= ?",
            .integer(Int64(clamping: first)),
            .integer(Int64(clamping: last))
        )
        return database.changes
    }

    /// Removes chunks of marks that are past their time, and the oldest beyond the bound.
    private func removeMarks(now: WallTime) throws(StorageError) -> Bool {
        let count = try database.integer("SELECT sum(count) FROM mark_chunks") ?? 0
        var excess = count - Int64(settings.rememberedCountMax)
        let find = try database.prepare(
            "SELECT last, latest, count FROM mark_chunks ORDER BY last LIMIT \(Self.chunksMax)"
        )
        var found: [UInt64] = []
        try find.forEachRow { (row) throws(StorageError) in
            let size = row.integer(at: 2)
            guard row.time(at: 1) < now || excess >= size else { return false }
            excess -= size
            found.append(row.number(at: 0))
            return true
        }
        for last in found {
            try database.run(
                "DELETE FROM mark_chunks WHERE last = ?",
                .integer(Int64(clamping: last))
            )
        }
        return found.count < Self.chunksMax
    }

    private func removeRows(of table: String, until now: WallTime) throws(StorageError) -> Bool {
        let key = table == "claims" ? "rowid" : "key, number"
        try database.run(
            """
            DELETE FROM \(table) WHERE (\(key)) IN
            (SELECT \(key) FROM \(table) WHERE until < ? LIMIT \(Self.rowsMax))
            """,
            .integer(now.milliseconds)
        )
        return database.changes < Self.rowsMax
    }

    /// Removes texts that no run names and that no run can be started with any more.
    private func removeTexts(before cutoff: WallTime) throws(StorageError) -> Bool {
        try database.run("DELETE FROM kinds WHERE runs <= 0")
        kinds = [:]
        let find = try database.prepare(
            """
            SELECT fingerprint FROM texts WHERE used < ?
            AND number < (SELECT max(number) FROM texts)
            AND NOT EXISTS (SELECT 1 FROM kinds WHERE plan = fingerprint)
            """
        )
        try find.bind(cutoff.milliseconds, at: 1)
        var found: [Fingerprint] = []
        try find.forEachRow { (row) throws(StorageError) in
            let id = row.id(at: 0)
            let fingerprint = Fingerprint(high: id.high, low: id.low)
            if !currentTexts.contains(fingerprint) { found.append(fingerprint) }
            return true
        }
        let delete = try database.prepare("DELETE FROM texts WHERE fingerprint = ?")
        for fingerprint in found {
            try delete.bind(StoreKey.fingerprint(fingerprint), at: 1)
            try delete.run()
        }
        return true
    }
}

extension WallTime {
    /// The moment a while before this one.
    fileprivate func back(by duration: Nanoseconds) -> WallTime {
        let (moment, overflow) =
            milliseconds.subtractingReportingOverflow(duration.millisecondsRoundedUp)
        return WallTime(milliseconds: overflow ? .min : moment)
    }
}
