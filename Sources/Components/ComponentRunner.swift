package import Journal
package import Outbound
package import Primitives
package import Runs
internal import Workflows

/// Carries out what steps ask of their components and hands the results back as run events.
///
/// May be used on any thread; results arrive on the client's loops and are handed to the run's mailbox.
package final class ComponentRunner: Sendable {
    private let executors: CallExecutors
    private let gates: ComponentLimiters
    private let flights = SleepingLock<[Key: CallHandle]>([:])
    /// What is under way.
    package let departures = CallsInFlight()

    /// Makes a runner.
    ///
    /// - Parameters:
    ///   - client: What its requests are sent through.
    ///   - programs: What its programs are run by.
    ///   - alarms: What its pauses are timed by.
    ///   - gates: The bounds of the components.
    ///   - settings: The bounds of a request.
    ///   - redaction: Hides secrets in what watchers see.
    ///   - log: Where loggers write.
    package init(
        client: HTTPClient,
        programs: Programs,
        alarms: Alarms,
        gates: ComponentLimiters,
        settings: ClientSettings,
        redaction: Redaction,
        log: Log
    ) {
        self.gates = gates
        executors = CallExecutors([
            HTTPExecutor(
                client: client,
                programs: programs,
                settings: settings,
                redaction: redaction
            ),
            ShellExecutor(programs: programs),
            LogExecutor(log: log),
            DelayExecutor(alarms: alarms),
        ])
    }

    /// Makes a runner of other executors.
    init(_ executors: [any CallExecutor], gates: ComponentLimiters) {
        self.executors = CallExecutors(executors)
        self.gates = gates
    }

    /// Forgets all calls, once nothing moves any more.
    package func letGo() {
        gates.letGo()
        let left = flights.withLock { flights in
            defer { flights = [:] }
            return flights
        }
        for flight in left.values { flight.letGo() }
    }

    /// Begins a call, as soon as its component's bounds allow; its result reaches the run as `responded`.
    func run(_ call: any ComponentCall, for attempt: AttemptRef, of cell: RunActor) {
        if let executor = executors.find(for: call) {
            begin(call, by: executor, attempt, cell)
        } else {
            let failure = CallFailure(
                code: .componentFailed,
                message: "nothing here carries out a call of component '\(call.component)'"
            )
            cell.send(.event(.responded(attempt, .failure(failure))))
        }
    }

    private func begin<Executor: CallExecutor>(
        _ call: any ComponentCall,
        by executor: Executor,
        _ attempt: AttemptRef,
        _ cell: RunActor
    ) {
        guard let call = call as? Executor.Call else { return }
        guard call.isAnswered else { return tell(call, by: executor, attempt, cell) }
        enter(call.component, attempt, cell, isOutgoing: executor.isOutgoing) { flight, end in
            executor.begin(call, flight, of: cell, end: end)
        }
    }

    /// Carries out what nobody waits for; where its component is bounded it stands in line like everything else.
    private func tell<Executor: CallExecutor>(
        _ call: Executor.Call,
        by executor: Executor,
        _ attempt: AttemptRef,
        _ cell: RunActor
    ) {
        guard let gate = gates.find(workflow: cell.workflowID, component: call.component) else {
            return executor.tell(call, of: cell)
        }
        let flight = CallHandle(run: cell.id, attempt: attempt, gate: gate)
        flight.enter {
            executor.tell(call, of: cell)
            _ = flight.end()
        }
    }

    /// Has a child run of a step started when the bound of the step's component allows it: at once, or in its turn.
    ///
    /// The child holds its place until ``childEnded(of:of:)``. `start` is called where the run's events are handled.
    func admitChild(
        of attempt: AttemptRef,
        of cell: RunActor,
        start: @escaping @Sendable () -> Void
    ) {
        guard let component = cell.component(of: attempt),
            let gate = gates.find(workflow: cell.workflowID, component: component)
        else { return start() }
        let flight = CallHandle(run: cell.id, attempt: attempt, gate: gate)
        flights.withLock { $0[Key(run: cell.id, attempt: attempt)] = flight }
        flight.enter {
            // Given up before it started: nothing will tell of its end.
            flight.onAbandon { _ = flight.end() }
            cell.send(.passed { if flight.isWanted { start() } })
        }
    }

    /// Gives a child run that was under way before a restart its place back, even where that is one too many.
    func adoptChild(of attempt: AttemptRef, of cell: RunActor) {
        guard let component = cell.component(of: attempt),
            let gate = gates.find(workflow: cell.workflowID, component: component)
        else { return }
        let flight = CallHandle(run: cell.id, attempt: attempt, gate: gate)
        flights.withLock { $0[Key(run: cell.id, attempt: attempt)] = flight }
        gate.adopt(flight)
    }

    /// Lets calls and child runs begin within the bounds of their components, when all that had a place has it again.
    func openGates() {
        gates.open()
    }

    /// Gives back the place of a child run that has ended.
    func childEnded(of attempt: AttemptRef, of run: UUIDv7) {
        let key = Key(run: run, attempt: attempt)
        _ = flights.withLock { $0.removeValue(forKey: key) }?.end()
    }

    /// Ends a call whose result nobody wants any more; its connection or program is ended.
    func abandon(_ attempt: AttemptRef, of cell: RunActor) {
        let key = Key(run: cell.id, attempt: attempt)
        flights.withLock { $0.removeValue(forKey: key) }?.abandon()
    }

    /// What is called once with the outcome of a call that has begun.
    typealias End = @Sendable (CallOutcome) -> Void

    private func enter(
        _ component: String,
        _ attempt: AttemptRef,
        _ cell: RunActor,
        isOutgoing: Bool = true,
        begin: @escaping @Sendable (CallHandle, @escaping End) -> Void
    ) {
        let key = Key(run: cell.id, attempt: attempt)
        let gate = gates.find(workflow: cell.workflowID, component: component)
        let flight = CallHandle(run: cell.id, attempt: attempt, gate: gate)
        flights.withLock { $0[key] = flight }
        flight.enter { [self] in
            // What does not begin now is taken up after the restart, but for what would count as interrupted then.
            guard !isOutgoing || departures.begin(isLast: !cell.repeatsAfterCrash(attempt)) else {
                return
            }
            begin(flight) { [self] outcome in
                if flight.end() {
                    flights.withLock { $0[key] = nil }
                    cell.send(.event(.responded(attempt, outcome)))
                }
                if isOutgoing { departures.end() }
            }
        }
    }

    /// A try of a run's step.
    private struct Key: Hashable {
        let run: UUIDv7
        let attempt: AttemptRef
    }
}
