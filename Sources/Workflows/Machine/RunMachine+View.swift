internal import JSONWire
internal import Primitives

extension RunMachine {
    /// The run as the API shows it.
    func view() -> RunState {
        var waits: [WaitView] = []
        var interrupts: [InterruptView] = []
        var shown: [StepView] = []
        let unused = Set(free)
        for place in steps.indices {
            let step = steps[place]
            if unused.contains(Int32(place)) { continue }
            shown.append(stepView(place))
            if case .wait(let wait)? = step.detail, wait.isOpen {
                waits.append(
                    WaitView(
                        step: name(place),
                        attempt: ref(place),
                        keys: wait.keyTexts,
                        until: wait.deadline
                    )
                )
            }
            if isAsking(place) { interrupts.append(interruptView(place, GatewayValues())) }
        }
        return RunState(
            status: status,
            input: input,
            endedAt: endedAt,
            steps: shown,
            waiting: waits,
            interrupts: interrupts,
            output: endOutput,
            failure: endFailure,
            cancelReason: endReason
        )
    }

    /// A step as the API shows it.
    private func stepView(_ place: Int) -> StepView {
        let step = steps[place]
        return StepView(
            name: name(place),
            isItem: step.item >= 0,
            status: step.status,
            attempt: Int(step.tries),
            component: plan.steps[Int(step.plan)].component?.id,
            startedAt: began(step),
            endedAt: step.status.isOver && step.began > 0 ? step.startedAt : nil,
            output: step.output,
            items: itemsView(place)
        )
    }

    private func began(_ step: StepInstance) -> WallTime? {
        guard step.began > 0, step.began < .max else { return nil }
        return WallTime(milliseconds: madeAt.milliseconds &+ Int64(step.began) &- 1)
    }

    /// How far the items of a step are; nil for a step without items, and for one whose items are over.
    private func itemsView(_ place: Int) -> ItemsView? {
        guard case .items(let items)? = steps[place].detail else { return nil }
        let waiting = steps.indices.count {
            steps[$0].status == .waiting && Int(steps[$0].parent) == place
        }
        return ItemsView(
            total: items.total,
            completed: items.next - items.busy - items.failedCount,
            failed: items.failedCount,
            running: items.busy - waiting,
            waiting: waiting
        )
    }

    /// Where the run is; waiting is a run in which nothing but waits is under way.
    package var status: RunStatus {
        switch outcome {
        case .completed?: return .completed
        case .failed?: return .failed
        case .cancelled?: return .cancelled
        case nil: break
        }
        guard isStarted else { return .pending }
        var found = RunStatus.running
        for place in steps.indices {
            switch (steps[place].status, steps[place].stage) {
            case (.running, .items), (.running, .handling): break
            case (.running, .askedBefore), (.running, .askedAfter): found = .interrupted
            case (.running, _): return .running
            case (.waiting, _): if found == .running { found = .waiting }
            default: break
            }
        }
        return found
    }

    /// Whether nothing is under way but waits for callbacks, for answers of people and for child runs.
    package var isResting: Bool {
        if isOver { return true }
        guard isStarted else { return false }
        return steps.indices.allSatisfy { place in
            guard steps[place].status == .running else { return true }
            switch steps[place].stage {
            case .items, .handling, .askedBefore, .askedAfter, .child: return true
            default: return false
            }
        }
    }

    /// The id of the component that a step's try uses; nil where it uses none.
    package func component(of attempt: AttemptRef) -> String? {
        guard steps.indices.contains(attempt.step) else { return nil }
        return plan.steps[Int(steps[attempt.step].plan)].component?.id
    }

    /// A step's try as people see it: its name, and which try it is; nil where it is over.
    package func shown(_ attempt: AttemptRef) -> (step: String, attempt: Int)? {
        let place = attempt.step
        guard steps.indices.contains(place), Int(steps[place].serial) == attempt.attempt else {
            return nil
        }
        return (name(place), Int(steps[place].tries))
    }

    private var endOutput: JSONValue? {
        if case .completed(let output)? = outcome { output } else { nil }
    }

    private var endFailure: RunFailure? {
        if case .failed(let failure)? = outcome { failure } else { nil }
    }

    private var endReason: String? {
        if case .cancelled(let reason)? = outcome { reason } else { nil }
    }
}
