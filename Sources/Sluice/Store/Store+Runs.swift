package import Primitives
internal import Rendezvous
internal import Storage
internal import Workflows

/// Runs, as the store has them.
extension Store {
    /// The run with an id, with all its events; nil where it is unknown.
    package func run(_ id: UUIDv7) throws(StoreError) -> StoredRun? {
        try readers.read { (reader) throws(StorageError) in
            try reader.findRun.bind(StoreKey.id(id), at: 1)
            var found: StoredRun?
            try reader.findRun.forEachRow { (row) throws(StorageError) in
                found = try StoredRun(id, row, reader)
                return false
            }
            return found
        }
    }

    /// The runs that must go on by themselves: neither ended nor only waiting.
    package func runsToResume() throws(StoreError) -> [UUIDv7] {
        try readers.read { (reader) throws(StorageError) in
            var runs: [UUIDv7] = []
            let find = try reader.database.prepare("SELECT id FROM active_runs ORDER BY id")
            try find.forEachRow { (row) throws(StorageError) in
                runs.append(row.id(at: 0))
                return true
            }
            return runs
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
        try readers.read { (reader) throws(StorageError) in
            let kinds = try Self.workflows(reader.database)
            let find = try reader.database.prepare(
                """
                SELECT id, kind, status, session, labels FROM runs
                WHERE id >= ? AND id < ? ORDER BY id DESC
                """
            )
            let oldest = query.since.map { UInt64(clamping: $0.milliseconds) << 16 } ?? 0
            try find.bind(StoreKey.id(UUIDv7(high: oldest, low: 0)), at: 1)
            try find.bind(StoreKey.id(query.before ?? UUIDv7(high: .max, low: .max)), at: 2)
            var lines: [StoredRunLine] = []
            try find.forEachRow { (row) throws(StorageError) in
                let workflow = kinds[row.integer(at: 1)] ?? ""
                let status = row.isNull(at: 2) ? nil : RunStatus(rawValue: row.text(at: 2))
                guard query.takes(workflow: workflow, status: status),
                    query.sessionID.map({ !row.isNull(at: 3) && row.text(at: 3) == $0 }) ?? true
                else { return true }
                lines.append(
                    StoredRunLine(
                        id: row.id(at: 0),
                        workflow: workflow,
                        status: status,
                        labels: row.blob(at: 4)
                    )
                )
                return lines.count <= query.limit
            }
            return lines
        }
    }

    /// The text that a fingerprint stands for; nil where it is unknown.
    package func text(_ fingerprint: Fingerprint) throws(StoreError) -> [UInt8]? {
        try readers.read { (reader) throws(StorageError) in
            let find = try reader.database.prepare(
                "SELECT content FROM texts WHERE fingerprint = ?"
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
        let find = try database.prepare("SELECT id, workflow FROM kinds")
        try find.forEachRow { (row) throws(StorageError) in
            workflows[row.integer(at: 0)] = row.text(at: 1)
            return true
        }
        return workflows
    }
}

extension RunQuery {
    /// Whether a run of a workflow, ended so or open, is among those asked for.
    fileprivate func takes(workflow: String, status: RunStatus?) -> Bool {
        if let workflowID, workflow != workflowID { return false }
        if statuses.isEmpty { return true }
        guard let status else { return statuses.contains { !$0.isFinished } }
        return statuses.contains(status)
    }
}

extension StoredRun {
    /// Reads a run: its row, its events, its open waits.
    fileprivate init(
        _ id: UUIDv7,
        _ row: borrowing Statement,
        _ reader: ReaderPool.Reader
    ) throws(StorageError) {
        let plan = row.id(at: 1)
        let lineage =
            row.isNull(at: 2)
            ? .none : try StorageError.corrupt("runs", row.blob(at: 2), RunLineage.init(bytes:))
        self.init(
            id: id,
            workflow: row.text(at: 0),
            origin: Fingerprint(high: plan.high, low: plan.low),
            parent: lineage.parent,
            parentAttempt: lineage.attempt,
            depth: lineage.depth,
            labels: row.blob(at: 3),
            events: try Self.events(of: id, reader),
            waits: try Self.waits(of: id, reader),
            isFinished: !row.isNull(at: 4)
        )
    }

    private static func events(
        of id: UUIDv7,
        _ reader: ReaderPool.Reader
    ) throws(StorageError) -> [RunEventRow] {
        try reader.findEvents.bind(StoreKey.event(id, 0), at: 1)
        try reader.findEvents.bind(StoreKey.event(id, .max), at: 2)
        var events: [RunEventRow] = []
        try reader.findEvents.forEachRow { (row) throws(StorageError) in
            guard let event = RunEventRow(bytes: row.blob(at: 0)) else {
                throw StorageError(.corrupt, "an event of the run \(id.text) is damaged")
            }
            events.append(event)
            return true
        }
        return events
    }

    private static func waits(
        of id: UUIDv7,
        _ reader: ReaderPool.Reader
    ) throws(StorageError) -> [WaitID] {
        try reader.findWaits.bind(StoreKey.event(id, 0), at: 1)
        try reader.findWaits.bind(StoreKey.event(id, .max), at: 2)
        var waits: [WaitID] = []
        try reader.findWaits.forEachRow { (row) throws(StorageError) in
            waits.append(row.withBlob(at: 0) { WaitID(storeKey: $0) })
            return true
        }
        return waits
    }
}
