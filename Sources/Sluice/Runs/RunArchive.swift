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
            readers[run, default: []].append(body)
            return readers[run]?.count == 1
        }
        guard isFirst else { return }
        let isTaken = pool.submit(Work { [self] in bring(run, engine) })
        if !isTaken { tell(nil, run) }
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

    private func tell(_ cell: RunCell?, _ run: UUIDv7) {
        let waiting = readers.withLock { $0.removeValue(forKey: run) ?? [] }
        for body in waiting { body(cell) }
    }

    private func complain(_ error: StoreError, _ run: UUIDv7? = nil) {
        log(
            .error,
            "The store could not be read: \(error.description)",
            run.map { [.init("task_id", $0.text)] } ?? []
        )
    }
}
