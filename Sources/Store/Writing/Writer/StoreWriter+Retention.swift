internal import Journal
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
        let kept = RetentionTimes(now: now, cutoff: now.back(by: settings.retention))
        let isPhaseOver = try database.transaction { () throws(StorageError) in
            switch retention.phase {
            case .runs: try removeRuns(kept, from: .init(milliseconds: 0), before: kept.cutoff)
            case .aheadRuns:
                try removeRuns(kept, from: now, before: .init(milliseconds: .max))
            case .passingRequests:
                try siftRequests(.init(now: now, cutoff: now.back(by: settings.refusedRetention)))
            case .requests: try removeRequests(kept)
            case .marks: try removeMarks(now: now)
            case .reusableMarks: try removeReusable(now: now)
            case .claims: try removeRows(of: "claims", until: now)
            case .texts: try removeTexts(kept)
            }
        }
        return isPhaseOver ? retention.advance() : true
    }

    /// Removes runs of the chunks between two moments at which runs began.
    private func removeRuns(
        _ times: RetentionTimes,
        from: WallTime,
        before: WallTime
    ) throws(StorageError) -> Bool {
        let find = try database.prepare(
            """
            SELECT first, NULL, open, active, content, \(StoreTable.runChunks.isDamaged)
            FROM run_chunks WHERE first > ? AND first >= ? AND first < ?
            ORDER BY first LIMIT \(Self.runChunksMax)
            """
        )
        try find.bind(retention.runs, at: 1)
        try find.bind(from.firstChunkKey, at: 2)
        try find.bind(before.firstChunkKey, at: 3)
        var found: [StoredChunk] = []
        var count = 0
        try find.forEachRow { (row) throws(StorageError) in
            count += 1
            retention.runs = row.integer(at: 0)
            // A damaged one stays as it is: what was in it is not to be given up unasked.
            if row.integer(at: 5) == 0 { found.append(StoredChunk(row)) }
            return true
        }
        for chunk in found { try sift(chunk, times) }
        return count < Self.runChunksMax
    }

    /// Takes runs that ended long ago out of a chunk.
    private func sift(_ chunk: StoredChunk, _ times: RetentionTimes) throws(StorageError) {
        var gone: [Int64: Int64] = [:]
        var large: [UUIDv7] = []
        runs.clear()
        try StorageError.damage { () throws(RecordReader.Damage) in
            var places = ChunkPlaces(chunk.content)
            while let place = try places.next() {
                try row.read(place, in: chunk.content)
                guard row.status != nil, isOver(row, times) else {
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

    /// Whether a run ended long enough ago: by its time, or, where that is yet to come, by its number.
    private func isOver(_ row: RunRow, _ times: RetentionTimes) -> Bool {
        if row.ended < times.cutoff {
            retention.runsEnd = max(retention.runsEnd, row.lastEvent)
            return true
        }
        return row.ended > times.now && row.lastEvent < retention.runsEnd
    }

    /// Removes the events of a run that lie in rows of their own.
    func removeEvents(of run: UUIDv7) throws(StorageError) {
        let remove = try database.prepare("DELETE FROM run_events WHERE id >= ? AND id <= ?")
        try remove.bind(StoreKey.event(run, 0), at: 1)
        try remove.bind(StoreKey.event(run, .max), at: 2)
        try remove.run()
    }

    /// Takes refused and expired requests out of chunks whose others stay longer.
    private func siftRequests(_ times: RetentionTimes) throws(StorageError) -> Bool {
        let ahead = try aheadEnd(times)
        let find = try database.prepare(
            """
            SELECT last, first, \(StoreTable.requestChunks.isDamaged) FROM request_chunks
            WHERE passing > 0 AND last > ?1 AND (newest < ?2 OR (newest > ?3 AND last < ?4))
            ORDER BY last LIMIT \(Self.chunksMax)
            """
        )
        try find.bind(retention.chunk, at: 1)
        try find.bind(times.cutoff.milliseconds, at: 2)
        try find.bind(times.now.milliseconds, at: 3)
        try find.bind(ahead, at: 4)
        var found: [(last: UInt64, first: UInt64)] = []
        var count = 0
        try find.forEachRow { (row) throws(StorageError) in
            count += 1
            retention.chunk = row.number(at: 0)
            if row.integer(at: 2) == 0 { found.append((row.number(at: 0), row.number(at: 1))) }
            return true
        }
        for chunk in found {
            // What is damaged in it stays, and goes with the chunk.
            guard let entries = try soundEntries(first: chunk.first, last: chunk.last) else {
                continue
            }
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
        return count < Self.chunksMax
    }

    /// The requests of a chunk; nil where a row of theirs is damaged.
    ///
    /// Asked for before they are read: after damage was met a connection writes nothing more in its transaction.
    private func soundEntries(first: UInt64, last: UInt64) throws(StorageError) -> [LedgerEntry]? {
        let damaged = try database.integer(
            """
            SELECT (SELECT count(*) FROM request_contents
            WHERE last = ?2 AND \(StoreTable.requestContents.isDamaged))
            + (SELECT count(*) FROM request_fates
            WHERE number >= ?1 AND number <= ?2 AND \(StoreTable.requestFates.isDamaged))
            """,
            .integer(Int64(clamping: first)),
            .integer(Int64(clamping: last))
        )
        guard damaged == 0 else { return nil }
        return try LedgerReader(database).entries(first: first, last: last)
    }

    /// Chunks of requests that came when the clock was ahead are old too where they lie before this number.
    private func aheadEnd(_ times: RetentionTimes) throws(StorageError) -> UInt64 {
        let hasAhead = try database.integer(
            "SELECT 1 FROM request_chunks WHERE passing > 0 AND newest > ? LIMIT 1",
            .integer(times.now.milliseconds)
        )
        guard hasAhead != nil else { return 0 }
        let end = try database.integer(
            "SELECT max(last) FROM request_chunks WHERE passing > 0 AND newest < ?",
            .integer(times.cutoff.milliseconds)
        )
        return UInt64(clamping: end ?? 0)
    }

    private func removeRequests(_ times: RetentionTimes) throws(StorageError) -> Bool {
        let find = try database.prepare(
            """
            SELECT last, newest, first, \(StoreTable.requestChunks.isDamaged)
            FROM request_chunks ORDER BY last
            """
        )
        let found = try oldest(find, until: times.cutoff, times.now)
        for chunk in found {
            try removeFates(first: chunk.first, last: chunk.last)
            try removeChunk(chunk.last)
        }
        return found.count < Self.chunksMax
    }

    /// The first chunks that are old, of rows of last, moment, first and whether they are damaged, ascending by last.
    ///
    /// Numbers ascend with time: what follows a younger chunk is younger too. Only a clock that was set back says otherwise:
    /// a chunk whose moment is yet to come is as old as those behind it.
    private func oldest(
        _ find: borrowing Statement,
        until cutoff: WallTime,
        _ now: WallTime
    ) throws(StorageError) -> [(last: UInt64, first: UInt64)] {
        var old: [(last: UInt64, first: UInt64)] = []
        var ahead: [(last: UInt64, first: UInt64)] = []
        try find.forEachRow { (row) throws(StorageError) in
            guard row.integer(at: 3) == 0 else { return true }
            let chunk = (row.number(at: 0), row.number(at: 2))
            if row.time(at: 1) < cutoff {
                old += ahead + [chunk]
                ahead = []
                return old.count < Self.chunksMax
            }
            guard row.time(at: 1) > now else { return false }
            if ahead.count < Self.chunksMax { ahead.append(chunk) }
            return true
        }
        return old
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
        let find = try database.prepare(
            """
            SELECT last, latest, last, \(StoreTable.markChunks.isDamaged)
            FROM mark_chunks ORDER BY last
            """
        )
        // What is remembered for longer than it could be was made when the clock was ahead.
        let over = try oldest(find, until: now, now.forward(by: settings.rememberFor))
        let found = over.map(\.last)
        let excess = found.count < Self.chunksMax ? try excessMarks(behind: found.last ?? 0) : []
        for last in found + excess {
            try database.run(
                "DELETE FROM mark_chunks WHERE last = ?",
                .integer(Int64(clamping: last))
            )
        }
        retention.marksEnd = max(retention.marksEnd, found.last ?? 0)
        return max(found.count, excess.count) < Self.chunksMax
    }

    /// The oldest chunks of marks that are too many.
    private func excessMarks(behind number: UInt64) throws(StorageError) -> [UInt64] {
        let count = try database.integer(
            "SELECT sum(count) FROM mark_chunks WHERE last > ?",
            .integer(Int64(clamping: number))
        )
        var excess = (count ?? 0) - Int64(settings.rememberedCountMax)
        let find = try database.prepare(
            "SELECT last, count FROM mark_chunks WHERE last > ? ORDER BY last LIMIT \(Self.chunksMax)"
        )
        try find.bind(number, at: 1)
        var found: [UInt64] = []
        try find.forEachRow { (row) throws(StorageError) in
            let size = row.integer(at: 1)
            guard excess >= size else { return false }
            excess -= size
            found.append(row.number(at: 0))
            return true
        }
        return found
    }

    /// Removes marks that leave their keys open, past their time or made when the clock was ahead.
    private func removeReusable(now: WallTime) throws(StorageError) -> Bool {
        try database.run(
            "DELETE FROM reusable_marks WHERE until > ? AND number < ?",
            .integer(now.forward(by: settings.rememberFor).milliseconds),
            .integer(Int64(clamping: retention.marksEnd))
        )
        return try removeRows(of: "reusable_marks", until: now)
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
    private func removeTexts(_ times: RetentionTimes) throws(StorageError) -> Bool {
        let kinds = StoreTable.kinds
        try database.run("DELETE FROM kinds WHERE runs <= 0 AND NOT (\(kinds.isDamaged))")
        self.kinds = [:]
        let find = try database.prepare(
            """
            SELECT fingerprint FROM texts WHERE (used < ?1 OR used > ?2)
            AND NOT (\(StoreTable.texts.isDamaged)) AND number < (SELECT max(number) FROM texts)
            AND NOT EXISTS (SELECT 1 FROM kinds WHERE plan = fingerprint)
            """
        )
        try find.bind(times.cutoff.milliseconds, at: 1)
        try find.bind(times.now.milliseconds, at: 2)
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

/// What time it is, and the moment before which things are old.
private struct RetentionTimes {
    let now: WallTime
    let cutoff: WallTime
}

extension WallTime {
    /// The moment a while before this one.
    fileprivate func back(by duration: Nanoseconds) -> WallTime {
        let (moment, overflow) =
            milliseconds.subtractingReportingOverflow(duration.millisecondsRoundedUp)
        return WallTime(milliseconds: overflow ? .min : moment)
    }

    /// The moment a while after this one.
    func forward(by duration: Nanoseconds) -> WallTime {
        let (moment, overflow) = milliseconds.addingReportingOverflow(
            duration.millisecondsRoundedUp
        )
        return WallTime(milliseconds: overflow ? .max : moment)
    }

    /// The key of a chunk whose first run began at this moment.
    fileprivate var firstChunkKey: Int64 {
        let range: ClosedRange<Int64> = 0...(1 << 48 - 1)
        let clamped = min(max(milliseconds, range.lowerBound), range.upperBound)
        return UUIDv7(high: UInt64(clamping: clamped) << 16, low: 0).chunkKey
    }
}
