internal import Documents
internal import HTTPEngine
internal import HTTPWire
internal import Primitives
internal import Rendezvous

/// One listener: where it listens, its bounds, and its endpoints.
package struct ListenerSettings: Sendable {
    /// What a listener's requests do.
    enum Endpoints: Sendable {
        /// They carry the outcome of work somebody waits for.
        case callbacks([CallbackEndpoint])
        /// They start runs.
        case triggers([TriggerEndpoint])

        /// How many there are.
        var count: Int {
            switch self {
            case .callbacks(let endpoints): endpoints.count
            case .triggers(let endpoints): endpoints.count
            }
        }
    }

    /// Its place in the configuration, from 0.
    let index: Int
    /// Its number in the journal: of its name alone (``ListenerNumbers``).
    let number: Int
    /// The host it listens on: a name or an address.
    package let host: String
    /// The port it listens on.
    package let port: Int
    /// What its requests do.
    var endpoints: Endpoints
    /// The bounds of its connections and requests.
    let limits: ServerLimits
    /// How many requests are processed at once.
    let admission: AdmissionSettings
    /// How many callbacks it may hold.
    let held: WaiterTable.HeldLimits
    /// Where its block begins.
    let position: SourcePosition
    /// Where its port is written; the block's place where it is not.
    let portPosition: SourcePosition

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

/// Which requests an endpoint of a listener takes, by method and path.
struct EndpointRoute {
    /// The methods.
    let methods: [Method]
    /// The path as it is written, base path included.
    let path: String
    /// The path with the names of its parameters left out.
    let shape: String
    /// Where the path is written.
    let position: SourcePosition

    /// How people name it: `GET|POST /webhooks/{id}`.
    var name: String { "\(methods.map(\.name).joined(separator: "|")) \(path)" }

    /// Whether there are requests that could be meant for either of two endpoints.
    func takesSame(as other: EndpointRoute) -> Bool {
        shape == other.shape && methods.contains { other.methods.contains($0) }
    }
}

extension ListenerSettings {
    /// Which requests its endpoints take, in the order written.
    var routes: [EndpointRoute] {
        switch endpoints {
        case .callbacks(let endpoints):
            endpoints.map { endpoint in
                EndpointRoute(
                    methods: endpoint.methods,
                    path: endpoint.path,
                    shape: endpoint.pattern.shape,
                    position: endpoint.pathPosition
                )
            }
        case .triggers(let endpoints):
            endpoints.map { endpoint in
                EndpointRoute(
                    methods: endpoint.methods,
                    path: endpoint.path,
                    shape: endpoint.pattern.shape,
                    position: endpoint.pathPosition
                )
            }
        }
    }
}
