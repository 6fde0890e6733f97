internal import Executor
package import JSONWire
package import Primitives
internal import Rendezvous
package import Workflows

/// Starts runs, carries them on, and tells their state; the one place where run events meet run machines.
///
/// May be used on any thread. A run's events are handled one at a time, in order, on a worker; what an event causes is
/// carried out by the same worker, after the record that caused it is settled.
package final class RunEngine: Sendable {
    let plans: PlanSet
    let registry: RunRegistry
    let table: WaiterTable
    let log: Log
    let pool: WorkerPool
    let settlement: Settlement
    private let components: ComponentRunner
    private let timers: DeadlineClock
    private let gateways: GatewayBoard
    private let workflowDepthMax: Int
    private let redaction: Redaction
    private let historyMax: Int
    private let places: RunPlaces?
    /// The channels that make up the default one.
    let defaultChannels: [UInt32]

    /// Puts the parts together; nothing runs yet.
    init(parts: Parts, settings: ExecutorSettings) {
        plans = parts.plans
        registry = RunRegistry(
            activeCountMax: settings.activeRunsMax,
            endedCountMax: settings.endedRunsMax
        )
        table = parts.table
        log = parts.log
        pool = parts.pool
        settlement = parts.settlement
        components = parts.components
        timers = parts.timers
        gateways = parts.gateways
        workflowDepthMax = settings.workflowDepthMax
        redaction = parts.redaction
        historyMax = settings.historyMax
        places = RunPlaces(max: settings.concurrentRunsMax)
        defaultChannels = parts.defaultChannels
    }

    /// What an engine is put together from.
    struct Parts {
        let plans: PlanSet
        let table: WaiterTable
        let log: Log
        let pool: WorkerPool
        let settlement: Settlement
        let components: ComponentRunner
        let timers: DeadlineClock
        let gateways: GatewayBoard
        let defaultChannels: [UInt32]
        let redaction: Redaction
    }

    /// A run to be started.
    package struct Order: Sendable {
        /// The workflow's id; nil for the default one.
        let workflow: String?
        /// The run's input.
        let input: JSONValue
        /// What the starter wants to find at it again.
        var labels: RunLabels?

        /// Asks for a run of a workflow.
        package init(workflow: String?, input: JSONValue) {
            self.workflow = workflow
            self.input = input
        }
    }

    /// Starts a run.
    ///
    /// - Parameters:
    ///   - order: The workflow and its input.
    ///   - requestID: The request it was asked for by, for the log.
    /// - Returns: The run's id.
    /// - Throws: ``StartRefusal`` when the workflow is unknown or too many runs are under way.
    package func start(_ order: Order, requestID: UUIDv7?) throws(StartRefusal) -> UUIDv7 {
        let plan = try plan(order.workflow)
        guard registry.reserve(1) else { throw .tooManyRuns }
        return begin(
            plan,
            id: .fresh(),
            input: order.input,
            labels: order.labels,
            requestID: requestID,
            parent: nil,
            depth: 0
        )
    }

    /// Starts all runs that are asked for, or none of them.
    ///
    /// - Returns: The runs' ids, in the order asked for.
    /// - Throws: ``StartRefusal`` when a workflow is unknown or too many runs are under way.
    package func start(_ orders: [Order], requestID: UUIDv7?) throws(StartRefusal) -> [UUIDv7] {
        var plans: [WorkflowPlan] = []
        for order in orders { plans.append(try plan(order.workflow)) }
        guard registry.reserve(orders.count) else { throw .tooManyRuns }
        return zip(plans, orders).map { plan, order in
            begin(
                plan,
                id: .fresh(),
                input: order.input,
                labels: order.labels,
                requestID: requestID,
                parent: nil,
                depth: 0
            )
        }
    }

    /// The plan of a workflow.
    ///
    /// - Parameter workflow: Its id; nil for the default one.
    /// - Returns: The plan.
    /// - Throws: ``StartRefusal/workflowUnknown(_:)`` where there is none.
    package func plan(_ workflow: String?) throws(StartRefusal) -> WorkflowPlan {
        if let workflow {
            guard let plan = plans.find(workflow) else { throw .workflowUnknown(workflow) }
            return plan
        }
        guard let plan = plans.defaultWorkflow else { throw .noDefaultWorkflow }
        return plan
    }

    /// Hands an event to a run; dropped where the run is unknown or ended.
    func post(_ event: RunEvent, to run: UUIDv7) {
        registry.find(run)?.send(.event(event))
    }

    /// Has `watcher` told of a run's end, at once where it ended already; never where the run is unknown.
    package func whenEnded(_ run: UUIDv7, _ watcher: @escaping @Sendable (RunOutcome) -> Void) {
        registry.find(run)?.whenEnded(watcher)
    }

    /// Lets a failed run go on from its failed step.
    ///
    /// - Returns: False where the run is unknown, has not failed, or is a step of another one.
    /// - Throws: ``StartRefusal/tooManyRuns``.
    package func retry(_ run: UUIDv7) throws(StartRefusal) -> Bool {
        guard let cell = registry.find(run), cell.parent == nil else { return false }
        guard registry.reserve(1) else { throw .tooManyRuns }
        guard cell.reopen() else {
            registry.release()
            return false
        }
        registry.reopen(run)
        places?.add(run, startedBy: nil)
        cell.send(.event(.retry))
        return true
    }

    /// How many waits are open.
    package var openWaitsCount: Int { table.counts.waiters }

    /// Asks a run to end now; false where it is unknown or ended already.
    package func cancel(_ run: UUIDv7, reason: String) -> Bool {
        guard let cell = registry.find(run), !cell.view.status.isFinished else { return false }
        cell.send(.event(.cancel(reason: reason)))
        return true
    }

    private func begin(
        _ plan: WorkflowPlan,
        id: UUIDv7,
        input: JSONValue,
        labels: RunLabels? = nil,
        requestID: UUIDv7?,
        parent: RunCell.Parent?,
        depth: Int
    ) -> UUIDv7 {
        let cell = RunCell(
            plan: plan,
            id: id,
            parent: parent,
            depth: depth,
            labels: labels,
            pool: pool
        ) { [weak self] id, mail in
            self?.handle(mail, of: id)
        }
        registry.add(cell)
        places?.add(id, startedBy: parent?.run)
        log(
            .info,
            "Run started",
            [.init("task_id", id.text), .init("workflow", plan.id)]
                + (requestID.map { [.init("request_id", $0.text)] } ?? [])
        )
        cell.send(.event(.start(input: input, requestID: requestID?.text)))
        return id
    }

    private func handle(_ mail: [RunCell.Mail], of id: UUIDv7) {
        guard let cell = registry.find(id) else { return }
        let admitted = places?.admit(mail, of: id) ?? mail
        defer { giveBackPlace(of: cell) }
        for piece in admitted {
            guard let event = event(piece) else { continue }
            var source = SystemRandomNumberGenerator()
            let stamp = Stamp(
                wall: .now(),
                random: (source.next(), source.next()),
                gateways: gateways.values
            )
            let effects = cell.apply(event, stamp: stamp)
            for effect in effects { carryOut(effect, of: cell) }
        }
    }

    private func carryOut(_ effect: Effect, of cell: RunCell) {
        switch effect {
        case .wait(let attempt, _, let channels, let keys, let deadline):
            park(attempt, of: cell, channels: channels, keys: keys, deadline: deadline)
        case .addKey(let attempt, let channels, let key):
            addKey(key, channels: channels, to: attempt, of: cell)
        case .endWait(let attempt, let how):
            endWait(attempt, of: cell, how: how)
        case .call(let attempt, let call):
            components.run(call, for: attempt, of: cell)
        case .abandon(let attempt):
            components.abandon(attempt, of: cell)
        case .setTimer(let timer, let moment):
            timers.set(RunTimer(run: cell.id, timer: timer), at: moment)
        case .cancelTimer(let timer):
            timers.cancel(RunTimer(run: cell.id, timer: timer))
        case .startChild(let attempt, let workflow, let input, let id):
            components.admitChild(of: attempt, of: cell) { [self] in
                startChild(workflow, id: id, input: input, for: attempt, of: cell)
            }
        case .cancelChild(let attempt):
            if let child = cell.child(of: attempt) {
                _ = cancel(child, reason: "its parent run ended")
            } else {
                components.abandon(attempt, of: cell)
            }
        case .history(let entry):
            let entry = redaction.entry(entry)
            RunNarrator.tell(entry, of: cell, to: log)
            cell.note(entry, keeping: historyMax)
        case .finished(let outcome):
            finish(cell, outcome)
        }
    }

    /// What a piece of mail means for the machine, nil where nothing; a callback's result is parsed here, on the worker.
    private func event(_ mail: RunCell.Mail) -> RunEvent? {
        switch mail {
        case .placed: return nil
        case .event(let event): return redaction.event(event)
        case .callback(let attempt, let callback): return .callback(attempt, callback.outcome)
        case .reached(let tell):
            tell()
            return nil
        }
    }

    /// Lets the next run work where this one rests.
    private func giveBackPlace(of cell: RunCell) {
        guard let places else { return }
        let (isResting, isOver) = cell.rest
        guard isResting else { return }
        for next in places.rest(cell.id, isOver: isOver) { registry.find(next)?.send(.placed) }
    }

    private func finish(_ cell: RunCell, _ outcome: RunOutcome) {
        registry.end(cell.id)
        cell.end(outcome)
        if let parent = cell.parent {
            places?.hold(parent.run)
            components.childEnded(of: parent.attempt, of: parent.run)
            post(.childEnded(parent.attempt, outcome), to: parent.run)
        }
    }

    private func startChild(
        _ workflow: String,
        id: UUIDv7,
        input: JSONValue,
        for attempt: AttemptRef,
        of cell: RunCell
    ) {
        guard let plan = plans.find(workflow), cell.depth < workflowDepthMax,
            registry.reserve(1)
        else {
            let failure = RunFailure(
                code: .componentFailed,
                message: "workflow \(workflow) could not be started as a step: "
                    + "it is unknown, more than \(workflowDepthMax) deep, or too many runs are under way"
            )
            components.childEnded(of: attempt, of: cell.id)
            cell.send(.event(.childEnded(attempt, .failed(failure))))
            return
        }
        cell.noteChild(id, of: attempt)
        _ = begin(
            plan,
            id: id,
            input: input,
            requestID: nil,
            parent: .init(run: cell.id, attempt: attempt),
            depth: cell.depth + 1
        )
    }
}
