package import Documents
package import HTTPEngine
internal import HTTPWire
internal import Primitives
package import Rendezvous
package import Verification

/// One listener: where it listens, its bounds, and its endpoints.
package struct ListenerSettings: Sendable {
    /// What a listener's requests do.
    package enum Endpoints: Sendable {
        /// They carry the outcome of work somebody waits for.
        case callbacks([CallbackEndpoint])
        /// They start runs.
        case triggers([TriggerEndpoint])

        /// How many there are.
        package var count: Int {
            switch self {
            case .callbacks(let endpoints): endpoints.count
            case .triggers(let endpoints): endpoints.count
            }
        }
    }

    /// Its place in the configuration, from 0.
    package let index: Int
    /// Its number in the journal: of its name alone (``ListenerNumbers``).
    package let number: Int
    /// The host it listens on: a name or an address.
    package let host: String
    /// The port it listens on.
    package let port: Int
    /// What its requests do.
    package var endpoints: Endpoints
    /// The bounds of its connections and requests.
    package let limits: ServerLimits
    /// How many requests are processed at once.
    package let admission: AdmissionSettings
    /// The proxies whose word for who sent a request is taken.
    package let trustedProxies: TrustedProxies
    /// How many callbacks it may hold.
    package let held: WaiterTable.HeldLimits
    /// Where its block begins.
    package let position: SourcePosition
    /// Where its port is written; the block's place where it is not.
    package let portPosition: SourcePosition

    /// Takes a listener as it was read.
    package init(
        index: Int,
        number: Int,
        host: String,
        port: Int,
        endpoints: Endpoints,
        limits: ServerLimits,
        admission: AdmissionSettings,
        trustedProxies: TrustedProxies,
        held: WaiterTable.HeldLimits,
        position: SourcePosition,
        portPosition: SourcePosition
    ) {
        self.index = index
        self.number = number
        self.host = host
        self.port = port
        self.endpoints = endpoints
        self.limits = limits
        self.admission = admission
        self.trustedProxies = trustedProxies
        self.held = held
        self.position = position
        self.portPosition = portPosition
    }

    /// The word for its type.
    package var typeName: String {
        switch endpoints {
        case .callbacks: "http-callback"
        case .triggers: "http-trigger"
        }
    }

    /// Its endpoints as people name them: `POST /webhooks/image/completed`.
    package var endpointNames: [String] {
        switch endpoints {
        case .callbacks(let endpoints): endpoints.map { "\($0.methodNames) \($0.path)" }
        case .triggers(let endpoints): endpoints.map { "\($0.methodNames) \($0.path)" }
        }
    }
}

extension [ListenerSettings] {
    /// How many callbacks each listener may hold, then each endpoint that has bounds of its own, in their order.
    package var heldLimits: [WaiterTable.HeldLimits] {
        map(\.held)
            + flatMap { listener -> [WaiterTable.HeldLimits] in
                guard case .callbacks(let endpoints) = listener.endpoints else { return [] }
                return endpoints.compactMap(\.settings.held)
            }
    }
}

/// Which requests an endpoint of a listener takes, by method and path.
package struct EndpointRoute {
    /// The methods.
    let methods: [Method]
    /// The path as it is written, base path included.
    package let path: String
    /// The path with the names of its parameters left out.
    let shape: String
    /// Where the path is written.
    package let position: SourcePosition

    /// How people name it: `GET|POST /webhooks/{id}`.
    package var name: String { "\(methods.map(\.name).joined(separator: "|")) \(path)" }

    /// Whether there are requests that could be meant for either of two endpoints.
    package func takesSame(as other: EndpointRoute) -> Bool {
        shape == other.shape && methods.contains { other.methods.contains($0) }
    }
}

extension ListenerSettings {
    /// Who may send to its endpoints, in the order written; nil for anybody.
    package var verifiers: [Verifier?] {
        switch endpoints {
        case .callbacks(let endpoints): endpoints.map(\.verifier)
        case .triggers(let endpoints): endpoints.map(\.verifier)
        }
    }

    /// Which requests its endpoints take, in the order written.
    package var routes: [EndpointRoute] {
        switch endpoints {
        case .callbacks(let endpoints):
            endpoints.map { endpoint in
                EndpointRoute(
                    methods: VerifiedEndpoint.routeMethods(endpoint.methods, endpoint.verifier),
                    path: endpoint.path,
                    shape: endpoint.pattern.shape,
                    position: endpoint.pathPosition
                )
            }
        case .triggers(let endpoints):
            endpoints.map { endpoint in
                EndpointRoute(
                    methods: VerifiedEndpoint.routeMethods(endpoint.methods, endpoint.verifier),
                    path: endpoint.path,
                    shape: endpoint.pattern.shape,
                    position: endpoint.pathPosition
                )
            }
        }
    }
}
