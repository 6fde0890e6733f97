internal import Configuration
internal import Controller
internal import Documents
internal import Executor
internal import HTTPEngine
internal import HTTPWire
internal import Journal
internal import Listeners
internal import Loops
internal import Outbound
internal import Primitives
internal import Rendezvous
internal import Runs
internal import Store

/// What the HTTP server serves: a site for each listener and one for the controller.
struct Sites {
    let configuration: Configuration
    let engine: RunEngine
    let table: WaiterTable
    let settlement: Settlement
    let gateways: GatewayBoard
    let pool: WorkerPool
    let alarms: Alarms
    let questions: QuestionDesk
    let departures: Departures
    let claims: ClaimTable
    let client: HTTPClient
    let health: HealthBoard
    let secrets: StoreSecrets
    let store: Store?
    let senderClock: @Sendable () -> WallTime
    let log: Log

    /// The sites: the listeners in their order, then the controller where there is one.
    var all: [Site] {
        let intake = CallbackIntake(
            table: table,
            settlement: settlement,
            engine: engine,
            fingerprintKey: secrets.fingerprintKey,
            log: log
        )
        let ledger = LedgerDesk(
            settlement: settlement,
            mask: settlement.isImmediate
                ? nil : SecretMask(key: secrets.maskKey, names: secretNames),
            isRelaxed: store != nil && configuration.store.durability == .relaxed
        )
        let callbacks = CallbackDesk(
            intake: intake,
            settlement: settlement,
            gateways: gateways,
            pool: pool,
            ledger: ledger
        )
        let triggers = TriggerDesk(
            engine: engine,
            gateways: gateways,
            pool: pool,
            alarms: alarms,
            tasks: configuration.controller.map(TaskAddress.init),
            ledger: ledger,
            claims: claims
        )
        let verification = verification(ledger)
        var sites = configuration.listeners.map { listener -> Site in
            let name = name(listener)
            switch listener.endpoints {
            case .callbacks(let endpoints):
                let makeHandler = { @Sendable (loop: EventLoop) -> any RequestHandler in
                    CallbackHandler(
                        endpoints: endpoints,
                        listener: name,
                        desk: callbacks,
                        loop: loop
                    )
                }
                let routes = endpoints.map(\.settings.route)
                let verified = verified(listener)
                return site(
                    listener,
                    routes: Self.routes(routes, verified, verification, makeHandler),
                    makeHandler: makeHandler
                )
            case .triggers(let endpoints):
                let makeHandler = { @Sendable (_: EventLoop) -> any RequestHandler in
                    TriggerHandler(endpoints: endpoints, listener: name, desk: triggers)
                }
                let routes = endpoints.map(\.route)
                let verified = verified(listener)
                return site(
                    listener,
                    routes: Self.routes(routes, verified, verification, makeHandler),
                    makeHandler: makeHandler
                )
            }
        }
        if let controller = configuration.controller {
            let replays = ReplayDesk(
                configuration.listeners,
                callbacks: callbacks,
                triggers: triggers
            )
            sites.append(site(controller, shelf(replays)))
        }
        return sites
    }

    private func shelf(_ replays: ReplayDesk) -> LedgerShelf? {
        guard let store else { return nil }
        return LedgerShelf(
            store: store,
            table: table,
            engine: engine,
            channels: KeyChannels(
                configuration.listeners,
                channelNames: configuration.channelNames
            ),
            replays: replays,
            questions: questions
        )
    }

    private func site(
        _ listener: ListenerSettings,
        routes: [Route],
        makeHandler: @escaping @Sendable (EventLoop) -> any RequestHandler
    ) -> Site {
        Site(
            name: name(listener),
            addresses: [ListenAddress(host: listener.host, port: UInt16(clamping: listener.port))],
            routes: routes,
            headProbes: true,
            limits: listener.limits,
            admission: listener.admission,
            onProblem: tellProblem(among: routes.map(\.path)),
            makeHandler: makeHandler
        )
    }

    /// What a listener is called in the log, and in the ledger where no endpoint is met.
    private func name(_ listener: ListenerSettings) -> String {
        "\(listener.typeName) :\(listener.port)"
    }

    private func site(_ controller: ControllerSettings, _ ledger: LedgerShelf?) -> Site {
        let desk = ControllerDesk(
            parts: .init(
                engine: engine,
                alarms: alarms,
                client: client,
                health: health,
                claims: claims,
                ledger: ledger,
                questions: questions,
                departures: departures,
                log: log
            ),
            settings: controller
        )
        return Site(
            name: "controller",
            addresses: [
                ListenAddress(host: controller.host, port: UInt16(clamping: controller.port))
            ],
            basePath: controller.basePath,
            routes: ControllerRoutes.all(controller, desk: desk),
            limits: configuration.server.limits,
            onProblem: tellProblem(among: [])
        ) { _ in NoHandler() }
    }

    /// Logs every refusal: who is refused should be able to find out why from the other side's log.
    ///
    /// For an unknown path the log, and nobody else, is told which of `paths` is near, for a few in a second.
    private func tellProblem(among paths: [String]) -> @Sendable (ProblemReport) -> Void {
        let pace = RefusalPaceBox()
        return { [log] report in
            var fields: [LogRecord.Field] = []
            let line = report.line
            if !line.method.isEmpty { fields.append(.init("method", line.method)) }
            if !line.path.isEmpty { fields.append(.init("path", line.path)) }
            fields += [
                .init("peer", report.peer), .init("request_id", report.requestID.text),
                .init("status", report.status), .init("code", report.code.rawValue),
                .init("site", report.site),
            ]
            if report.code == .notFound, !line.path.isEmpty, pace.takes(),
                let near = NearestName.suggest(line.path, among: paths)
            {
                fields.append(.init("nearest", near))
            }
            if let place = report.place { fields.append(.init("place", place)) }
            log(
                report.status >= 500 ? .warning : .info,
                "Request refused: \(report.detail.isEmpty ? report.note ?? "" : report.detail)",
                fields
            )
        }
    }
}

/// Bounds how often near paths are looked for.
private final class RefusalPaceBox: Sendable {
    private let pace = Lock(RefusalPace())

    func takes() -> Bool { pace.withLock { $0.takes(at: .now()) } }
}

extension CallbackSettings {
    /// Where the endpoint is reached.
    var route: Route {
        Route(id: index, methods: methods, path: path, bodyBytesMax: bodyBytesMax)
    }
}

extension TriggerEndpoint {
    /// Where the endpoint is reached.
    var route: Route {
        Route(id: index, methods: methods, path: path, bodyBytesMax: bodyBytesMax)
    }
}
