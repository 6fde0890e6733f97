internal import Journal
internal import Platform
internal import Primitives
internal import SegmentLog
internal import Storage

/// What can be done about a damaged store while no server has it, and what each step would give up.
///
/// Looking changes nothing. What is replaced is kept beside the store, under a name that ends with `.damaged`.
package struct StoreRepair {
    /// What is to be done, in order; nothing for a sound store.
    package private(set) var steps: [Step] = []
    /// What is damaged and needs no repair, a sentence each.
    package private(set) var notes: [String] = []
    let directory: String
    let file: DatabaseSettings
    /// The secrets that the repaired store has.
    var secrets = StoreSecrets.fresh()
    /// Up to which number the database is complete, as far as it can be told.
    var completeThrough: UInt64 = 0
    /// Held from the look to the end of the repair: no server may begin meanwhile.
    private var lock: (any AnyObject & Sendable)?

    /// One step.
    package struct Step {
        /// What is wrong, what is done about it, and what is given up, in sentences.
        package let text: String
        let action: Action
    }

    /// What a step does.
    enum Action {
        case writeSecrets
        case makeDatabase(after: UInt64)
        case makeIndexes
        case dropRows
        case forgetLog
        case drainLog
        case setLogAside
    }

    /// Looks at a store.
    ///
    /// - Throws: ``StoreError``: `cannotOpen` where there is none, `busy` where a server has it, `newerVersion`, `io`.
    /// - Complexity: O(size of the log and the store).
    package init(directory: String) throws(StoreError) {
        self.directory = directory
        var file = DatabaseSettings(path: directory + "/store.db", owner: StoreSchema.applicationID)
        file.pageBytes = StoreSchema.pageBytes
        self.file = file
        guard FileText.exists(logPath) || FileText.exists(file.path) else {
            throw StoreError(.cannotOpen, "there is no store in \(directory)")
        }
        do {
            try look()
        } catch {
            throw Self.told(error)
        }
    }

    /// Does all steps.
    ///
    /// - Throws: ``StoreError``; what was done until then stays done, and a new look tells what is left.
    package func apply() throws(StoreError) {
        do {
            for step in steps { try take(step.action) }
        } catch {
            throw Self.told(error)
        }
    }

    /// The log's directory.
    var logPath: String { directory + "/log" }

    private static func told(_ error: any Error) -> StoreError {
        switch error {
        case let error as StoreError: error
        case let error as StorageError: StoreError(error)
        case let error as LogError: StoreError(.corrupt, "the log: \(error.description)")
        case let error as FileFailure: StoreError(.io, error.description)
        case let error as FileError: StoreError(.io, "\(error.path): \(error.reason)")
        default: StoreError(.other, "\(error)")
        }
    }
}

/// Looking.
extension StoreRepair {
    /// What the database is like.
    private struct Found {
        var problem: String?
        var isMissing = false
        var badIndexes: [String] = []
        var rows: [DamagedRow] = []
        var secrets: StoreSecrets?
        var hadLog = false
        var isBackup = false
    }

    private mutating func look() throws {
        let hasLog = try takeLock()
        var found = Found()
        if FileText.exists(file.path) {
            found = try lookAtDatabase()
        } else if hasLog {
            found.isMissing = true
            found.problem = "it is missing"
        }
        let isLost = found.problem != nil
        let log = hasLog ? try LogLook(logPath, after: completeThrough, isLost: isLost) : nil
        noteSecrets(found)
        if let problem = found.problem {
            add(problem, found, log)
        } else {
            if !found.badIndexes.isEmpty {
                add(
                    .makeIndexes,
                    "Indexes of store.db do not fit their tables (\(found.badIndexes[0])): they are made anew. "
                        + "Nothing is given up."
                )
            }
            if !found.rows.isEmpty { add(found.rows, log) }
        }
        add(log, found)
    }

    private mutating func add(_ action: Action, _ text: String) {
        steps.append(Step(text: text, action: action))
    }

