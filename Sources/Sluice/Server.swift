internal import Components
package import Configuration
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
package import Primitives
internal import Rendezvous
package import Runs
internal import Store
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
    private let surroundings: ServerEnvironment
    private let alarms = Alarms()
    let questions = QuestionService()
    private let claims: ClaimTable
    private let health: HealthStatus
    private let persistence: Persistence
    private let table: WaiterTable
    private let commit: JournalCommit
    private let isStopped = Atomic(false)

    /// Puts the rooms together; nothing listens yet.
    ///
    /// - Parameters:
    ///   - configuration: A configuration without errors.
    ///   - persistence: Where decisions are kept.
    ///   - senderClock: The present, by which signatures of senders are too old or too new.
    ///   - log: Where lines go.
    /// - Throws: ``StartFailure`` when the system gives no threads or descriptors, or a gateway cannot be started.
    package init(
        _ configuration: Configuration,
        persistence: Persistence = Persistence(),
        senderClock: @escaping @Sendable () -> WallTime = { .now() },
        log: Log
    ) throws(StartFailure) {
        (self.persistence, self.configuration, self.log) = (persistence, configuration, log)
        try Self.refuse(configuration)
        Self.loadCharsets(log)
        let threads = Self.threads(configuration.server.threads)
        do {
            loops = try LoopGroup(threads: threads, name: "loop")
            client = try Self.client(configuration, log)
            (clock, programs) = (try DeadlineClock(), try Self.programs(configuration, log))
        } catch {
            throw StartFailure(error)
        }
        pool = WorkerPool(threads: Self.threads(configuration.executor.threads), name: "worker")
        table = Self.table(configuration, persistence, threads: threads)
        commit = JournalCommit(journal: persistence.journal, table: table)
        let gateways = GatewayAddresses(GatewaySettings.values(configuration.gateways))
        surroundings = Self.surroundings(configuration, client, programs, alarms, clock, log)
        engine = RunEngine(
            parts: Self.engineParts(
                configuration,
                persistence,
                surroundings,
                commit,
                table: table,
                pool: pool,
                gateways: gateways,
                log: log
            ),
            settings: configuration.executor
        )
        claims = Self.claims(configuration, persistence)
        health = Self.healthBoard(engine, persistence)
        http = try Self.http(
            Sites(
                configuration: configuration,
                engine: engine,
                table: table,
                commit: commit,
                gateways: gateways,
                pool: pool,
                alarms: alarms,
                questions: questions,
                departures: surroundings.components.departures,
                claims: claims,
                client: client,
                health: health,
                secrets: persistence.secrets,
                store: persistence.store,
                senderClock: senderClock,
                log: log
            ),
            on: loops
        )
        commit.onRecovery { [weak engine] in engine?.journalRecovered() }
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
                answerMemoryMax: sites.configuration.server.answerMemoryMax,
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
                owners: HeldOwners(
                    configuration.listeners,
                    nobody: configuration.heldLimits.count
                ),
                log: log,
                heldBytesMax: configuration.heldBytesMax
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

    /// Says that the server goes down, then takes no new work, begins no request of a run any more, and waits for what is
    /// under way.
    ///
    /// What comes back is journaled; who waits for a run is told where it will be found.
    ///
    /// - Parameters:
    ///   - delay: How long everything is still served while `/readyz` and `/health` say that the server goes down.
    ///   - grace: How long requests may take after that.
    ///   - onDrained: Called once, on some thread, when nothing is under way any more or the grace is over.
    package func drain(
        delay: Nanoseconds = Nanoseconds(0),
        grace: Nanoseconds,
        onDrained: @escaping @Sendable () -> Void
    ) {
        health.announce()
        guard delay > Nanoseconds(0) else { return drainNow(grace, onDrained) }
        alarms.after(delay) { [weak self] in self?.drainNow(grace, onDrained) }
    }

    private func drainNow(_ grace: Nanoseconds, _ onDrained: @escaping @Sendable () -> Void) {
        health.drain()
        let left = Countdown(2, then: onDrained)
        http.drain(until: .now().advanced(by: grace)) { _ in left.count() }
        let isHeard = Lock(false)
        let end: @Sendable () -> Void = { [alarms] in
            alarms.farewells.giveAll()
            let wasHeard = isHeard.withLock { isHeard in
                defer { isHeard = true }
                return isHeard
            }
            if !wasHeard { left.count() }
        }
        surroundings.components.departures.hold { [self] in whenJournaled(end) }
        // Those who wait must hear it before their connections are closed.
        alarms.after(Nanoseconds(max(0, grace.count - Self.farewellTime.count)), end)
    }

    /// So much time is kept of the grace for telling those who wait.
    private static let farewellTime = Nanoseconds.milliseconds(250)

    /// Calls `body` when the runs have handled what came, and the journal has what they made of it.
    private func whenJournaled(_ body: @escaping @Sendable () -> Void) {
        guard pool.isIdle else {
            alarms.after(.milliseconds(5)) { [self] in whenJournaled(body) }
            return
        }
        commit.whenSettled(table.lastNumber) { _ in body() }
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
        questions.stop()
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
            log(.info, "Public URL: \(url)", [.init("port", gateway.port)])
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
                "Store opened",
                [
                    .init("path", configuration.store.path),
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
