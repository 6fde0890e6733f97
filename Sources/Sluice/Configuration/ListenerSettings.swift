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

    /// Its number in the configuration, from 0.
    let index: Int
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

    /// Its endpoints by path, methods, and the place where the path is written.
    var endpointPlaces: [(path: String, methods: [String], position: SourcePosition)] {
        switch endpoints {
        case .callbacks(let endpoints):
            endpoints.map {
                ($0.path, $0.settings.methods.map(\.name), $0.settings.position)
            }
        case .triggers(let endpoints):
            endpoints.map { ($0.path, $0.methods.map(\.name), $0.position) }
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
