package import JSONWire
package import Journal
package import Primitives
package import Store
package import Workflows

/// Starting runs.
extension RunEngine {
    /// A run to be started.
    package struct Order: Sendable {
        /// The workflow's id; nil for the default one.
        let workflow: String?
        /// The run's input.
        let input: JSONValue
        /// What the starter wants to find at it again.
        package var labels: RunLabels?
        /// How it comes to be started; nil where that is not noted.
        package var cause: RunCause?

        /// Asks for a run of a workflow.
        package init(workflow: String?, input: JSONValue) {
            self.workflow = workflow
            self.input = input
        }
    }

    /// Runs that were started, and the journal number that must be settled before anybody is told.
    package struct Started: Sendable {
        /// The runs' ids, in the order asked for.
        package let ids: [UUIDv7]
        /// The number of the record; 0 where nothing is written.
        package let number: UInt64
    }

    /// Starts a run.
    ///
    /// - Parameters:
    ///   - order: The workflow and its input.
    ///   - requestID: The request it was asked for by, for the log.
    /// - Returns: The run's id.
    /// - Throws: ``StartRefusal``; nothing has happened then.
    package func start(_ order: Order, requestID: UUIDv7?) throws(StartRefusal) -> UUIDv7 {
        try start([order], requestID: requestID).ids[0]
    }

    /// Starts all runs that are asked for, or none of them.
    ///
    /// - Parameters:
    ///   - orders: The workflows and their inputs; one at least.
    ///   - requestID: The request they were asked for by, for the log.
    ///   - claims: What keeps the same request from starting them again; made of the runs' ids.
    ///   - note: Called with the runs' ids when nothing can refuse them any more but the journal: what it has written down is
    ///     committed no later than the start.
    /// - Returns: The runs, and the number that must be settled before anybody is told.
    /// - Throws: ``StartRefusal``; nothing has happened then.
    package func start(
        _ orders: [Order],
        requestID: UUIDv7?,
        claims: ([UUIDv7]) -> [Claim] = { _ in [] },
        note: ([UUIDv7]) -> Void = { _ in }
    ) throws(StartRefusal) -> Started {
        var plans: [WorkflowPlan] = []
        for order in orders { plans.append(try plan(order.workflow)) }
        if let reason = commit.refusal { throw .journalUnavailable(reason) }
        guard registry.reserve(orders.count) else { throw .tooManyRuns }
        let newborn = zip(plans, orders).map { plan, order in
            NewRun(
                plan: plan,
                birth: RunActor.RunIdentity(
                    id: UUIDv7(time: surroundings.wall, random: surroundings.random),
                    origin: shelf.currentOrigin,
                    parent: nil,
                    depth: 0,
                    labels: order.labels,
                    cause: order.cause
                ),
                event: .start(input: order.input, requestID: requestID?.text),
                stamp: freshStamp()
            )
        }
        let ids = newborn.map(\.birth.id)
        let number = try begin(newborn, claims: claims(ids), requestID: requestID) { note(ids) }
        return Started(ids: ids, number: number)
    }

    /// The plan of a workflow.
    ///
    /// - Parameter workflow: Its id; nil for the default one.
    /// - Returns: The plan.
    /// - Throws: ``StartRefusal/workflowUnknown(_:known:)`` where there is none.
    package func plan(_ workflow: String?) throws(StartRefusal) -> WorkflowPlan {
        if let workflow {
            guard let plan = plans.find(workflow) else { throw unknown(workflow) }
            return plan
        }
        guard let plan = plans.defaultWorkflow else {
            throw .noDefaultWorkflow(known: plans.workflows.map(\.id))
        }
        return plan
    }

    private func unknown(_ workflow: String) -> StartRefusal {
        .workflowUnknown(workflow, known: plans.workflows.map(\.id))
    }

