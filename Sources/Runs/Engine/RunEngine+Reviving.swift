internal import JSONWire
internal import Journal
internal import Primitives
internal import Rendezvous
internal import Store
internal import Workflows

/// Rebuilding runs from their events, after a restart or when they are wanted again.
extension RunEngine {
    /// Rebuilds a run and has it go on, where it has not ended.
    ///
    /// On a worker. Its machine is what its events made it before: what they caused then is not done again.
    /// - Returns: Its cell, known to the registry.
    /// - Throws: Why the store cannot be read; nothing has happened then.
    func revive(_ stored: StoredRun) throws(StoreError) -> RunActor {
        guard let plan = try shelf.plans(of: stored.origin)?.find(stored.workflow) else {
            return reviveWithoutPlan(stored)
        }
        var standing = RunActor.RunSnapshot(machine: RunMachine(plan: plan, id: stored.id))
        var resumption = Resumption()
        for row in stored.events {
            let effects = standing.machine.apply(row.event, stamp: row.stamp)
            resumption.note(row.event, effects)
            if case .retry = row.event { standing.retryCount += 1 }
            standing.history.journalNumber = row.number
            standing.history.add(redaction.facts(effects[...]), max: historyMax)
        }
        resumption.storedWaits = stored.waits
        standing.children = resumption.childIDs
        if stored.isFinished, standing.machine.outcome == nil {
            // Its end is stored, and came from a bound that was lower, or measured otherwise, when it ended.
            standing.machine.failAtOnce(
                RunFailure(code: .stateTooLarge, message: "the run held more than it might then")
            )
        }
        let isOver = stored.isFinished && standing.machine.outcome != nil
        if isOver { standing.outcome = standing.machine.outcome }
        let begun = isOver ? [] : try begunChildren(resumption)
        let cell = makeCell(stored.birth, standing)
        guard !isOver else {
            registry.addEnded(cell)
            return cell
        }
        registry.reserveAnyway()
        registry.add(cell)
        places?.add(cell.id, startedBy: cell.parent?.run)
        // They had a place of their component; those that stood in line do so again later.
        for attempt in begun { surroundings.adoptChild(of: attempt, of: cell) }
        cell.send(.resume(resumption))
        return cell
    }

    /// The steps whose child runs have begun.
    private func begunChildren(_ resumption: Resumption) throws(StoreError) -> [AttemptRef] {
        var begun: [AttemptRef] = []
        for effect in resumption.children.inOrder {
            guard case .startChild(let attempt, _, _, let id) = effect else { continue }
            var hasBegun = registry.find(id) != nil
            if !hasBegun { hasBegun = try archive?.has(id) ?? false }
            if hasBegun { begun.append(attempt) }
        }
        return begun
    }

    /// Takes up what was under way when the process ended.
    func resume(_ cell: RunActor, _ resumption: Resumption) {
        for wait in resumption.storedWaits where !cell.hasOpenWait(AttemptRef(wait)) {
            let attempt = AttemptRef(wait)
            endWait(attempt, of: cell, how: .cancelled, .endWait(attempt, how: .cancelled))
        }
        for attempt in resumption.cancelledChildren.sorted(by: <) {
            carryOut(.cancelChild(attempt), of: cell)
        }
        if let outcome = cell.outcomeOfMachine { return finish(cell, outcome) }
        let stored = Set(resumption.storedWaits)
        for effect in resumption.waits.inOrder.joined() {
            resumeWait(effect, of: cell, stored: stored)
        }
        for (timer, moment) in resumption.timersInOrder {
            carryOut(.setTimer(timer, at: moment), of: cell)
        }
        for (attempt, call) in resumption.callsInOrder {
            repeatCall(call, attempt, of: cell, isAnswered: resumption.answered.contains(attempt))
        }
        for effect in resumption.children.inOrder { resumeChild(effect, of: cell) }
    }