    /// Takes the log's lock; gives whether there is a log with segments.
    private mutating func takeLock() throws -> Bool {
        guard FileText.exists(logPath) else { return false }
        let files = try POSIXFileSystem(directory: logPath)
        switch try files.lock("lock") {
        case .held(let lock): self.lock = lock
        case .taken(let pid):
            throw StoreError(
                .busy,
                "the store is in use by another process\(pid.map { " (\($0))" } ?? ""): stop it first"
            )
        }
        return try files.list().contains { $0.hasPrefix("segment-") }
    }

    private mutating func lookAtDatabase() throws -> Found {
        var found = Found()
        do {
            let database = try Database(readOnly)
            let version = try database.schemaVersion()
            guard version == StoreSchema.migrations.version else {
                throw StoreError(
                    version > StoreSchema.migrations.version ? .newerVersion : .other,
                    "store.db has schema version \(version), and this program repairs version "
                        + "\(StoreSchema.migrations.version)"
                        + (version < StoreSchema.migrations.version
                            ? ": start a server of this version, which brings it there" : "")
                )
            }
            let problems = try database.findProblems(problemsMax: 20)
            found.badIndexes = problems.filter { $0.contains("index") }
            found.problem = problems.first { !$0.contains("index") }
            guard found.problem == nil else { return found }
            found.rows = try DamagedRow.all(database)
            try read(database, &found)
        } catch let error as StorageError {
            guard error.kind == .corrupt || error.kind == .notADatabase else { throw error }
            found.problem = error.message
        }
        return found
    }

    private var readOnly: DatabaseSettings {
        var settings = file
        settings.isReadOnly = true
        return settings
    }

    private mutating func read(_ database: Database, _ found: inout Found) throws {
        if !found.rows.contains(where: { $0.table == .properties }) {
            found.hadLog = try database.property(.log) != nil
            found.isBackup = try database.property(.backup) != nil
        }
        if found.rows.contains(where: { $0.table == .store }) {
            // The highest number that any row tells of: what came after it left nothing there.
            let numbers = ["mark_chunks", "request_chunks"].map { "SELECT max(last) FROM \($0)" }
            let others = ["held", "claims", "texts"].map { "SELECT max(number) FROM \($0)" }
            for sql in numbers + others {
                completeThrough = max(
                    completeThrough,
                    UInt64(clamping: try database.integer(sql) ?? 0)
                )
            }
        } else {
            let through = try database.integer("SELECT complete_through FROM store")
            completeThrough = UInt64(clamping: through ?? 0)
            found.secrets = try StoreSecrets(database)
        }
    }

    private mutating func noteSecrets(_ found: Found) {
        let kept = SecretsFile(directory: directory).read()
        if let stored = found.secrets {
            secrets = stored
            switch kept {
            case .missing where found.isBackup: break
            case .missing:
                add(
                    .writeSecrets,
                    "The file `secrets` is missing: it is written from store.db. Nothing is given up."
                )
            case .sound(let kept):
                if kept == stored { break }
                add(
                    .writeSecrets,
                    "The file `secrets` belongs to another store: it is written anew from store.db. Nothing is given up."
                )
            case .damaged(let reason):
                add(
                    .writeSecrets,
                    "The file `secrets` is damaged (\(reason)): it is written anew from store.db. Nothing is given up."
                )
            }
        } else if case .sound(let kept) = kept {
            secrets = kept
        } else if found.problem != nil || !found.rows.isEmpty {
            add(
                .writeSecrets,
                "The store's secrets can be read neither in store.db nor in the file `secrets`: new ones are drawn. "
                    + "Given up is that repeated callbacks and Idempotency-Keys of before are known again."
            )
        }
    }

    /// A database that cannot be read.
    private mutating func add(_ problem: String, _ found: Found, _ log: LogLook?) {
        let what =
            found.isMissing
            ? "store.db is missing: it is made anew "
            : "store.db is damaged (\(problem)): it is set aside, and made anew "
        if let log, let first = log.first {
            let isWhole = log.failure == nil
            var loss = isWhole ? "Nothing is given up." : ""
            if first > 1 {
                loss =
                    "Given up is all that was stored before record \(first): runs, waits, held callbacks, requests."
            }
            let source = isWhole ? "from the log." : "from what can be read of the log."
            add(
                .makeDatabase(after: first - min(first, 1)),
                what + source + (loss.isEmpty ? "" : " " + loss)
            )
        } else {
            add(
                .makeDatabase(after: 0),
                what + "empty, for there is no log that can be read. Given up is everything."
            )
        }
    }