    /// Starts the run that a step asks for.
    func startChild(
        _ workflow: String,
        id: UUIDv7,
        input: JSONValue,
        for attempt: AttemptRef,
        of cell: RunActor
    ) {
        let plan: WorkflowPlan?
        do throws(StoreError) {
            plan = try shelf.plans(of: cell.birth.origin)?.find(workflow)
        } catch {
            // It follows plans that were read when the run above came back; they are kept.
            return surroundings.after(.milliseconds(50)) { [self] in
                startChild(workflow, id: id, input: input, for: attempt, of: cell)
            }
        }
        guard let plan, cell.depth < workflowDepthMax, registry.reserve(1) else {
            let failure = RunFailure(
                code: .componentFailed,
                message: "workflow \(workflow) could not be started as a step: "
                    + "it is unknown, more than \(workflowDepthMax) deep, or too many runs are under way"
            )
            surroundings.childEnded(of: attempt, of: cell.id)
            return cell.send(.event(.childEnded(attempt, .failed(failure))))
        }
        cell.noteChild(id, of: attempt)
        let newborn = NewRun(
            plan: plan,
            birth: RunActor.RunIdentity(
                id: id,
                origin: cell.birth.origin,
                parent: .init(run: cell.id, attempt: attempt),
                depth: cell.depth + 1,
                labels: nil
            ),
            event: .start(input: input, requestID: nil),
            stamp: freshStamp()
        )
        do throws(StartRefusal) {
            _ = try begin([newborn], claims: [], requestID: nil)
        } catch {
            let failure = RunFailure(code: error.code, message: error.message)
            surroundings.childEnded(of: attempt, of: cell.id)
            cell.send(.event(.childEnded(attempt, .failed(failure))))
        }
    }

    /// A run that is about to begin.
    private struct NewRun: Sendable {
        let plan: WorkflowPlan
        let birth: RunActor.RunIdentity
        let event: RunEvent
        let stamp: Stamp

        /// What the journal keeps of it.
        var record: RunBirth {
            RunBirth(
                id: birth.id,
                workflow: plan.id,
                plan: birth.origin,
                parent: birth.parent?.run,
                parentAttempt: birth.parent?.attempt ?? AttemptRef(step: 0, attempt: 0),
                depth: birth.depth,
                labels: birth.labels?.bytes ?? [],
                extras: BirthExtras(cause: birth.cause),
                event: event,
                stamp: stamp
            )
        }
    }

    /// Makes the cells of runs whose places are reserved, and journals their birth.
    ///
    /// - Returns: The number the record has; 0 where nothing is written.
    private func begin(
        _ newborn: [NewRun],
        claims: [Claim],
        requestID: UUIDv7?,
        note: () -> Void = {}
    ) throws(StartRefusal) -> UInt64 {
        guard let record = commit.prepare(.began(newborn.map(\.record), claims)) else {
            for _ in newborn { registry.release() }
            throw .tooLarge
        }
        let cells = newborn.map(cell)
        note()
        return commit.append(record) { [self] isCommitted, number in
            for (one, cell) in zip(newborn, cells) {
                if isCommitted { settle(one, cell, requestID, number) } else { forget(cell) }
            }
        }
    }

    private func cell(_ newborn: NewRun) -> RunActor {
        let cell = makeCell(
            newborn.birth,
            RunActor.RunSnapshot(machine: RunMachine(plan: newborn.plan, id: newborn.birth.id))
        )
        registry.add(cell)
        return cell
    }

    /// A cell whose mail this engine handles.
    func makeCell(_ birth: RunActor.RunIdentity, _ standing: RunActor.RunSnapshot) -> RunActor {
        RunActor(birth, standing: standing, engine: self)
    }

    private func settle(
        _ newborn: NewRun,
        _ cell: RunActor,
        _ requestID: UUIDv7?,
        _ number: UInt64
    ) {
        places?.add(cell.id, startedBy: cell.parent?.run)
        log(
            .info,
            "Run started",
            [.init("task_id", cell.id.text), .init("workflow", newborn.plan.id)]
                + (requestID.map { [.init("request_id", $0.text)] } ?? [])
        )
        cell.send(.settled(newborn.event, newborn.stamp, number: number))
    }

    /// Forgets a run whose birth could not be journaled; a step that asked for it is told.
    private func forget(_ cell: RunActor) {
        registry.remove(cell.id)
        let failure = RunFailure(
            code: .journalUnavailable,
            message: "the run could not be stored, and was not started"
        )
        cell.end(.failed(failure))
        if let parent = cell.parent {
            surroundings.childEnded(of: parent.attempt, of: parent.run)
            post(.childEnded(parent.attempt, .failed(failure)), to: parent.run)
        }
    }
}
