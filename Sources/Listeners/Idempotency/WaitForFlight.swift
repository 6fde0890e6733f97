package import HTTPEngine
internal import Primitives
package import Runs

/// A request with an `Idempotency-Key` that waits for the same request, which is under way: a moment, not longer.
package struct WaitForFlight: Sendable {
    /// The answer that is owed.
    let exchange: PendingExchange
    /// Wakes it.
    let alarms: Alarms

    /// Takes the answer that is owed.
    package init(exchange: PendingExchange, alarms: Alarms) {
        self.exchange = exchange
        self.alarms = alarms
    }

    /// Waits until the other request is over; 409 where that takes longer than ``ClaimProblem/patience``.
    ///
    /// - Parameters:
    ///   - flight: The other request.
    ///   - fields: The header fields of a refusal.
    ///   - kept: What follows where it started its runs, with what its sender was told; the exchange may be answered.
    package func wait(
        for flight: ClaimFlight,
        adding fields: [(name: String, value: String)] = [],
        kept: @escaping @Sendable ([UInt8]) -> Void
    ) {
        let alarm = alarms.after(ClaimProblem.patience) { [exchange] in
            Reply.problem(ClaimProblem.underWay).adding(fields).give(exchange)
        }
        flight.whenOver { [exchange, alarms] outcome in
            alarms.cancel(alarm)
            if case .kept(let answer) = outcome { return kept(answer) }
            Reply.problem(ClaimProblem.of(outcome) ?? ClaimProblem.failed).adding(fields)
                .give(exchange)
        }
    }
}
