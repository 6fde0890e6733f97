internal import Executor
internal import HTTPEngine
internal import HTTPWire
internal import Loops
internal import Outbound
internal import Primitives
internal import Rendezvous

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
            mask: settlement.isImmediate ? nil : SecretMask(key: secrets.maskKey),
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
        var sites = configuration.listeners.map { listener in
            switch listener.endpoints {
            case .callbacks(let endpoints):
                site(listener, routes: endpoints.map(\.settings.route)) { loop in
                    CallbackHandler(endpoints: endpoints, desk: callbacks, loop: loop)
                }
            case .triggers(let endpoints):
                site(listener, routes: endpoints.map(\.route)) { _ in
                    TriggerHandler(endpoints: endpoints, desk: triggers)
                }
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
            channels: KeyChannels(configuration),
            replays: replays,
            questions: questions
        )
    }

    private func site(
        _ listener: ListenerSettings,
        routes: [Route],
        makeHandler: @escaping @Sendable (EventLoop) -> any RequestHandler
    ) -> Site {
        let name = "\(listener.typeName) :\(listener.port)"
        return Site(
            name: name,
            addresses: [ListenAddress(host: listener.host, port: UInt16(clamping: listener.port))],
            routes: routes,
            headProbes: true,
            limits: listener.limits,
            admission: listener.admission,
            onProblem: tellProblem,
            makeHandler: makeHandler
        )
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
            routes: ControllerRoutes.all(controller),
            limits: configuration.server.limits,
            onProblem: tellProblem
        ) { _ in ControllerHandler(desk: desk) }
    }

    /// Logs every refusal: who is refused should be able to find out why from the other side's log.
    private var tellProblem: @Sendable (ProblemReport) -> Void {
        { [log] report in
            log(
                report.status >= 500 ? .warning : .info,
                "Request refused: \(report.detail)",
                [
                    .init("request_id", report.requestID.text),
                    .init("status", String(report.status)), .init("code", report.code.rawValue),
                    .init("site", report.site),
                ] + (report.place.map { [.init("place", $0)] } ?? [])
            )
        }
    }
}

extension CallbackSettings {
    /// Where the endpoint is reached.
    fileprivate var route: Route {
        Route(id: index, methods: methods, path: path, bodyBytesMax: bodyBytesMax)
    }
}

extension TriggerEndpoint {
    /// Where the endpoint is reached.
    fileprivate var route: Route {
        Route(id: index, methods: methods, path: path, bodyBytesMax: bodyBytesMax)
    }
}
