internal import Documents
internal import Executor
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Loops
internal import Outbound
package import Primitives
internal import Rendezvous
internal import Synchronization
internal import Workflows

/// The whole server: every room put together for one configuration.
///
/// Made, started and stopped from one thread that is none of its own.
package final class Server: Sendable {
    /// Runs: starts them and tells how they stand.
    package let engine: RunEngine
    private let configuration: Configuration
    private let log: Log
    private let loops: LoopGroup
    private let http: HTTPServer
    private let pool: WorkerPool
    private let client: HTTPClient
    private let programs: Programs
    private let clock: DeadlineClock
    private let surroundings: ServerSurroundings
    private let alarms = Alarms()
    private let claims: ClaimTable
    private let health: HealthBoard
    private let persistence: Persistence
    private let table: WaiterTable
    private let isStopped = Atomic(false)

    /// Puts the rooms together; nothing listens yet.
    ///
    /// - Parameters:
    ///   - configuration: A configuration without errors.
    ///   - persistence: Where decisions are kept.
    ///   - log: Where lines go.
    /// - Throws: ``StartFailure`` when the system gives no threads or descriptors, or a gateway cannot be started.
    package init(
        _ configuration: Configuration,
        persistence: Persistence = Persistence(),
        log: Log
    ) throws(StartFailure) {
        self.persistence = persistence
        self.configuration = configuration
        self.log = log
        try Self.refuseTunnels(configuration)
        let threads = Self.threads(configuration.server.threads)
        do {
            loops = try LoopGroup(threads: threads, name: "loop")
            client = try Self.client(configuration, log)
            clock = try DeadlineClock()
            programs = try Self.programs(configuration, log)
        } catch {
            throw StartFailure(error)
        }
        pool = WorkerPool(threads: Self.threads(configuration.executor.threads), name: "worker")
        table = Self.table(configuration, persistence, threads: threads)
        let settlement = Settlement(journal: persistence.journal, table: table)
        let gateways = GatewayBoard(GatewaySettings.values(configuration.gateways))
        surroundings = Self.surroundings(configuration, client, programs, alarms, clock, log)
        engine = RunEngine(
            parts: Self.engineParts(
                configuration,
                persistence,
                surroundings,
                settlement,
                table: table,
                pool: pool,
                gateways: gateways,
                log: log
            ),
            settings: configuration.executor
        )
        claims = Self.claims(configuration, persistence)
        health = Self.healthBoard(settlement, persistence)
        http = try Self.http(
            Sites(
                configuration: configuration,
                engine: engine,
                table: table,
                settlement: settlement,
                gateways: gateways,
                pool: pool,
                alarms: alarms,
                claims: claims,
                client: client,
                health: health,
                secrets: persistence.secrets,
                store: persistence.store,
                log: log
            ),
            on: loops
        )
        settlement.onRecovery { [weak engine] in engine?.journalRecovered() }
    }

    /// The HTTP server of all sites.
    private static func http(
        _ sites: Sites,
        on loops: LoopGroup
    ) throws(StartFailure) -> HTTPServer {
        do throws(RouteError) {
            return try HTTPServer(
                group: loops,
                sites: sites.all,
                bodyMemoryMax: sites.configuration.server.bodyMemoryMax,
                log: sites.log
            )
        } catch {
            throw StartFailure(error)
        }
    }

    /// Listens everywhere and begins to wake what waits.
    ///
    /// - Throws: ``StartFailure`` for an address that cannot be had; then nothing listens.
    package func start() throws(StartFailure) {
        let recovery = persistence.store.map { store in
            Recovery(
                store: store,
                table: table,
                claims: claims,
                surroundings: surroundings,
                owners: HeldOwners(configuration.listeners),
                log: log
            )
        }
        let refused: Set<UUIDv7>
        do {
            refused = try recovery?.restoreTable() ?? []
            try http.start()
        } catch {
            throw StartFailure(error)
        }
        if let source = persistence.source { engine.keep(source) }
        programs.start()
        clock.start(
            fire: { [engine] timer in engine.post(.timer(timer.timer), to: timer.run) },
            sweep: { [engine, alarms, claims, log] now in
                engine.expire(now: now)
                alarms.ring(now: now)
                claims.sweep(now: now, log)
            }
        )
        do throws(StoreError) {
            if let recovery {
                try recovery.resumeRuns(engine, refused: refused)
            } else {
                surroundings.allAdopted()
            }
        } catch {
            throw StartFailure(error)
        }
        tell()
    }

    /// The ports that are listened on, of the listeners in their order, then of the controller where there is one.
    package var ports: [Int] { http.boundPorts.flatMap { $0.map(Int.init) } }

    /// Takes no new work, lets requests under way end, then stops; `onStopped` is called when all is closed.
    ///
    /// `grace` is how long requests may take.
    package func drain(grace: Nanoseconds, onDrained: @escaping @Sendable () -> Void) {
        health.drain()
        http.drain(until: .now().advanced(by: grace)) { _ in onDrained() }
    }

    /// Closes everything at once and waits for all threads; the second call does nothing.
    package func stop() {
        guard isStopped.exchange(true, ordering: .acquiringAndReleasing) == false else { return }
        http.close()
        // Before calls are cut off: that they were must not count as their outcome.
        engine.rest()
        clock.stop()
        alarms.stop()
        client.stop()
        programs.stop()
        pool.stop()
        persistence.close()
        loops.stop()
        // What was to go on holds the engine, and the engine holds it.
        surroundings.components.letGo()
        engine.letGo()
    }

    private func tell() {
        for listener in configuration.listeners {
            log(
                .info,
                "Listening",
                [
                    .init("listener", listener.typeName),
                    .init("address", "\(listener.host):\(listener.port)"),
                    .init("endpoints", listener.endpointNames.joined(separator: ", ")),
                ]
            )
        }
        for gateway in configuration.gateways {
            guard case .domain(let url) = gateway.kind else { continue }
            log(.info, "Public URL: \(url)", [.init("port", String(gateway.port))])
        }
        if let controller = configuration.controller {
            log(
                .info,
                "Controller listening",
                [.init("address", "\(controller.host):\(controller.port)\(controller.basePath)")]
            )
        }
        if persistence.store != nil {
            log(
                .info,
                "Durable",
                [
                    .init("store", configuration.store.path),
                    .init("durability", configuration.store.durability.rawValue),
                ]
            )
        } else {
            log(
                .warning,
                "store: memory, nothing survives a restart: waits, runs and held callbacks are lost"
            )
        }
    }
}
