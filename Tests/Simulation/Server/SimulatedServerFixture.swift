import Configuration
import Executor
import Journal
import Listeners
import Primitives
import Rendezvous
import Store

@testable import Runs
@testable import Sluice

/// One life of the simulated server, from a start to a crash: the server's own table, journal commit, engine and matcher.
final class SimulatedServerFixture {
    let pool = WorkerPool.byHand()
    let table: WaiterTable
    let journal: SimulatedJournal
    let commit: JournalCommit
    let surroundings: SimulatedSurroundings
    let engine: RunEngine
    let matcher: CallbackMatcher

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
                shelf: PlanShelf(current: configuration.plans, origin: Self.origin),
                table: table,
                log: .silent,
                pool: pool,
                commit: commit,
                surroundings: surroundings,
                gateways: GatewayBoard(GatewaySettings.values(configuration.gateways)),
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
        matcher = CallbackMatcher(
            table: table,
            commit: commit,
            engine: engine,
            fingerprintKey: (3, 4),
            log: .silent
        )
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
        isIdle && journal.waitingCount == 0 && !journal.isFailed
            && engine.archive?.wantedCount == 0
    }
}
