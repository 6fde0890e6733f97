package import HTTPEngine
package import Primitives
package import Runs
package import Workflows

/// An answer that waits for a run's end: for a while, or as long as it takes.
///
/// It holds no place meanwhile.
package struct PatientAnswer: Sendable {
    /// The answer that is owed.
    let exchange: PendingExchange
    /// How long it waits; nil for as long as the run takes.
    let patience: Nanoseconds?
    /// Wakes it.
    let alarms: Alarms

    /// Takes the answer that is owed, and how long it may take.
    package init(exchange: PendingExchange, patience: Nanoseconds?, alarms: Alarms) {
        self.exchange = exchange
        self.patience = patience
        self.alarms = alarms
    }

    /// Answers when the run ends, or when the time is over.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - ended: The answer for a run that has ended.
    ///   - late: The answer for one that has not, when the time is over or the server goes down.
    package func wait(
        for run: RunActor,
        ended: @escaping @Sendable (RunOutcome) -> Reply,
        late: @escaping @Sendable () -> Reply
    ) {
        exchange.giveBackPlace()
        let owner = ObjectIdentifier(exchange)
        let farewells = alarms.farewells
        let giveUp: @Sendable () -> Void = { [exchange] in
            farewells.remove(owner)
            run.forgetWatchers(of: owner)
            late().give(exchange)
        }
        farewells.add(owner, giveUp)
        let alarm = patience.flatMap { alarms.after($0, giveUp) }
        run.whenEnded(for: owner) { [exchange, alarms] outcome in
            farewells.remove(owner)
            alarms.cancel(alarm)
            ended(outcome).give(exchange)
        }
    }
}
