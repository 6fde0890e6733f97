internal import HTTPEngine
internal import Listeners
internal import Primitives
internal import Synchronization

/// Makes the gates of endpoints that bound how often requests come; all of them know the same clients.
final class RateGates: Sendable {
    private let clients: RateTable
    private let made = Atomic<Int>(0)

    /// Begins with no client known.
    ///
    /// `log` is told when there are more clients than are remembered.
    init(log: Log) {
        clients = RateTable { count in
            log(
                .warning,
                "More clients than the rate limits remember: the oldest begin anew",
                [.init("remembered", RateTable.countMax), .init("forgotten", count)]
            )
        }
    }

    /// What is asked about a request of an endpoint before its body; nothing is counted where `gates` is nil.
    static func gates(_ rules: EndpointRules, _ gates: RateGates?) -> [any RequestGate] {
        (rules.isEnabled ? [] : [RetiredGate()]) + (gates?.gates(rules.rates) ?? [])
    }

    /// The gate of one endpoint; none where it has no rule that is asked before the body.
    func gates(_ rules: [RateRule]) -> [any RequestGate] {
        let number = made.wrappingAdd(1, ordering: .relaxed).newValue
        return RateGate(rules, endpoint: number, clients: clients).map { [$0] } ?? []
    }
}