    private mutating func add(_ rows: [DamagedRow], _ log: LogLook?) {
        let list = rows.map { "\n  " + $0.description }.joined()
        if let log, log.first == 1, log.failure == nil {
            add(
                .makeDatabase(after: 0),
                "Rows of store.db are damaged: it is set aside and made anew from the log, which has every record. "
                    + "Nothing is given up.\(list)"
            )
        } else {
            add(.dropRows, "Rows of store.db are damaged: they are removed. Given up are:\(list)")
        }
    }

    private mutating func add(_ log: LogLook?, _ found: Found) {
        if log != nil, found.isBackup {
            add(
                .setLogAside,
                "store.db is a backup, and the log beside it belongs to another store: the log is set aside. "
                    + "Given up is what is in that log."
            )
        } else if let log, let failure = log.failure {
            add(
                .drainLog,
                "The log cannot be read to its end (\(failure)): \(log.saving), and the log is set aside. "
                    + "Given up are the records from number \(log.last + 1) on."
            )
        } else if let log, let passed = log.passed {
            notes.append(
                "The log is damaged (\(passed)) where store.db has what was there: a start passes over it, and the "
                    + "log lets go of it in time."
            )
        } else if log == nil, found.hadLog {
            add(
                .forgetLog,
                "The log is missing: the store goes on without it after record \(completeThrough). "
                    + "Given up is what was accepted after that and was in the log alone; nobody can tell what it was."
            )
        }
    }
}

/// What can be read of a log.
private struct LogLook {
    /// The number of its first record; nil where none can be read.
    private(set) var first: UInt64?
    /// The last one that can be read, at least what the database has.
    private(set) var last: UInt64
    /// How many of them the database does not have.
    private(set) var newer = 0
    /// Why it cannot be read to its end; nil where it can.
    private(set) var failure: String?
    /// What is damaged of it that the database has; nil for nothing.
    private(set) var passed: String?

    /// What becomes of the records before the place where it cannot be read, as a clause.
    var saving: String {
        switch newer {
        case 0: "store.db has all records before that place"
        case 1: "the 1 record before that place which store.db does not have yet is taken into it"
        default:
            "the \(newer) records before that place which store.db does not have yet are taken into it"
        }
    }

    /// Reads a log; `isLost` says that there is no database any more which has what lies before its first record.
    init(_ path: String, after stored: UInt64, isLost: Bool) throws {
        let files = try POSIXFileSystem(directory: path)
        var first: UInt64?
        do throws(LogError) {
            let report = try SegmentLog.check(files: files) { number, _ in
                first = first ?? number
                return true
            }
            first = report.firstSequence
        } catch {
            passed = error.description
        }
        self.first = first
        let through = isLost ? max(stored, first.map { $0 - min($0, 1) } ?? 0) : stored
        last = through
        try read(files, after: through)
        if failure != nil { passed = nil }
    }

    private mutating func read(_ files: POSIXFileSystem, after through: UInt64) throws {
        var (last, newer) = (through, 0)
        do throws(LogError) {
            _ = try SegmentLog.check(files: files, after: through) { number, bytes in
                guard RepairedRecord.isReadable(bytes.copied) else { return false }
                if number > through { newer += 1 }
                last = max(last, number)
                return true
            }
        } catch {
            switch error {
            case .file: throw error
            case .newerVersion: throw StoreError(.newerVersion, "the log: \(error.description)")
            default: failure = error.description
            }
        }
        (self.last, self.newer) = (last, newer)
    }
}

/// A record that a repair reads.
enum RepairedRecord {
    /// Whether bytes are a record.
    static func isReadable(_ bytes: [UInt8]) -> Bool {
        do throws(RecordReader.Damage) {
            _ = try JournalRecord(bytes)
            return true
        } catch {
            return false
        }
    }
}
