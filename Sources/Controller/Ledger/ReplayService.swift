internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Journal
package import Listeners
internal import Primitives
internal import Store

/// Has requests of the ledger handled again by their endpoints.
///
/// A replay is a request of its own: it has an id and fingerprints of its own, so that it is no duplicate of the first.
/// May be used on any thread but a loop's.
package final class ReplayService: Sendable {
    /// What the endpoint answered.
    struct Answer: Sendable {
        /// The replay's own id.
        let requestID: UUIDv7
        /// The status.
        let status: Int
        /// The body, as JSON text.
        let body: [UInt8]
    }

    /// Is told the answer, or why there is none.
    typealias Done = @Sendable (Result<Answer, Problem>) -> Void

    private let callbacks: CallbackService
    private let triggers: TriggerService
    private let callbackEndpoints: [String: CallbackEndpoint]
    private let triggerEndpoints: [String: TriggerEndpoint]

    /// Makes a desk before the desks of a configuration's endpoints.
    package init(
        _ listeners: [ListenerSettings],
        callbacks: CallbackService,
        triggers: TriggerService
    ) {
        self.callbacks = callbacks
        self.triggers = triggers
        var callbackEndpoints: [String: CallbackEndpoint] = [:]
        var triggerEndpoints: [String: TriggerEndpoint] = [:]
        for listener in listeners {
            switch listener.endpoints {
            case .callbacks(let endpoints):
                for endpoint in endpoints { callbackEndpoints[endpoint.settings.name] = endpoint }
            case .triggers(let endpoints):
                for endpoint in endpoints { triggerEndpoints[endpoint.name] = endpoint }
            }
        }
        self.callbackEndpoints = callbackEndpoints
        self.triggerEndpoints = triggerEndpoints
    }

    /// Has a request handled again; `done` is told once, when what the answer says is settled.
    ///
    /// - Parameters:
    ///   - entry: The request.
    ///   - acceptsUnverified: Whether one that was refused may be replayed.
    ///   - done: Is told; on any thread.
    func replay(_ entry: LedgerEntry, acceptsUnverified: Bool, _ done: @escaping Done) {
        let request = entry.request
        if let problem = obstacle(entry, acceptsUnverified) { return done(.failure(problem)) }
        let id = UUIDv7.fresh()
        let tell: @Sendable (Reply) -> Void = { done(.success(Answer($0, id))) }
        if let endpoint = callbackEndpoints[request.endpoint] {
            callbacks.replay(request, as: id, at: endpoint, tell)
        } else if let endpoint = triggerEndpoints[request.endpoint] {
            triggers.replay(request, as: id, at: endpoint, tell)
        } else {
            done(.failure(Self.noEndpoint(request.endpoint)))
        }
    }

    private func obstacle(_ entry: LedgerEntry, _ acceptsUnverified: Bool) -> Problem? {
        if entry.status == .rejected, !acceptsUnverified {
            return Problem(
                status: 409,
                code: .requestUnverified,
                detail:
                    "The request was refused (\(entry.request.code)), and refused requests are replayed only "
                    + "on demand: with `accept_unverified`, on the command line --accept-unverified."
            )
        }
        if entry.status == .handshake {
            return Problem(
                status: 409,
                code: .requestUnverified,
                detail:
                    "The request was a handshake, which starts nothing: there is nothing to replay."
            )
        }
        guard RequestRecorder.isCut(entry.request) else { return nil }
        return Problem(
            status: 409,
            code: .requestCut,
            detail: "The ledger has only the first \(entry.request.body.count) bytes of the body."
        )
    }

    private static func noEndpoint(_ name: String) -> Problem {
        Problem(
            status: 409,
            code: .endpointGone,
            detail: "The endpoint \(name) is no longer in the server's configuration."
        )
    }
}

extension ReplayService.Answer {
    /// What an endpoint said.
    init(_ reply: Reply, _ requestID: UUIDv7) {
        self.requestID = requestID
        switch reply {
        case .response(let response): (status, body) = (response.status, response.body)
        case .problem(let problem):
            (status, body) = (problem.status, problem.json(requestID: requestID))
        }
    }
}
