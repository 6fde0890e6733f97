internal import Documents
internal import Listeners
internal import Verification
internal import Workflows

/// What can be said of who may send what, once all listeners are read.
struct SenderChecks {
    /// The configuration.
    let configuration: Configuration
    /// Takes the findings.
    let diagnostics: Diagnostics

    /// Reports endpoints that anybody may send to, signatures that leave the body open, and waits that no verified endpoint
    /// answers although one might be meant.
    func run() {
        for listener in configuration.listeners {
            exposure(listener)
            for verifier in listener.verifiers.compactMap({ $0 }) {
                coverage(verifier, listener)
            }
        }
        waits()
    }

    /// An endpoint that anybody may send to should not be reachable from other machines.
    private func exposure(_ listener: ListenerSettings) {
        guard !Self.isLoopback(listener.host) else { return }
        let open = zip(listener.endpointNames, listener.verifiers).filter { $0.1 == nil }
        guard let first = open.first?.0 else { return }
        let names = open.count == 1 ? first : "\(first) and \(open.count - 1) more"
        let effect =
            switch listener.endpoints {
            case .callbacks: "end waits"
            case .triggers: "start runs"
            }
        diagnostics.advise(
            "anybody who reaches \(listener.host):\(listener.port) can \(effect) through \(names): nothing says who "
                + "may send; add `verify`, or listen on `host: 127.0.0.1`",
            at: listener.position
        )
    }

    /// Who takes a signature for the whole request should know where it is not.
    private func coverage(_ verifier: Verifier, _ listener: ListenerSettings) {
        guard verifier.usesOnceTokens, !verifier.coversBody else { return }
        diagnostics.advise(
            "the signature of `\(verifier.name)` does not cover the body: each token is taken once, and who reads one "
                + "before it arrives can use it for another body",
            at: listener.position
        )
    }

    /// A wait that nothing answers may be meant for an endpoint that answers only waits which name it.
    private func waits() {
        guard VerifiedChannels.areApart(configuration.listeners) else { return }
        let apart = configuration.listeners.flatMap { listener -> [String] in
            guard case .callbacks(let endpoints) = listener.endpoints else { return [] }
            return endpoints.filter { $0.verifier != nil && $0.isOnDefaultChannel }.map {
                $0.id ?? $0.path
            }
        }
        guard let first = apart.first else { return }
        for wait in configuration.plans.waits where wait.endpoints.isEmpty {
            diagnostics.advise(
                "beside endpoints without `verify`, verified ones answer only waits that name them: "
                    + "`endpoint: \(first)`",
                at: wait.position
            )
        }
    }

    private static func isLoopback(_ host: String) -> Bool {
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }
}