    /// Registers a wait again whose registration the crash took.
    private func resumeWait(_ effect: Effect, of cell: RunActor, stored: Set<WaitID>) {
        if case .wait(let attempt, _, _, _, _) = effect {
            let wait = cell.waitID(attempt)
            // One that the store has was put back at the start: where it is not open, it has ended since, and what ended
            // it is on its way here. The store may not know that yet.
            if stored.contains(wait) || table.openWait(wait) != nil {
                if let room = room(of: cell) { table.limit(to: room, wait) }
                return
            }
        }
        carryOut(effect, of: cell)
    }

    /// Sends a request again whose outcome is unknown, or has it failed, as its component says.
    private func repeatCall(
        _ call: any ComponentCall,
        _ attempt: AttemptRef,
        of cell: RunActor,
        isAnswered: Bool
    ) {
        if isAnswered {
            // The callback counts; the answer to the request is lost with the process.
            return cell.send(.event(.responded(attempt, .success(.null, status: 0))))
        }
        guard cell.repeatsAfterCrash(attempt) else {
            let failure = CallFailure(
                code: .interruptedByRestart,
                message:
                    "the server ended while this was under way, and `after_crash: fail` forbids to do it again"
            )
            return cell.send(.event(.responded(attempt, .failure(failure))))
        }
        log(
            .info,
            "Step was under way when the server ended: it is done again under the same id",
            [.init("task_id", cell.id.text), .init("step", attempt.step)]
        )
        surroundings.run(call, for: attempt, of: cell)
    }

    /// Starts a step's child run that never began, where the step still wants it; what it is given back is a place that a
    /// run that began would have.
    func beginChild(_ effect: Effect, of cell: RunActor) {
        guard case .startChild(let attempt, _, _, _) = effect else { return }
        surroundings.childEnded(of: attempt, of: cell.id)
        if cell.awaitsChild(attempt) { carryOut(effect, of: cell) }
    }

    private func resumeChild(_ effect: Effect, of cell: RunActor) {
        guard case .startChild(let attempt, _, _, let id) = effect else { return }
        find(id, patience: .untilReadable) { [self] finding in
            // Between the question and this the step may have ended: it is asked where its events are handled.
            guard let child = finding.cell else { return cell.send(.childUnknown(effect)) }
            cell.noteChild(id, of: attempt)
            // One that has not ended tells its parent itself.
            if let outcome = child.toldOutcome {
                surroundings.childEnded(of: attempt, of: cell.id)
                cell.send(.event(.childEnded(attempt, outcome)))
            }
        }
    }

    /// A run whose plan cannot be had any more has failed.
    private func reviveWithoutPlan(_ stored: StoredRun) -> RunActor {
        let failure = RunFailure(
            code: .planUnavailable,
            message:
                "the configuration this run was started with cannot be used any more, and so the run cannot go on"
        )
        log(.error, "Run cannot go on: \(failure.message)", [.init("task_id", stored.id.text)])
        let plan = WorkflowPlan.empty(id: stored.workflow)
        var machine = RunMachine(plan: plan, id: stored.id)
        machine.failAtOnce(failure)
        var standing = RunActor.RunSnapshot(machine: machine)
        standing.retryCount = stored.events.count {
            if case .retry = $0.event { true } else { false }
        }
        if stored.isFinished { standing.outcome = .failed(failure) }
        let cell = makeCell(stored.birth, standing)
        if stored.isFinished {
            registry.addEnded(cell)
            return cell
        }
        registry.reserveAnyway()
        registry.add(cell)
        var resumption = Resumption()
        resumption.storedWaits = stored.waits
        cell.send(.resume(resumption))
        return cell
    }
}

extension StoredRun {
    /// What stays the same over the run's life.
    fileprivate var birth: RunActor.RunIdentity {
        RunActor.RunIdentity(
            id: id,
            origin: origin,
            parent: parent.map { RunActor.Parent(run: $0, attempt: parentAttempt) },
            depth: depth,
            labels: RunLabels(bytes: labels),
            cause: cause
        )
    }
}
