internal import Journal
package import Primitives
internal import Rendezvous
internal import Storage
internal import Workflows

/// Runs, as the store has them.
extension Store {
    /// The run with an id, with all its events; nil where it is unknown.
    package func run(_ id: UUIDv7) throws(StoreError) -> StoredRun? {
        try readers.read { (reader) throws(StorageError) in try StoredRun(id, reader) }
    }

    /// The runs that must go on by themselves: neither ended nor only waiting.
    package func runsToResume() throws(StoreError) -> [UUIDv7] {
        var runs: [UUIDv7] = []
        try forEachChunk(through: readers, where: "active = 1") {
            chunk throws(RecordReader.Damage) in
            var places = ChunkPlaces(chunk)
            while let place = try places.next() {
                if RunRow.standing(chunk[place.fields.lowerBound]).isActive {
                    runs.append(place.id)
                }
            }
        }
        return runs.sorted()
    }

    /// The runs whose events have more than so many bytes in rows of their own.
    ///
    /// - Complexity: O(such rows), whose contents are not read.
    package func runsHolding(moreThan bytes: Int) throws(StoreError) -> Set<UUIDv7> {
        try readers.read { (reader) throws(StorageError) in
            var runs: Set<UUIDv7> = []
            let find = try reader.database.prepare(
                "SELECT substr(id, 1, 16) AS run, sum(length(content)) AS size FROM run_events "
                    + "GROUP BY run HAVING size > ?"
            )
            try find.bind(Int64(clamping: bytes), at: 1)
            try find.forEachRow { (row) throws(StorageError) in
                runs.insert(row.id(at: 0))
                return true
            }
            return runs
        }
    }

    /// Shows the chunks of runs of which something is true.
    func forEachChunk(
        through pool: ReaderPool,
        where condition: String,
        _ body: ([UInt8]) throws(RecordReader.Damage) -> Void
    ) throws(StoreError) {
        try pool.read { (reader) throws(StorageError) in
            let find = try reader.database.prepare(
                "SELECT content, \(StoreTable.runChunks.isSound) FROM run_chunks WHERE \(condition)"
            )
            try find.forEachRow { (row) throws(StorageError) in
                try StorageError.corrupt("run_chunks", row.blob(at: 0), body)
                return true
            }
        }
    }

    /// How many runs have not ended.
    package func openRunCount() throws(StoreError) -> Int {
        try readers.read { (reader) throws(StorageError) in
            Int(clamping: try reader.database.integer("SELECT open_runs FROM store") ?? 0)
        }
    }

    /// The newest runs that a query names, newest first, one more than its page where there are more.
    ///
    /// Of runs that have not ended the store does not know the state: they are taken where a query names any such state.
    /// - Complexity: O(runs that are newer than the last one found).
    package func runs(_ query: RunQuery) throws(StoreError) -> [StoredRunLine] {
        try questioners.read { (reader) throws(StorageError) in
            let kinds = try Self.workflows(reader.database)
            let find = try reader.database.prepare(

                """
                SELECT first, content, \(StoreTable.runChunks.isSound) FROM run_chunks
                WHERE first <= ? ORDER BY first DESC
                """

            )
            let (oldest, before) = query.bounds
            guard oldest < before else { return [] }
            try find.bind(before.chunkKey, at: 1)
            var lines: [StoredRunLine] = []
            try find.forEachRow { (row) throws(StorageError) in
                let content = row.blob(at: 1)
                let found = try StorageError.corrupt("run_chunks", content) {
                    (content) throws(RecordReader.Damage) in
                    try query.lines(oldest..<before, in: content, kinds)
                }
                lines += found.reversed()
                return lines.count <= query.limit && row.integer(at: 0) >= oldest.chunkKey
            }
            return Array(lines.prefix(query.limit + 1))
        }
    }

    /// The text that a fingerprint stands for; nil where it is unknown.
    package func text(_ fingerprint: Fingerprint) throws(StoreError) -> [UInt8]? {
        try readers.read { (reader) throws(StorageError) in
            let find = try reader.database.prepare(
                "SELECT content, \(StoreTable.texts.isSound) FROM texts WHERE fingerprint = ?"
            )
            try find.bind(StoreKey.fingerprint(fingerprint), at: 1)
            var text: [UInt8]?
            try find.forEachRow { (row) throws(StorageError) in
                text = row.blob(at: 0)
                return false
            }
            return text
        }
    }

