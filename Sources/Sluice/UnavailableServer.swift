package import Configuration
internal import Controller
internal import HTTPEngine
internal import Listeners
internal import Loops
package import Primitives

/// Listens at every address of a configuration and takes nothing, while the store cannot be opened: callers are told 503 and
/// why, and not that nobody is there.
///
/// Made, started and stopped from one thread that is none of its own.
package final class UnavailableServer: Sendable {
    private let loops: LoopGroup
    private let http: HTTPServer
    private let reason: Reason

    /// Why nothing can be taken, as of now.
    private final class Reason: Sendable {
        private let text: Lock<String>

        init(_ text: String) {
            self.text = Lock(text)
        }

        var now: String { text.withLock { $0 } }

        func set(_ new: String) {
            text.withLock { $0 = new }
        }
    }

    /// Makes one that does not listen yet.
    ///
    /// - Parameters:
    ///   - configuration: A configuration without errors.
    ///   - text: Why nothing can be taken, a sentence without a full stop.
    ///   - log: Where lines go.
    /// - Throws: ``StartFailure`` when the system gives no threads or descriptors.
    package init(
        _ configuration: Configuration,
        reason text: String,
        log: Log
    ) throws(StartFailure) {
        let reason = Reason(text)
        self.reason = reason
        do {
            loops = try LoopGroup(threads: 1, name: "unavailable")
            http = try HTTPServer(
                group: loops,
                sites: Self.sites(configuration, reason),
                bodyMemoryMax: configuration.server.bodyMemoryMax,
                log: log
            )
        } catch {
            throw StartFailure(error)
        }
    }

    /// Listens everywhere.
    ///
    /// - Throws: ``StartFailure`` for an address that cannot be had; then nothing listens.
    package func start() throws(StartFailure) {
        do { try http.start() } catch { throw StartFailure(error) }
    }

    /// Says from now on why nothing can be taken.
    package func setReason(_ text: String) {
        reason.set(text)
    }

    /// Closes everything, so that the addresses are free, and waits for all threads.
    package func stop() {
        http.close()
        loops.stop()
    }

    private static func sites(_ configuration: Configuration, _ reason: Reason) -> [Site] {
        var sites = configuration.listeners.map { listener in
            let routes =
                switch listener.endpoints {
                case .callbacks(let endpoints): endpoints.map { $0.settings.route() }
                case .triggers(let endpoints): endpoints.map { $0.route() }
                }
            return Site(
                name: "\(listener.typeName) :\(listener.port)",
                addresses: [
                    ListenAddress(host: listener.host, port: UInt16(clamping: listener.port))
                ],
                routes: routes,
                limits: listener.limits,
                admission: listener.admission
            ) { _ in Handler(reason) }
        }
        if let controller = configuration.controller {
            sites.append(
                Site(
                    name: "controller",
                    addresses: [
                        ListenAddress(
                            host: controller.host,
                            port: UInt16(clamping: controller.port)
                        )
                    ],
                    basePath: controller.basePath,
                    routes: ControllerRoutes.all(controller) { call in
                        HandlerFactory { _ in ControllerHandler(reason, call) }
                    },
                    limits: configuration.server.limits
                ) { _ in NoHandler() }
            )
        }
        return sites
    }

    /// Tells senders to come again.
    private final class Handler: RequestHandler {
        private let reason: Reason

        init(_ reason: Reason) {
            self.reason = reason
        }

        func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
            Reply.problem(Self.problem(reason.now)).give(exchange)
        }

        static func problem(_ reason: String) -> Problem {
            Problem(
                status: 503,
                code: .journalUnavailable,
                detail: "The request could not be stored: \(reason); send it again later.",
                retryAfterSeconds: 5
            )
        }
    }

    /// The same, and how the server is for those who watch over it.
    private final class ControllerHandler: RequestHandler {
        private let reason: Reason
        private let health: HealthStatus
        private let call: ControllerCall

        init(_ reason: Reason, _ call: ControllerCall) {
            self.reason = reason
            self.call = call
            health = HealthStatus(refusal: { reason.now })
        }

        func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
            let reply: Reply =
                switch call {
                case .live: .response(HealthStatus.alive)
                case .health, .ready: .response(health.response)
                default: .problem(Handler.problem(reason.now))
                }
            reply.give(exchange)
        }
    }
}
