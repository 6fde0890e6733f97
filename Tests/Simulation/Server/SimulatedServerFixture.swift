import Configuration
import Executor
import HTTPWire
import JSONWire
import Journal
import Primitives
import Rendezvous
import Store

@testable import Listeners
@testable import Runs
@testable import Sluice

/// One life of the simulated server, from a start to a crash: the server's own table, journal commit, engine and callback
/// service.
final class SimulatedServerFixture {
    let pool = WorkerPool.byHand()
    let table: WaiterTable
    let journal: SimulatedJournal
    let commit: JournalCommit
    let surroundings: SimulatedSurroundings
    let engine: RunEngine
    let service: CallbackService
    private let world: () -> (now: Instant, wall: WallTime)
    private let scanner = JSONScanner()
    /// What the one loop has decided in its turn.
    private let batch: CallbackBatch
    /// The answers of the turn that rest on what was decided in it.
    private var owed: [(number: UInt64, tell: @Sendable (Bool) -> Void)] = []
    /// Whether the loop's turn has not ended.
    private(set) var isTurnOpen = false

    /// The fingerprint under which the plans are known.
    static let origin = Fingerprint(high: 1, low: 1)

    init(_ world: World, journal: SimulatedJournal, after number: UInt64) {
        let configuration = SamplePlans.configuration
        table = WaiterTable(
            configuration: WaiterTable.Configuration(
                shards: 4,
                rememberFor: SimulatedStore.rememberFor,
                rememberedCountMax: 100_000,
                heldLimits: configuration.listeners.map(\.held),
                seed: (1, 2),
                start: world.now,
                lastNumber: number
            )
        )
        self.journal = journal
        journal.lastDrawn = { [table] in table.lastNumber }
        commit = JournalCommit(journal: journal, table: table)
        surroundings = SimulatedSurroundings(world)
        engine = RunEngine(
            parts: RunEngine.Parts(
                shelf: PlanCache(current: configuration.plans, origin: Self.origin),
                table: table,
                log: .silent,
                pool: pool,
                commit: commit,
                surroundings: surroundings,
                gateways: GatewayAddresses(GatewaySettings.values(configuration.gateways)),
                defaultChannels: configuration.defaultChannels,
                redaction: configuration.redaction,
                archive: RunArchive(
                    store: world.store,
                    pool: pool,
                    surroundings: surroundings,
                    log: .silent
                )
            ),
            settings: world.executor
        )
        commit.onRecovery { [weak engine] in engine?.journalRecovered() }
        service = CallbackService(
            matcher: CallbackMatcher(
                table: table,
                commit: commit,
                engine: engine,
                fingerprintKey: (3, 4),
                log: .silent
            ),
            commit: commit,
            gateways: engine.gateways,
            pool: pool,
            recorder: RequestRecorder(commit: commit, mask: nil, isRelaxed: false)
        )
        batch = service.batch(on: nil)
        self.world = { [unowned world] in (world.now, world.wall) }
    }

    /// Decides a request as a loop does.
    func decide(
        _ body: [UInt8],
        at endpoint: CallbackEndpoint,
        _ request: UUIDv7
    ) -> CallbackDecision {
        isTurnOpen = true
        let present = world()
        return body.withRawSpan { body in
            service.decide(
                .json,
                body,
                CallbackService.Head(at: endpoint, request, time: present.wall),
                now: present.now,
                scanner: scanner,
                batch: batch
            )
        }
    }

    /// Takes an answer that leaves when the turn has ended and what it rests on is settled.
    func answer(_ decision: CallbackDecision, _ tell: @escaping @Sendable (Bool) -> Void) {
        owed.append((decision.number, tell))
    }

    /// Ends the loop's turn: what was decided goes to the journal.
    func endTurn() {
        isTurnOpen = false
        batch.end()
        let all = owed
        owed = []
        for one in all { commit.whenSettled(one.number, one.tell) }
    }

    deinit {
        // What is queued holds the pool that holds it, and what waits for the journal the engine that holds that.
        pool.dropAll()
        journal.dropAll()
        // Runs have mail that holds it, too, and calls under way have runs.
        surroundings.flights = []
        surroundings.dropAlarms()
        engine.letGo()
    }

    /// Brings back what the store has, as the start of a server does.
    func recover(_ store: SimulatedStore) throws(StoreError) {
        let recovery = Recovery(
            store: store,
            table: table,
            claims: ClaimTable(key: (1, 2), bytesMax: 1 << 20),
            surroundings: surroundings,
            owners: HeldOwners(SamplePlans.configuration.listeners),
            log: .silent
        )
        let refused = try recovery.restoreTable()
        try recovery.resumeRuns(engine, refused: refused)
    }

    /// Whether no mail waits to be handled.
    var isIdle: Bool { pool.queuedCount == 0 }

    /// Whether, besides, everything that was decided is settled.
    var isSettled: Bool {
        isIdle && !isTurnOpen && journal.waitingCount == 0 && !journal.isFailed
            && engine.archive?.wantedCount == 0
    }
}
