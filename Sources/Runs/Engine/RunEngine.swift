package import Executor
package import Journal
package import Primitives
package import Rendezvous
package import Store
internal import Synchronization
package import Workflows

// Runs
// ====
//
// A run is a value that events move (`RunMachine`, pure), a cell that holds it in memory (`RunActor`), and a row of the
// store that can bring it back (`RunArchive`). A waiting run holds no thread and no timer of its own: its wait stands in
// the waiter table, and after a while the run itself may leave memory.
//
//   callback, answer of a service,      ┌──────────── worker pool ────────────┐
//   deadline, person, child run         │                                      │
//          │                            │  handle(event) ── journal ──┐        │
//          └──▶ send(mail, to: run) ──▶ mailbox                       │ settled│
//                                       │  advance(event, stamp) ◀────┘        │
//                                       │     machine.apply ──▶ effects        │
//                                       └──────────┬───────────────────────────┘
//                                                  ▼
//              RunEnvironment: request, program, timer, child run; the waiter table: wait, end of a wait
//
// One at a time. A run's mail is handled in order by one worker at a time (`Mailbox`), so that the machine needs no lock
// while it moves. Different runs move in parallel.
//
// Written, then done. An event is journaled, and only when its record is settled does it move the machine and are its effects
// carried out (see the essay of the journal). A callback is journaled by the listener, together with the end of the wait:
// it reaches the mailbox settled. What cannot be journaled at present is kept by the run in order and repeated when
// the journal takes records again (`keep`, `repeatKept`): a run never goes past an event that was not written.
//
// Attempts. Each try of a step has a number (`AttemptRef`), and every event names the one it is for. An event of an attempt
// that is over changes nothing. That is what makes repeats harmless: a late answer, a callback that arrives after its
// deadline, an effect that is carried out again after a crash.
//
// Waiting. The machine asks for a wait before it asks for the request that will cause the callback, and the wait is settled
// before the request leaves: no callback can be too early. A wait that the table refuses fails its step with the table's reason.
//
// In memory and out. A run that only waits is `parked`: it may be dropped from memory and is read back by its next mail. What
// is read must be as new as what is settled: the store says up to which number it knows the run, and the archive waits until
// that has reached the last number that the run was moved by. A store that cannot be read is not an unknown run: mail is kept and
// tried again, people are told 503.
//
// Ends. The end is noted in the journal without anybody waiting for it; until that is settled the run stays in memory. A
// retry takes a failed run up again under a higher number than that note, whatever order they were asked for in.
//
// Not a goal: moving a run between processes, changing the plan of a run that has begun, fairness between workflows beyond
// their own bounds of concurrency.

