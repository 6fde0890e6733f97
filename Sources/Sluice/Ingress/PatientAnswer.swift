internal import HTTPEngine
internal import Primitives
internal import Workflows

/// An answer that waits for a run's end: for a while, or as long as it takes.
///
/// It holds no place meanwhile.
struct PatientAnswer: Sendable {
    /// The answer that is owed.
    let exchange: PendingExchange
    /// How long it waits; nil for as long as the run takes.
    let patience: Nanoseconds?
    /// Wakes it.
    let alarms: Alarms

    /// Answers when the run ends, or when the time is over.
    ///
    /// - Parameters:
    ///   - run: The run.
    ///   - ended: The answer for a run that has ended.
    ///   - late: The answer for one that has not.
    func wait(
        for run: RunCell,
        ended: @escaping @Sendable (RunOutcome) -> Reply,
        late: @escaping @Sendable () -> Reply
    ) {
        exchange.giveBackPlace()
        guard let patience else {
            return run.whenEnded { [exchange] in ended($0).give(exchange) }
        }
        let owner = ObjectIdentifier(exchange)
        let alarm = alarms.after(patience) { [exchange] in
            run.forgetWatchers(of: owner)
            late().give(exchange)
        }
        run.whenEnded(for: owner) { [exchange, alarms] outcome in
            alarms.cancel(alarm)
            ended(outcome).give(exchange)
        }
    }
}
