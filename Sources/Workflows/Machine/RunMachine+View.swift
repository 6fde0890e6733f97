internal import Expressions
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

extension RunMachine {
    /// Whether a try of a step has a wait that no callback, deadline or cancel has ended.
    package func hasOpenWait(_ ref: AttemptRef) -> Bool {
        guard steps.indices.contains(ref.step), Int(steps[ref.step].serial) == ref.attempt
        else { return false }
        return steps[ref.step].hasOpenWait
    }

    /// Whether a try of a step waits for the end of the run that it starts.
    package func awaitsChild(_ ref: AttemptRef) -> Bool {
        steps.indices.contains(ref.step) && isCurrent(ref, .child)
    }

    /// Whether nothing but callbacks, or the deadlines of waits, can move the run on: no call, timer or question is open.
    ///
    /// - Complexity: O(steps).
    package var isParked: Bool {
        guard !isOver, isStarted, plan.timeout == nil else { return false }
        return steps.indices.allSatisfy { place in
            let status = steps[place].status
            guard status == .running || status == .waiting else { return true }
            guard plan.steps[Int(steps[place].plan)].timeout == nil else { return false }
            switch steps[place].stage {
            case .awaiting: return steps[place].hasOpenWait
            case .items, .handling: return true
            default: return false
            }
        }
    }

    /// Whether a call of a try whose outcome is unknown after a crash is to be made again (`after_crash`).
    package func repeatsAfterCrash(_ ref: AttemptRef) -> Bool {
        guard steps.indices.contains(ref.step) else { return false }
        return action(ref.step)?.repeatsAfterCrash ?? true
    }

    /// How many bytes of values it may still be given.
    package var room: Int { max(0, plan.stateBytesMax + carried - weight) }

    /// Ends a run that cannot be carried on, without an event.
    package mutating func failAtOnce(_ failure: RunFailure) {
        isStarted = true
        outcome = .failed(failure)
    }
}

extension RunMachine {
    /// Stops a step for a person's answer where its plan says so; true where it has stopped, or failed at asking.
    mutating func asks(
        _ question: InterruptPlan?,
        _ place: Int,
        output: JSONValue?,
        _ stage: StepInstance.Stage,
        _ turn: inout Transition
    ) -> Bool {
        guard let question else { return false }
        do throws(EvaluationError) {
            guard try question.condition?.holds(scope(place, turn, output: output)) ?? true else {
                return false
            }
        } catch {
            // A question that cannot be decided is no leave to go on: not even another try.
            cannotAsk(place, error, &turn)
            return true
        }
        steps[place].stage = stage
        note(.interrupted(id: interruptID(place)), place, &turn)
        return true
    }

    /// A person has answered.
    mutating func answered(_ id: String, _ answer: JSONValue?, _ turn: inout Transition) {
        guard let place = steps.indices.first(where: { isAsking($0) && interruptID($0) == id })
        else { return }
        let given = answer.flatMap { $0.isNull ? nil : $0 }
        let isBefore = steps[place].stage == .askedBefore
        steps[place].stage = .idle
        if isBefore {
            if let given {
                setInput(place, given)
                steps[place].isInputGiven = true
            }
            beginTry(place, &turn)
        } else {
            if let given { setOutput(place, given) }
            finishStep(place, &turn)
        }
    }

    /// Whether a step stands still for a person's answer.
    private func isAsking(_ place: Int) -> Bool {
        steps[place].stage == .askedBefore || steps[place].stage == .askedAfter
    }

    /// The name of a step's question.
    private func interruptID(_ place: Int) -> String {
        name(place) + (steps[place].stage == .askedBefore ? ".before" : ".after")
    }

    /// The question as the API shows it.
    private func interruptView(_ place: Int, _ gateways: GatewayValues) -> InterruptView {
        let plan = plan.steps[Int(steps[place].plan)]
        let isBefore = steps[place].stage == .askedBefore
        let question = isBefore ? plan.before : plan.after
        // A view has no event of its own: the question is as old as the step.
        var scope = StepScope(
            run: self,
            instance: place,
            gateways: gateways,
            now: steps[place].startedAt
        )
        if !isBefore { scope.output = steps[place].output }
        return InterruptView(
            id: interruptID(place),
            step: name(place),
            phase: isBefore ? "before" : "after",
            message: TextForm.text(of: value(of: question?.message, scope)),
            metadata: value(of: question?.metadata, scope)
        )
    }

    /// The value of a question's part; what cannot be told is told as the reason.
    private func value(of template: Template?, _ scope: StepScope) -> JSONValue {
        do throws(EvaluationError) {
            return try template?.evaluate(scope) ?? .null
        } catch {
            return .string(error.description)
        }
    }
}
