internal import JSONWire
internal import Primitives

extension RunMachine {
    /// How many steps one run may start.
    static let startsMax = 10_000

    /// Takes an event in; what it sets off is queued in the turn.
    mutating func handle(_ event: RunEvent, _ turn: inout Transition) {
        if case .start(let input, let requestID) = event {
            begin(input, requestID, &turn)
            return
        }
        if case .cancel(let reason) = event {
            finish(.cancelled(reason: reason), &turn)
            return
        }
        guard isStarted else { return }
        switch event {
        case .start, .cancel, .retry: break
        case .responded(let ref, let outcome): responded(ref, outcome, &turn)
        case .callback(let ref, let callback): calledBack(ref, callback, &turn)
        case .waitExpired(let ref): waitExpired(ref, &turn)
        case .waitRefused(let ref, let code): waitRefused(ref, code, &turn)
        case .timer(let timer): timerFired(timer, &turn)
        case .childEnded(let ref, let outcome): childEnded(ref, outcome, &turn)
        case .answered(let id, let answer): answered(id, answer, &turn)
        }
    }

    /// Begins what is queued until nothing is left, then ends the run where nothing is under way.
    mutating func settle(_ turn: inout Transition) {
        while !isOver, let work = turn.next() {
            switch work {
            case .start(let place): start(place, &turn)
            case .pump(let place): pump(place, &turn)
            case .iterate(let place): iterate(place, &turn)
            }
        }
        guard !isOver, isStarted else { return }
        if weight > plan.stateBytesMax + carried {
            finish(.failed(tooLarge), &turn)
        } else if liveCount == 0 {
            complete(&turn)
        }
    }

    /// Why a run fails that holds more than it may.
    private var tooLarge: RunFailure {
        let bound = "more than the \(plan.stateBytesMax) that it may (executor.max_state_size)"
        guard let step = instance(at: Int(heaviest.place)) else {
            return RunFailure(
                code: .stateTooLarge,
                message: "the run holds \(weight) bytes of values, \(bound)"
            )
        }
        let place = Int(heaviest.place)
        return RunFailure(
            StepFailure(
                code: .stateTooLarge,
                message: "the run holds \(weight) bytes of values, \(bound); "
                    + "this step was given \(heaviest.bytes) of them last",
                step: name(place),
                attempt: Int(step.tries),
                component: component(of: ref(place))
            )
        )
    }

    private mutating func begin(_ input: JSONValue, _ requestID: String?, _ turn: inout Transition)
    {
        guard !isStarted else { return }
        isStarted = true
        self.input = input
        self.requestID = requestID
        weight = Weight.of(input)
        places = [Int32](repeating: -1, count: plan.steps.count)
        steps.reserveCapacity(plan.topCount)
        note(.runStarted, &turn)
        if let timeout = plan.timeout {
            turn.effects.append(.setTimer(runTimer, at: turn.stamp.wall.advanced(by: timeout)))
        }
        for place in 0..<plan.topCount {
            steps.append(StepInstance(plan: Int32(place)))
            places[place] = Int32(place)
        }
        for place in 0..<plan.topCount {
            let step = plan.steps[place]
            if !step.isRouted, step.dependencies.isEmpty { turn.queue.append(.start(place)) }
        }
    }

    private mutating func timerFired(_ timer: TimerRef, _ turn: inout Transition) {
        let ref = timer.attempt
        switch timer.purpose {
        case .runTimeout: runTimedOut(&turn)
        case .stepTimeout:
            guard steps.indices.contains(ref.step), Int(steps[ref.step].starts) == ref.attempt,
                steps[ref.step].status == .running || steps[ref.step].status == .waiting
            else { return }
            stepTimedOut(ref.step, &turn)
        case .retry:
            guard isCurrent(ref, .pausing) else { return }
            beginTry(ref.step, &turn)
        case .delay:
            guard isCurrent(ref, .delaying) else { return }
            delayEnded(ref.step, &turn)
        case .poll:
            guard isCurrent(ref, .polling) else { return }
            poll(ref.step, &turn)
        }
    }

    /// Whether a ref names the present try of a step that is at a stage.
    func isCurrent(_ ref: AttemptRef, _ stage: StepInstance.Stage) -> Bool {
        // Looked at in its place, as everywhere where one or two facts of a step are wanted: a copy costs more than they.
        guard steps.indices.contains(ref.step) else { return false }
        return Int(steps[ref.step].serial) == ref.attempt && steps[ref.step].stage == stage
    }

    /// The instance at a place; nil outside.
    func instance(at place: Int) -> StepInstance? {
        steps.indices.contains(place) ? steps[place] : nil
    }

    /// The timer of the workflow's own `timeout`.
    var runTimer: TimerRef {
        TimerRef(attempt: AttemptRef(step: -1, attempt: 0), purpose: .runTimeout)
    }

    /// The present try of a step.
    func ref(_ place: Int) -> AttemptRef {
        AttemptRef(step: place, attempt: Int(steps[place].serial))
    }

    /// The step as people see it: its id, and the place of its item.
    func name(_ place: Int) -> String {
        guard steps.indices.contains(place) else { return "" }
        let plan = plan.steps[Int(steps[place].plan)]
        let parent = Int(steps[place].parent)
        guard case .body = plan.role, parent >= 0 else { return plan.id }
        return name(parent) + "[\(steps[place].item)]"
    }

    /// Adds a fact of the run to the history.
    func note(_ kind: HistoryEntry.Kind, _ turn: inout Transition) {
        turn.effects.append(
            .history(
                HistoryEntry(
                    time: turn.stamp.wall,
                    step: nil,
                    attempt: 0,
                    component: nil,
                    kind: kind
                )
            )
        )
    }

    /// Adds a fact of a step to the history.
    func note(_ kind: HistoryEntry.Kind, _ place: Int, _ turn: inout Transition) {
        turn.effects.append(
            .history(
                HistoryEntry(
                    time: turn.stamp.wall,
                    step: name(place),
                    attempt: Int(steps[place].tries),
                    component: plan.steps[Int(steps[place].plan)].component?.id,
                    kind: kind
                )
            )
        )
    }

    /// A scope of a step's own expressions.
    ///
    /// It holds the run as it stands: while a scope has a name and lives, the first change of a step copies all of them.
    func scope(
        _ place: Int?,
        _ turn: borrowing Transition,
        output: JSONValue? = nil,
        failure: StepFailure? = nil
    ) -> StepScope {
        StepScope(
            run: self,
            instance: place,
            gateways: turn.stamp.gateways,
            now: turn.stamp.wall,
            output: output,
            failure: failure
        )
    }
}