    private static func workflows(_ database: Database) throws(StorageError) -> [Int64: String] {
        var workflows: [Int64: String] = [:]
        let find = try database.prepare(
            "SELECT id, workflow, \(StoreTable.kinds.isSound) FROM kinds"
        )
        try find.forEachRow { (row) throws(StorageError) in
            workflows[row.integer(at: 0)] = row.text(at: 1)
            return true
        }
        return workflows
    }
}

extension RunQuery {
    /// The runs of a chunk that are asked for, with ids of a range.
    fileprivate func lines(
        _ ids: Range<UUIDv7>,
        in chunk: [UInt8],
        _ kinds: [Int64: String]
    ) throws(RecordReader.Damage) -> [StoredRunLine] {
        var lines: [StoredRunLine] = []
        var places = ChunkPlaces(chunk)
        var row = RunRow()
        while let place = try places.next() {
            guard ids.contains(place.id) else { continue }
            try row.read(place, in: chunk)
            let workflow = row.kind.flatMap { kinds[$0] } ?? ""
            guard takes(workflow: workflow, status: row.status) else { continue }
            let labels = try row.lineage().labels
            if let sessionID, RunLabels(bytes: labels)?.sessionID != sessionID { continue }
            lines.append(
                StoredRunLine(id: row.id, workflow: workflow, status: row.status, labels: labels)
            )
        }
        return lines
    }

    /// Whether a run of a workflow, ended so or open, is among those asked for.
    private func takes(workflow: String, status: RunStatus?) -> Bool {
        if let workflowID, workflow != workflowID { return false }
        if statuses.isEmpty { return true }
        guard let status else { return statuses.contains { !$0.isFinished } }
        return statuses.contains(status)
    }
}

extension StoredRun {
    /// Reads a run; nil where it is unknown.
    init?(_ id: UUIDv7, _ reader: ReaderPool.Reader) throws(StorageError) {
        guard let row = try Self.row(of: id, reader), let kind = row.kind else { return nil }
        let earlier = row.hasEarlier ? try Self.earlierEvents(of: id, reader) : []
        let (lineage, events, waits) = try StorageError.damage {
            () throws(RecordReader.Damage) in
            (
                try row.lineage(), try RunRow.events(earlier + row.events.bytes),
                try RunWait.all(in: row.waits.bytes)
            )
        }
        var names: (workflow: String, plan: UUIDv7)?
        try reader.findKind.bind(kind, at: 1)
        try reader.findKind.forEachRow { (row) throws(StorageError) in
            names = (row.text(at: 0), row.id(at: 1))
            return false
        }
        guard let names else { throw StorageError(.corrupt, "the run \(id.text) has no workflow") }
        self.init(
            id: id,
            workflow: names.workflow,
            origin: Fingerprint(high: names.plan.high, low: names.plan.low),
            parent: lineage.parent,
            parentAttempt: lineage.attempt,
            depth: lineage.depth,
            labels: lineage.labels,
            cause: lineage.extras.cause,
            events: events,
            waits: waits.map { WaitID(run: id, step: $0.step, attempt: $0.attempt) },
            isFinished: row.status != nil
        )
    }

    private static func row(
        of id: UUIDv7,
        _ reader: ReaderPool.Reader
    ) throws(StorageError) -> RunRow? {
        var found: RunRow?
        try reader.findChunk.bind(id.chunkKey, at: 1)
        try reader.findChunk.forEachRow { (columns) throws(StorageError) in
            found = try StorageError.corrupt("run_chunks", columns.blob(at: 0)) {
                (chunk) throws(RecordReader.Damage) in
                var places = ChunkPlaces(chunk)
                guard let place = try places.find(id) else { return nil }
                var row = RunRow()
                try row.read(place, in: chunk)
                return row
            }
            return false
        }
        return found
    }

    private static func earlierEvents(
        of id: UUIDv7,
        _ reader: ReaderPool.Reader
    ) throws(StorageError) -> [UInt8] {
        try reader.findEvents.bind(StoreKey.event(id, 0), at: 1)
        try reader.findEvents.bind(StoreKey.event(id, .max), at: 2)
        var events: [UInt8] = []
        try reader.findEvents.forEachRow { (row) throws(StorageError) in
            events += row.blob(at: 0)
            return true
        }
        return events
    }
}
