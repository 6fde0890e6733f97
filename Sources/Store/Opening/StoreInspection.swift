internal import Journal
internal import Platform
internal import Primitives
internal import SegmentLog
internal import Storage

/// A store's directory as somebody else looks at it, also while a server has it open: nothing is written to it.
package struct StoreInspection {
    /// The directory; nil for a file alone.
    private let directory: String?
    private let readers: ReaderPool

    /// What the log beside the store holds.
    package struct LogState: Sendable {
        /// How many segment files hold records.
        package let segments: Int
        /// How many records they hold.
        package let records: Int
        /// The number of the first of them; of the next one where there is none.
        package let firstNumber: UInt64
        /// The number that the next record gets at least.
        package let nextNumber: UInt64
        /// What is said of an end that cannot be read; nil where the log ends cleanly.
        package let tornEnd: String?
    }

    /// How often the log is read again that somebody changed while it was read.
    private static let attempts = 5

    /// Opens a directory.
    ///
    /// - Throws: ``StoreError``: `cannotOpen` where no store is in it, `newerVersion`, `corrupt`, `io`.
    package init(directory: String) throws(StoreError) {
        let path = directory + "/store.db"
        guard FileText.exists(path) else {
            throw StoreError(
                .cannotOpen,
                "there is no store in \(directory); the server makes one when it starts"
            )
        }
        self.directory = directory
        readers = try Self.readers(path)
    }

    /// Opens a copy of a store.
    ///
    /// - Throws: ``StoreError``: `cannotOpen`, `newerVersion`, `corrupt`, `io`.
    package init(file: String) throws(StoreError) {
        directory = nil
        readers = try Self.readers(file)
    }

    /// Reads everything in a directory and says what is wrong, a sentence each, also where the store cannot be opened for that.
    ///
    /// - Throws: ``StoreError``: `cannotOpen` where no store is in it, `newerVersion`, `io`.
    /// - Complexity: O(size of the log and the store).
    package static func check(directory: String) throws(StoreError) -> [String] {
        let path = directory + "/store.db"
        let isMissing = !FileText.exists(path)
        let hasLog = try Self.hasLog(directory)
        if !isMissing || !hasLog {
            do throws(StoreError) {
                return try StoreInspection(directory: directory).check()
            } catch {
                guard error.kind == .corrupt else { throw error }
                return [error.description + Self.repairAdvice] + logProblems(directory)
            }
        }
        return ["\(path) is missing\(Self.repairAdvice)"] + logProblems(directory)
    }

    private static let repairAdvice = "; `sluice store repair` says what can be done"

    /// Whether there is a log with segments beside a database.
    private static func hasLog(_ directory: String) throws(StoreError) -> Bool {
        let place = directory + "/log"
        guard FileText.exists(place) else { return false }
        do {
            return try SegmentLog.exists(in: POSIXFileSystem(directory: place))
        } catch {
            throw StoreError(.io, "the log: \(error)")
        }
    }

    /// What is wrong with a log whose database cannot be read.
    private static func logProblems(_ directory: String) -> [String] {
        do {
            guard try hasLog(directory) else { return [] }
            return try log(in: directory + "/log", after: nil).tornEnd.map { ["the log: \($0)"] }
                ?? []
        } catch {
            return ["the log: \(error)"]
        }
    }

    private static func readers(_ path: String) throws(StoreError) -> ReaderPool {
        var file = DatabaseSettings(path: path)
        file.applicationID = StoreSchema.applicationID
        file.isReadOnly = true
        do throws(StorageError) {
            let version = try Database(file).schemaVersion()
            let known = StoreSchema.migrations.version
            guard version == known else {
                throw StorageError(
                    version > known ? .newerSchema : .other,
                    "schema version \(version), and this program knows \(known)"
                        + (version < known ? "; a server brings it there when it starts" : "")
                )
            }
            return try ReaderPool(file, count: 1)
        } catch {
            throw StoreError(StoreError(error).kind, "\(path): \(error.message)")
        }
    }

    /// What the store holds, in numbers.
    package func stats() throws(StoreError) -> StoreStats { try readers.stats() }

    /// What the log holds that stands before the store; nil where there is none.
    package func log() throws(StoreError) -> LogState? {
        guard let place = directory.map({ $0 + "/log" }), FileText.exists(place) else {
            return nil
        }
        let through = try stats().completeThrough
        var left = Self.attempts
        var tornEnd: String?
        while true {
            left -= 1
            do {
                let state = try Self.log(in: place, after: nil)
                // A server that goes on may have been writing just there.
                if left == 0 || state.tornEnd == tornEnd { return state }
                tornEnd = state.tornEnd
            } catch let error as LogError {
                // Or it may have let go of what was just being read.
                guard left == 0 else { continue }
                throw StoreError(.corrupt, "the log: \(Self.reason(error, place, after: through))")
            } catch {
                throw StoreError(.io, "the log: \(error)")
            }
        }
    }

    /// Why a log cannot be read, and whether a start is refused for that.
    private static func reason(_ error: LogError, _ place: String, after number: UInt64) -> String {
        do {
            _ = try log(in: place, after: number)
            return error.description + "; the store has what was there, and a start passes over it"
        } catch let error as LogError {
            return error.description + LogFindings.advice(error)
        } catch {
            return "\(error)"
        }
    }

    private static func log(in place: String, after number: UInt64?) throws -> LogState {
        let files = try POSIXFileSystem(directory: place)
        let report = try SegmentLog.check(files: files, after: number) { _, bytes in
            do throws(RecordReader.Damage) {
                _ = try JournalRecord(bytes.copied)
                return true
            } catch {
                return false
            }
        }
        return LogState(
            segments: report.segments,
            records: report.records,
            firstNumber: report.firstSequence,
            nextNumber: report.nextSequence,
            tornEnd: LogFindings(report, storedThrough: 0).tornText
        )
    }

    /// Reads everything and says what is wrong, a sentence each; nothing for a sound store.
    ///
    /// - Complexity: O(size of the log and the store).
    package func check() throws(StoreError) -> [String] {
        var problems: [String] = []
        var state: LogState?
        do throws(StoreError) {
            // The log first: what it lets go of meanwhile, the store has.
            state = try log()
        } catch {
            problems.append(error.description)
        }
        if let torn = state?.tornEnd { problems.append("the log: \(torn)") }
        let ofDatabase = try readers.check().map { "store.db: \($0)" }
        // What a damaged database says of itself is not compared with what lies beside it.
        problems += ofDatabase.isEmpty ? try surroundings() : ofDatabase
        guard problems.isEmpty, let state, state.records > 0 else { return problems }
        let through = try stats().completeThrough
        if state.firstNumber > through + 1 {
            problems.append(
                "the store ends with record \(through), and the log begins with \(state.firstNumber): "
                    + "what lies between is lost"
            )
        }
        return problems
    }

    /// What is wrong with what lies beside the database: the log and the secrets that belong to it.
    private func surroundings() throws(StoreError) -> [String] {
        guard let directory else { return [] }
        let known = try readers.read { (reader) throws(StorageError) in
            (
                hadLog: try reader.database.property(.log) != nil,
                isBackup: try reader.database.property(.backup) != nil,
                secrets: try StoreSecrets(reader.database)
            )
        }
        var problems: [String] = []
        let hasLog = try Self.hasLog(directory)
        if known.hadLog, !hasLog {
            problems.append(
                "the log, \(directory)/log, is missing, and what was accepted last may have been in it alone: "
                    + "a server does not start; put it back, or see `sluice store repair`"
            )
        }
        if known.isBackup, hasLog {
            problems.append(
                "store.db is a backup, and the log beside it belongs to another store: a server does not "
                    + "start; put the backup into an empty directory, or see `sluice store repair`"
            )
        }
        let file = SecretsFile(directory: directory)
        switch file.read() {
        case .sound(let kept) where kept == known.secrets: break
        case .sound:
            problems.append(
                "\(file.path) belongs to another store than store.db: a server does not start; put the files "
                    + "of one store into the directory, or see `sluice store repair`"
            )
        case .damaged(let reason):
            problems.append(
                "\(file.path) is damaged: \(reason); a server writes it anew from store.db when it starts"
            )
        case .missing where known.isBackup: break
        case .missing:
            problems.append(
                "\(file.path) is missing; a server writes it anew from store.db when it starts"
            )
        }
        return problems
    }

    /// Copies the store, as it is at one moment, to a new file.
    ///
    /// - Throws: `cannotOpen` where the file exists already, `full`, `io`.
    package func backUp(to path: String) throws(StoreError) { try readers.copy(to: path) }
}
