internal import Components
internal import Configuration
internal import Controller
internal import Documents
internal import Executor
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Journal
internal import Listeners
internal import Loops
internal import Outbound
internal import Primitives
internal import Rendezvous
internal import Runs
internal import Store
internal import Synchronization
internal import Workflows

/// Making the parts that a server is put together from.
extension Server {
    /// Loads the tables of encodings before requests come, and says which are not installed.
    static func loadCharsets(_ log: Log) {
        let missing = CharsetTables.load()
        guard !missing.isEmpty else { return }
        let names = missing.map(\.rawValue).joined(separator: ", ")
        log(.info, "Texts in some encodings cannot be decoded", [.init("encodings", names)])
    }

    static func shelf(
        _ configuration: Configuration,
        _ persistence: Persistence
    ) -> PlanCache {
        guard let source = persistence.source, let store = persistence.store else {
            return PlanCache(
                current: configuration.plans,
                origin: Fingerprint(high: 0, low: 0)
            )
        }
        return PlanCache(
            current: configuration.plans,
            origin: source.fingerprint
        ) { (origin) throws(StoreError) in
            try store.text(origin).flatMap {
                ConfigurationSource(bytes: $0, environment: source.environment)
            }?.plans()
        }
    }

    static func components(
        _ configuration: Configuration,
        _ client: HTTPClient,
        _ programs: Programs,
        _ alarms: Alarms,
        _ log: Log
    ) -> ComponentRunner {
        ComponentRunner(
            client: client,
            programs: programs,
            alarms: alarms,
            gates: ComponentLimiters(configuration.plans, clock: programs.port),
            settings: configuration.client,
            redaction: configuration.redaction,
            log: log
        )
    }

    /// The waiter table, empty, for so many threads that look into it at once.
    static func table(
        _ configuration: Configuration,
        _ persistence: Persistence,
        threads: Int
    ) -> WaiterTable {
        WaiterTable(
            configuration: WaiterTable.Configuration(
                shards: max(WaiterTable.Configuration.shardsLeast, threads * 16),
                rememberFor: configuration.store.rememberFor,
                rememberedCountMax: configuration.store.rememberedCountMax,
                heldLimits: configuration.heldLimits,
                waitersMax: configuration.store.waitersMax,
                lastNumber: persistence.lastNumber,
                isFinalAtOnce: persistence.journal.isVolatile
            )
        )
    }

    /// What runs have round them.
    static func surroundings(
        _ configuration: Configuration,
        _ client: HTTPClient,
        _ programs: Programs,
        _ alarms: Alarms,
        _ clock: DeadlineClock,
        _ log: Log
    ) -> ServerEnvironment {
        ServerEnvironment(
            components: components(configuration, client, programs, alarms, log),
            timers: clock,
            alarms: alarms
        )
    }

    /// The memory of requests that started runs, empty.
    static func claims(
        _ configuration: Configuration,
        _ persistence: Persistence
    ) -> ClaimTable {
        ClaimTable(
            key: persistence.secrets.fingerprintKey,
            bytesMax: configuration.store.claimsBytesMax
        )
    }

    /// Refuses what a configuration says and this server cannot do.
    static func refuse(_ configuration: Configuration) throws(StartFailure) {
        guard let first = configuration.startRefusals.first else { return }
        throw StartFailure(message: "\(first.position.description): \(first.message)")
    }

    static func threads(_ configured: Int) -> Int {
        configured > 0 ? configured : ProcessorCount.available()
    }

    /// The runs that are not in memory; nil where nothing is kept.
    static func archive(
        _ persistence: Persistence,
        _ pool: WorkerPool,
        _ surroundings: ServerEnvironment,
        _ log: Log
    ) -> RunArchive? {
        persistence.store.map {
            RunArchive(store: $0, pool: pool, surroundings: surroundings, log: log)
        }
    }

    /// Tells whether what comes can be kept.
    static func healthBoard(
        _ engine: RunEngine,
        _ persistence: Persistence
    ) -> HealthStatus {
        HealthStatus(
            refusal: { [commit = engine.commit] in commit.refusal },
            trouble: { [store = persistence.store, archive = engine.archive] in
                archive?.failure ?? store?.failure
            }
        )
    }

    /// What outgoing requests are sent through.
    static func client(_ configuration: Configuration, _ log: Log) throws -> HTTPClient {
        try HTTPClient(
            threads: configuration.client.threads,
            maxConcurrentCount: configuration.client.concurrentMax,
            log: log
        )
    }

    /// What local programs are run by.
    static func programs(_ configuration: Configuration, _ log: Log) throws -> Programs {
        try Programs(configuration.plans, settings: configuration.programs, log: log)
    }

    /// What the run engine is put together from.
    static func engineParts(
        _ configuration: Configuration,
        _ persistence: Persistence,
        _ surroundings: ServerEnvironment,
        _ commit: JournalCommit,
        table: WaiterTable,
        pool: WorkerPool,
        gateways: GatewayAddresses,
        log: Log
    ) -> RunEngine.Parts {
        RunEngine.Parts(
            shelf: shelf(configuration, persistence),
            table: table,
            log: log,
            pool: pool,
            commit: commit,
            surroundings: surroundings,
            gateways: gateways,
            defaultChannels: configuration.defaultChannels,
            resultBytesMax: configuration.callbackBytesMax,
            redaction: configuration.redaction,
            archive: archive(persistence, pool, surroundings, log)
        )
    }
}
