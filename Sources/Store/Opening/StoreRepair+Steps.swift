internal import Journal
internal import Platform
internal import Primitives
internal import SegmentLog
internal import Storage

/// Doing what was found to be done.
extension StoreRepair {
    /// Does one step.
    func take(_ action: Action) throws {
        switch action {
        case .writeSecrets: try SecretsFile(directory: directory).write(secrets)
        case .makeDatabase(let number): try makeDatabase(after: number)
        case .makeIndexes: try Database(file).execute("REINDEX")
        case .dropRows: try dropRows()
        case .forgetLog: try Database(file).set(.log, nil)
        case .drainLog: try drainLog()
        case .setLogAside: try setAside("log")
        }
    }

    /// Gives a file or directory a name under which nobody looks for it.
    private func setAside(_ name: String) throws {
        let path = "\(directory)/\(name)"
        guard FileText.exists(path) else { return }
        var aside = path + ".damaged"
        var count = 1
        while FileText.exists(aside) {
            count += 1
            aside = "\(path).\(count).damaged"
        }
        try DurableFile.rename(path, to: aside)
    }

    private func makeDatabase(after number: UInt64) throws {
        for name in ["store.db", "store.db-wal", "store.db-shm"] { try setAside(name) }
        let writer = try StoreWriter(file, settings: StoreSettings())
        try writer.adopt(secrets)
        guard number > 0 else { return }
        try writer.write(StoreLoad(through: number), parks: [])
        try writer.sync()
    }

    /// Removes damaged rows, and what without them means nothing.
    private func dropRows() throws {
        let database = try Database(file)
        var lost: Set<UUIDv7> = []
        let events = try database.prepare(
            "SELECT id FROM run_events WHERE \(StoreTable.runEvents.isDamaged)"
        )
        try events.forEachRow { (row) throws(StorageError) in
            lost.insert(row.id(at: 0))
            return true
        }
        try database.transaction { () throws(StorageError) in
            try repairStoreRow(database)
            for table in StoreTable.allCases where table != .store {
                try database.execute("DELETE FROM \(table.rawValue) WHERE \(table.isDamaged)")
            }
            try database.execute(
                """
                DELETE FROM request_chunks WHERE last NOT IN (SELECT last FROM request_contents);
                DELETE FROM request_contents WHERE last NOT IN (SELECT last FROM request_chunks);
                """
            )
        }
        let writer = try StoreWriter(file, settings: StoreSettings())
        try writer.database.transaction { () throws(StorageError) in
            try writer.dropRuns(lost)
        }
        try writer.sync()
    }

    private func repairStoreRow(_ database: Database) throws(StorageError) {
        let damaged = try database.integer(
            "SELECT count(*) FROM store WHERE \(StoreTable.store.isDamaged)"
        )
        guard damaged != 0 else { return }
        let keys = [secrets.fingerprintKey, secrets.maskKey].map { key in
            StorageValue.blob(StoreKey.id(UUIDv7(high: key.0, low: key.1)).span.copied)
        }
        try database.run(
            StoreTable.store.insert,
            1,
            .integer(Int64(clamping: completeThrough)),
            0,
            keys[0],
            keys[1]
        )
    }

    /// Takes what can be read of the log into the database, and sets the log aside.
    private func drainLog() throws {
        var settings = StoreSettings()
        // Nothing is removed for being old: the server's own settings say what is.
        settings.retention = .seconds(.max)
        settings.refusedRetention = .seconds(.max)
        settings.rememberedCountMax = .max
        let store = try Store(directory: directory, settings: settings, log: .silent)
        defer { store.close() }
        let through = store.completeThrough
        var last = through
        var failure: StoreError?
        let files = try POSIXFileSystem(directory: logPath)
        do throws(LogError) {
            _ = try SegmentLog.check(files: files, after: through) { number, bytes in
                let bytes = bytes.copied
                guard number > through, RepairedRecord.isReadable(bytes) else {
                    return number <= through
                }
                do throws(StoreError) {
                    try store.replay(NumberedRecord(number: number, bytes: bytes))
                    last = number
                    return true
                } catch {
                    failure = error
                    return false
                }
            }
        } catch {
            // As far as it goes: that is what the step said.
        }
        if let failure { throw failure }
        try store.finishReplay(through: last)
        try setAside("log")
        try Database(file).set(.log, nil)
    }
}

extension StoreWriter {
    /// Removes runs, and those whose workflow is not known any more, with their events, and counts the others anew.
    func dropRuns(_ lost: Set<UUIDv7>) throws(StorageError) {
        var kinds: [Int64: Int64] = [:]
        let known = try database.prepare("SELECT id FROM kinds")
        try known.forEachRow { (row) throws(StorageError) in
            kinds[row.integer(at: 0)] = 0
            return true
        }
        var chunks: [Int64] = []
        let find = try database.prepare("SELECT first FROM run_chunks ORDER BY first")
        try find.forEachRow { (row) throws(StorageError) in
            chunks.append(row.integer(at: 0))
            return true
        }
        var open: Int64 = 0
        var withEvents: Set<UUIDv7> = []
        for first in chunks {
            let chunk = try StoredChunk(holding: first, statements, database)
            var isChanged = false
            runs.clear()
            try StorageError.damage { () throws(RecordReader.Damage) in
                var places = ChunkPlaces(chunk.content)
                while let place = try places.next() {
                    try row.read(place, in: chunk.content)
                    guard !lost.contains(row.id), let kind = row.kind, kinds[kind] != nil else {
                        isChanged = true
                        continue
                    }
                    kinds[kind, default: 0] += 1
                    if row.status == nil { open += 1 }
                    if row.hasEarlier { withEvents.insert(row.id) }
                    runs.copy(place, from: chunk.content)
                }
            }
            guard isChanged else { continue }
            if runs.pieces().isEmpty {
                try database.run("DELETE FROM run_chunks WHERE first = ?", .integer(first))
            } else {
                try writeRuns(over: chunk)
            }
        }
        try dropEvents(butOf: withEvents)
        for (kind, count) in kinds {
            try database.run(
                "UPDATE kinds SET runs = ?1, sum = \(StoreTable.kinds.sum(["runs": "?1"])) WHERE id = ?2",
                .integer(count),
                .integer(kind)
            )
        }
        let sum = StoreTable.store.sum(["open_runs": "?1"])
        try database.run("UPDATE store SET open_runs = ?1, sum = \(sum)", .integer(open))
    }

    private func dropEvents(butOf runs: Set<UUIDv7>) throws(StorageError) {
        var gone: Set<UUIDv7> = []
        let find = try database.prepare("SELECT id FROM run_events")
        try find.forEachRow { (row) throws(StorageError) in
            let run = row.id(at: 0)
            if !runs.contains(run) { gone.insert(run) }
            return true
        }
        for run in gone { try removeEvents(of: run) }
    }
}
