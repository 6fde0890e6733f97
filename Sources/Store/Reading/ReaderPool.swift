internal import Primitives
internal import Storage

/// A fixed number of connections that read, each lent to one thread at a time; who finds none waits for one.
///
/// All are opened at the start: a process that has no descriptors left can read its store all the same.
final class ReaderPool: Sendable {
    private let file: DatabaseSettings
    private let timeMax: Nanoseconds?
    private let state = Lock(State())

    /// What the lock guards.
    private struct State {
        var idle: [Reader] = []
        /// How many more may be opened: in the place of those that met an error.
        var missing: Int
        var waiting: [Parker] = []

        init(missing: Int = 0) { self.missing = missing }

        /// Wakes the next one who waits.
        mutating func next() -> Parker? {
            waiting.isEmpty ? nil : waiting.removeFirst()
        }
    }

    /// Opens the connections to a file that exists.
    ///
    /// - Parameters:
    ///   - file: The file.
    ///   - count: How many read at the same time; one at least.
    ///   - timeMax: How long one read may take; nil for as long as it does.
    /// - Throws: Why they cannot be opened.
    init(
        _ file: DatabaseSettings,
        count: Int,
        timeMax: Nanoseconds? = nil
    ) throws(StorageError) {
        self.timeMax = timeMax
        var file = file
        file.isReadOnly = true
        file.cacheKiB = 8192
        self.file = file
        var idle: [Reader] = []
        for _ in 0..<max(1, count) { idle.append(try Reader(file)) }
        state.withLock { $0.idle = idle }
    }

    /// A connection with the statements that are used often.
    final class Reader: @unchecked Sendable {
        // Sendable because the pool lends it to one thread at a time, and SQLite does not mind which.
        let database: Database
        let findChunk: Statement
        let findKind: Statement
        let findEvents: Statement

        fileprivate init(_ file: DatabaseSettings) throws(StorageError) {
            database = try Database(file)
            findChunk = try database.prepare(
                """
                SELECT content, \(StoreTable.runChunks.isSound) FROM run_chunks
                WHERE first <= ? ORDER BY first DESC LIMIT 1
                """
            )
            findKind = try database.prepare(
                "SELECT workflow, plan, \(StoreTable.kinds.isSound) FROM kinds WHERE id = ?"
            )
            findEvents = try database.prepare(
                """
                SELECT content, \(StoreTable.runEvents.isSound) FROM run_events
                WHERE id >= ? AND id <= ? ORDER BY id
                """
            )
        }
    }

    /// Reads one state of the store, whatever is written meanwhile.
    func read<Result>(
        _ body: (Reader) throws(StorageError) -> Result
    ) throws(StoreError) -> Result {
        do throws(StorageError) {
            let reader = try borrow()
            if let timeMax { reader.database.bound(until: .now().advanced(by: timeMax)) }
            do throws(StorageError) {
                let result = try reader.database.transaction(.deferred) {
                    () throws(StorageError) in
                    try body(reader)
                }
                giveBack(reader)
                return result
            } catch {
                // A connection that met an error is not used again.
                giveBack(nil)
                throw error
            }
        } catch {
            throw StoreError(error)
        }
    }

    private func borrow() throws(StorageError) -> Reader {
        while true {
            let parker = Parker()
            let (reader, mayOpen) = state.withLock { state -> (Reader?, Bool) in
                if let reader = state.idle.popLast() { return (reader, false) }
                if state.missing > 0 {
                    state.missing -= 1
                    return (nil, true)
                }
                state.waiting.append(parker)
                return (nil, false)
            }
            if let reader { return reader }
            guard mayOpen else {
                parker.park()
                continue
            }
            do throws(StorageError) {
                return try Reader(file)
            } catch {
                giveBack(nil)
                throw error
            }
        }
    }

    /// Copies the file with a connection of its own.
    func copy(to path: String) throws(StoreError) {
        do throws(StorageError) {
            try Database(file).backUp(to: path) { _, _ in
                true
            } mark: { (copy) throws(StorageError) in
                try copy.transaction { () throws(StorageError) in
                    try copy.set(.log, nil)
                    try copy.set(.backup, String(WallTime.now().milliseconds))
                }
            }
        } catch {
            throw StoreError(error)
        }
    }

    /// Closes what is not in use.
    func close() {
        let readers = state.withLock { state in
            defer { state.idle = [] }
            state.missing += state.idle.count
            return state.idle
        }
        _ = consume readers
    }

    /// Takes a connection back; nil for one that is gone.
    private func giveBack(_ reader: Reader?) {
        let next = state.withLock { state -> Parker? in
            if let reader { state.idle.append(reader) } else { state.missing += 1 }
            return state.next()
        }
        next?.unpark()
    }
}
