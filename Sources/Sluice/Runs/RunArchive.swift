internal import Executor
internal import Primitives
internal import Rendezvous
internal import Workflows

/// The runs that are in the store and not in memory: those that only wait since a restart, and those that ended.
///
/// May be used on any thread; reading is done on a worker.
final class RunArchive: Sendable {
    private let store: any RunStore
    private let pool: WorkerPool
    private let log: Log
    /// Who wants a run that is being read.
    private let readers = Lock<[UUIDv7: [@Sendable (RunCell?) -> Void]]>([:])

    /// Makes an archive over a store.
    init(store: any RunStore, pool: WorkerPool, log: Log) {
        self.store = store
        self.pool = pool
        self.log = log
    }

    /// Notes that a run does nothing but wait, once everything up to `number` is in the store.
    func notePark(_ run: UUIDv7, after number: UInt64) {
        store.notePark(run, after: number)
    }

    /// Brings a run back into memory, where it goes on, and hands it on; nil where it is unknown.
    ///
    /// Two who want the same run get the same cell.
    func recall(
        _ run: UUIDv7,
        for engine: RunEngine,
        _ body: @escaping @Sendable (RunCell?) -> Void
    ) {
        let isFirst = readers.withLock { readers in
            defer { readers[run, default: []].append(body) }
            return readers[run] == nil
        }
        guard isFirst else { return }
        let isTaken = pool.submit(Work { [self] in bring(run, engine) })
        if !isTaken { tell(nil, run) }
    }

    /// Hands mail to a run in memory, behind the mail that waits for one that is being brought back.
    ///
    /// - Returns: False where the run is not in memory and nobody brings it.
    func send(_ mail: RunCell.Mail, to run: UUIDv7, in registry: RunRegistry) -> Bool {
        let place = readers.withLock { readers -> Place in
            if readers[run] != nil {
                readers[run]?.append { $0?.send(mail) }
                return .onItsWay
            }
            return registry.find(run).map { .inMemory($0) } ?? .nowhere
        }
        switch place {
        case .inMemory(let cell):
            cell.send(mail)
            return true
        case .onItsWay: return true
        case .nowhere: return false
        }
    }

    /// Where a run is when mail for it comes.
    private enum Place {
        case inMemory(RunCell)
        case onItsWay
        case nowhere
    }

    /// Runs that the store has, newest first; on a worker.
    func runs(_ query: RunQuery) -> [StoredRunLine] {
        do throws(StoreError) {
            return try store.runs(query)
        } catch {
            complain(error)
            return []
        }
    }

    /// Whether the store has a run; on a worker.
    func has(_ run: UUIDv7) -> Bool {
        do throws(StoreError) {
            return try store.run(run) != nil
        } catch {
            complain(error, run)
            return false
        }
    }

    private func bring(_ run: UUIDv7, _ engine: RunEngine) {
        // Somebody may have been faster between the question and this.
        if let cell = engine.registry.find(run) { return tell(cell, run) }
        do throws(StoreError) {
            let stored = try store.run(run)
            tell(stored.flatMap { engine.revive($0) }, run)
        } catch {
            complain(error, run)
            tell(nil, run)
        }
    }

    /// Hands the run to those who want it, and to those who come meanwhile: only then does mail go straight to it.
    private func tell(_ cell: RunCell?, _ run: UUIDv7) {
        while true {
            let waiting = readers.withLock { readers -> [@Sendable (RunCell?) -> Void] in
                let waiting = readers[run] ?? []
                readers[run] = waiting.isEmpty ? nil : []
                return waiting
            }
            if waiting.isEmpty { return }
            for body in waiting { body(cell) }
        }
    }

    private func complain(_ error: StoreError, _ run: UUIDv7? = nil) {
        log(
            .error,
            "The store could not be read: \(error.description)",
            run.map { [.init("task_id", $0.text)] } ?? []
        )
    }
}
