package import HTTPEngine
internal import Primitives

/// Refuses requests of an endpoint that come too often, of all together or of one client, before their body is read.
package final class RateGate: RequestGate {
    private let clients: RateTable
    private let perClient: [Rule]
    private let perEndpoint: [Counted]

    /// A rule for each client.
    private struct Rule: Sendable {
        let rule: RateRule
        let pace: RatePace
        let number: UInt32
    }

    /// A rule for the whole endpoint with its moment.
    private final class Counted: Sendable {
        let rule: RateRule
        let pace: RatePace
        let over = Lock(Instant(nanoseconds: 0))

        init(_ rule: RateRule) {
            self.rule = rule
            pace = RatePace(rule)
        }
    }

    /// Makes the gate of an endpoint; nil where none of its rules can be asked before the body.
    ///
    /// - Parameters:
    ///   - rules: The endpoint's rules; those that count keys are left to who knows the key.
    ///   - endpoint: The endpoint's number among all, by which the table tells them apart.
    ///   - clients: What is known of clients.
    package init?(_ rules: [RateRule], endpoint: Int, clients: RateTable) {
        self.clients = clients
        perClient = rules.filter { $0.scope == .client }.enumerated().map { index, rule in
            let number = UInt32(truncatingIfNeeded: endpoint << 8 | index)
            return Rule(rule: rule, pace: RatePace(rule), number: number)
        }
        perEndpoint = rules.filter { $0.scope == .endpoint }.map(Counted.init)
        if perClient.isEmpty, perEndpoint.isEmpty { return nil }
    }

    package func check(_ request: borrowing Request) throws(Problem) {
        let now = Instant.now()
        // Clients first: what is refused to one of them is taken from nobody else.
        if !perClient.isEmpty {
            let name = Self.name(ofClient: request.clientAddress)
            for one in perClient {
                let wait = clients.take(name.span, rule: one.number, one.pace, at: now)
                if let wait { throw one.rule.refusal(early: wait) }
            }
        }
        for one in perEndpoint {
            let wait = one.over.withLock { one.pace.take(&$0, at: now) }
            if let wait { throw one.rule.refusal(early: wait) }
        }
    }

    /// What one client is counted by: a network of version 6 as a whole, because whoever has one has all of its addresses.
    package static func name(ofClient address: String) -> [UInt8] {
        guard let ip = IPAddress(address) else { return Array(address.utf8) }
        return ip.bytes.count == 16 ? Array(ip.bytes.prefix(8)) : ip.bytes
    }
}
