internal import Configuration
internal import Executor
internal import HTTPEngine
internal import HTTPWire
internal import Listeners
internal import Loops
internal import Outbound
internal import Primitives
internal import Runs
internal import Verification
internal import Workflows

/// What verifies who sent requests.
extension Sites {
    /// The names of what verifiers read and nobody should see.
    var secretNames: SecretNames {
        SecretNames(configuration.listeners.flatMap(\.verifiers).compactMap(\.self))
    }

    /// Makes the service that all verified endpoints share.
    func verification(_ recorder: RequestRecorder) -> VerificationService {
        VerificationService(
            pool: pool,
            recorder: recorder,
            countMax: configuration.server.verifyingCountMax,
            fetch: { [client] url, done in
                let request = OutboundRequest(
                    url: url,
                    timeout: .milliseconds(RemoteKeys.timeoutMilliseconds),
                    responseBytesMax: RemoteKeys.answerBytesMax,
                    followRedirects: 0
                )
                client.send(request) { result in
                    switch result {
                    case .success(let response):
                        done(.answered(status: response.status, body: response.body))
                    case .failure(let error): done(.failed(error.message))
                    }
                }
            },
            now: senderClock,
            log: log
        )
    }

    /// The verified endpoints of a listener, by the ids of their routes; nil for those that take anybody's requests.
    func verified(_ listener: ListenerSettings) -> [VerifiedEndpoint?] {
        let origin = gateways.values[listener.port]?.publicURL
        switch listener.endpoints {
        case .callbacks(let endpoints):
            return endpoints.map { endpoint in
                endpoint.verifier.map {
                    VerifiedEndpoint(
                        name: endpoint.settings.name,
                        verifier: $0,
                        methods: endpoint.methods,
                        publicOrigin: origin
                    )
                }
            }
        case .triggers(let endpoints):
            return endpoints.map { endpoint in
                endpoint.verifier.map {
                    VerifiedEndpoint(
                        name: endpoint.name,
                        verifier: $0,
                        methods: endpoint.methods,
                        publicOrigin: origin
                    )
                }
            }
        }
    }

    /// Routes of which those of verified endpoints have a gate, and a handler that verifies before the one behind it.
    static func routes(
        _ routes: [Route],
        _ verified: [VerifiedEndpoint?],
        _ service: VerificationService,
        _ makeHandler: @escaping @Sendable (EventLoop) -> any RequestHandler
    ) -> [Route] {
        let factory = HandlerFactory { loop in
            VerifyingHandler(
                inner: makeHandler(loop),
                endpoints: verified,
                service: service,
                loop: loop
            )
        }
        return routes.map { route in
            guard verified.indices.contains(route.id), let endpoint = verified[route.id] else {
                return route
            }
            return Route(
                id: route.id,
                methods: VerifiedEndpoint.routeMethods(route.methods, endpoint.verifier),
                path: route.path,
                secretSegments: route.secretSegments,
                bodyBytesMax: route.bodyBytesMax,
                mediaTypes: route.mediaTypes,
                contentCodings: route.contentCodings,
                gates: route.gates + [SenderGate(endpoint, service)].compactMap(\.self),
                handler: factory
            )
        }
    }
}