/// Starts runs, carries them on, and tells their state; the one place where run events meet run machines.
///
/// May be used on any thread. A run's events are handled one at a time, in order, on a worker: each is journaled first,
/// and what it causes is carried out when its record is settled.
package final class RunEngine: Sendable {
    let shelf: PlanCache
    /// The runs that are in memory.
    package let registry: RunRegistry
    let table: WaiterTable
    let log: Log
    /// The workers that carry runs on.
    package let pool: WorkerPool
    /// Where what runs decide is settled.
    package let commit: JournalCommit
    let surroundings: any RunEnvironment
    let gateways: GatewayAddresses
    let workflowDepthMax: Int
    let redaction: Redaction
    let historyMax: Int
    /// The largest result that an endpoint lets in: where less fits beside what a run holds, its waits say so.
    let resultBytesMax: Int
    let places: RunLimiter?
    /// The runs that are not in memory; nil with `store: memory`, where all are.
    package let archive: RunArchive?
    /// What becomes of runs that are over or only wait.
    let keeper: any RunKeeper
    /// The runs that keep something until the journal takes records again.
    let blocked = Lock<Set<UUIDv7>>([])
    /// The channels that make up the default one.
    let defaultChannels: [UInt32]
    private let isStopping = Atomic(false)
    private let sendResult = Lock<SendResult?>(nil)

    /// Puts the parts together; nothing runs yet.
    package init(parts: Parts, settings: ExecutorSettings) {
        shelf = parts.shelf
        registry = RunRegistry(
            activeCountMax: settings.activeRunsMax,
            endedCountMax: settings.endedRunsMax
        )
        table = parts.table
        log = parts.log
        pool = parts.pool
        commit = parts.commit
        surroundings = parts.surroundings
        gateways = parts.gateways
        workflowDepthMax = settings.workflowDepthMax
        redaction = parts.redaction
        historyMax = settings.historyMax
        resultBytesMax = parts.resultBytesMax
        places = RunLimiter(max: settings.concurrentRunsMax)
        archive = parts.archive
        keeper = parts.archive ?? RunsInMemory()
        defaultChannels = parts.defaultChannels
    }

    /// What an engine is put together from.
    package struct Parts {
        let shelf: PlanCache
        let table: WaiterTable
        let log: Log
        let pool: WorkerPool
        let commit: JournalCommit
        let surroundings: any RunEnvironment
        let gateways: GatewayAddresses
        let defaultChannels: [UInt32]
        var resultBytesMax = 0
        let redaction: Redaction
        let archive: RunArchive?

        /// Puts the parts together.
        package init(
            shelf: PlanCache,
            table: WaiterTable,
            log: Log,
            pool: WorkerPool,
            commit: JournalCommit,
            surroundings: any RunEnvironment,
            gateways: GatewayAddresses,
            defaultChannels: [UInt32],
            resultBytesMax: Int = 0,
            redaction: Redaction,
            archive: RunArchive?
        ) {
            self.shelf = shelf
            self.table = table
            self.log = log
            self.pool = pool
            self.commit = commit
            self.surroundings = surroundings
            self.gateways = gateways
            self.defaultChannels = defaultChannels
            self.resultBytesMax = resultBytesMax
            self.redaction = redaction
            self.archive = archive
        }
    }

    /// The plans that new runs follow.
    package var plans: PlanSet { shelf.current }

    /// Hands an event to a run; dropped where the run is unknown or ended.
    package func post(_ event: RunEvent, to run: UUIDv7) {
        send(.event(event), to: run)
    }

    /// Hands mail to a run, wherever it is; dropped where the run is unknown or ended.
    ///
    /// Kept while the store cannot be read that may have it.
    func send(_ mail: consuming RunActor.Message, to run: UUIDv7) {
        if let job = keeper.post(mail, to: run, in: self) { pool.submit(job) }
    }

    /// Finds a run, in memory or in the store, and hands it on.
    ///
    /// At once where it is in memory, else on a worker.
    package func find(
        _ run: UUIDv7,
        patience: RunFinding.Patience = .none,
        _ body: @escaping @Sendable (RunFinding) -> Void
    ) {
        if let cell = registry.find(run) { return body(.found(cell)) }
        keeper.find(run, for: self, patience: patience, body)
    }

    /// Has `watcher` told of a run's end, at once where it ended already; never where the run is unknown.
    package func whenEnded(_ run: UUIDv7, _ watcher: @escaping @Sendable (RunOutcome) -> Void) {
        find(run, patience: .untilReadable) { $0.cell?.whenEnded(watcher) }
    }

    /// Writes down the text of the configuration that new runs follow, so that they can go on with it after a restart.
    package func keep(_ source: ConfigurationSource) {
        commit.note(.text(source.fingerprint, source.bytes))
    }

    /// How many waits are open.
    package var openWaitsCount: Int { table.counts.waiters }

    /// Has no run move any more: what is under way is taken up again at the next start, where there is a store.
    package func rest() {
        isStopping.store(true, ordering: .releasing)
    }

    /// Forgets all runs and who waits for one, once nothing moves any more.
    package func letGo() {
        registry.letGo()
        // Whoever waits for a run that the store could not give yet holds the engine, which holds the archive.
        archive?.letGo()
    }

    /// Whether runs move no more.
    var isResting: Bool { isStopping.load(ordering: .acquiring) }

    /// Sends the state of a run that has ended where its starter wanted it; calls back when that is done.
    package typealias SendResult =
        @Sendable (ResultCallback, RunActor, _ done: @escaping @Sendable () -> Void) -> Void

    /// Says how results are sent.
    package func onResult(_ send: @escaping SendResult) {
        sendResult.withLock { $0 = send }
    }

    /// How results are sent; nil where they are not.
    var resultSender: SendResult? { sendResult.withLock { $0 } }

    /// What comes with an event that happens now.
    package func freshStamp() -> Stamp {
        Stamp(
            wall: surroundings.wall,
            random: surroundings.random,
            gateways: gateways.values
        )
    }
}
