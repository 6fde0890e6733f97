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
    let commit: JournalCommit
    let gateways: GatewayAddresses
    let pool: WorkerPool
    let alarms: Alarms
    let questions: QuestionService
    let departures: CallsInFlight
    let claims: ClaimTable
    let client: HTTPClient
    let health: HealthStatus
    let secrets: StoreSecrets
    let store: Store?
    let senderClock: @Sendable () -> WallTime
    let log: Log

    /// The sites: the listeners in their order, then the controller where there is one.
    var all: [Site] {
        let matcher = CallbackMatcher(
            table: table,
            commit: commit,
            engine: engine,
            fingerprintKey: secrets.fingerprintKey,
            log: log
        )
        let recorder = RequestRecorder(
            commit: commit,
            mask: commit.keepsRecords
                ? RequestRedactor(key: secrets.maskKey, redacted: redacted, names: secretNames)
                : nil,
            isRelaxed: store != nil && configuration.store.durability == .relaxed
        )
        let callbacks = CallbackService(
            matcher: matcher,
            commit: commit,
            gateways: gateways,
            pool: pool,
            recorder: recorder
        )
        let triggers = TriggerService(
            engine: engine,
            gateways: gateways,
            pool: pool,
            alarms: alarms,
            tasks: configuration.controller.map(TaskAddress.init),
            recorder: recorder,
            claims: claims
        )
        let gates = RateGates(log: log)
        let verification = verification(recorder)
        var sites = configuration.listeners.map { listener -> Site in
            let name = name(listener)
            switch listener.endpoints {
            case .callbacks(let endpoints):
                let makeHandler = { @Sendable (loop: EventLoop) -> any RequestHandler in
                    CallbackHandler(
                        endpoints: endpoints,
                        listener: name,
                        service: callbacks,
                        loop: loop
                    )
                }
                let routes = endpoints.map { $0.settings.route(gates) }
                let verified = verified(listener)
                return site(
                    listener,
                    routes: Self.routes(routes, verified, verification, makeHandler),
                    makeHandler: makeHandler
                )
            case .triggers(let endpoints):
                let makeHandler = { @Sendable (_: EventLoop) -> any RequestHandler in
                    TriggerHandler(endpoints: endpoints, listener: name, service: triggers)
                }
                let routes = endpoints.map { $0.route(gates) }
                let verified = verified(listener)
                return site(
                    listener,
                    routes: Self.routes(routes, verified, verification, makeHandler),
                    makeHandler: makeHandler
                )
            }
        }
        if let controller = configuration.controller {
            let replays = ReplayService(
                configuration.listeners,
                callbacks: callbacks,
                triggers: triggers
            )
            sites.append(site(controller, shelf(replays)))
        }
        return sites
    }

    /// The names that endpoints give what is secret.
    private var redacted: RedactedParts {
        RedactedParts(
            configuration.listeners.flatMap { listener in
                switch listener.endpoints {
                case .callbacks(let endpoints): endpoints.map(\.settings.rules.redacted)
                case .triggers(let endpoints): endpoints.map(\.rules.redacted)
                }
            }
        )
    }

    private func shelf(_ replays: ReplayService) -> LedgerAccess? {
        guard let store else { return nil }
        return LedgerAccess(
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
            trustedProxies: listener.trustedProxies,
            onProblem: tellProblem(among: routes.map(\.path)),
            makeHandler: makeHandler
        )
    }

    /// What a listener is called in the log, and in the ledger where no endpoint is met.
    private func name(_ listener: ListenerSettings) -> String {
        "\(listener.typeName) :\(listener.port)"
    }

    private func site(_ controller: ControllerSettings, _ ledger: LedgerAccess?) -> Site {
        let desk = ControllerAPI(
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
            trustedProxies: configuration.server.trustedProxies,
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
                .init("peer", report.peer)
            ]
            if !line.client.isEmpty { fields.append(.init("client", line.client)) }
            fields += [
                .init("request_id", report.requestID.text),
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
    func route(_ gates: RateGates? = nil) -> Route {
        Route(
            id: index,
            methods: methods,
            path: path,
            secretSegments: pattern.secretSegments,
            bodyBytesMax: bodyBytesMax,
            contentCodings: ContentCodings.taken,
            gates: RateGates.gates(rules, gates)
        )
    }
}

extension TriggerEndpoint {
    /// Where the endpoint is reached.
    func route(_ gates: RateGates? = nil) -> Route {
        Route(
            id: index,
            methods: methods,
            path: path,
            secretSegments: pattern.secretSegments,
            bodyBytesMax: bodyBytesMax,
            contentCodings: ContentCodings.taken,
            gates: RateGates.gates(rules, gates)
        )
    }
}
