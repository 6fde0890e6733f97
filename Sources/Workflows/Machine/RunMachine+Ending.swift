internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// A try failed because an expression did.
    mutating func tryFailed(_ place: Int, _ error: EvaluationError, _ turn: inout Transition) {
        tryFailed(
            place,
            CallFailure(code: .expressionFailed, message: error.description),
            &turn
        )
    }

    /// A try failed: the next one, or what `on_error` says.
    mutating func tryFailed(_ place: Int, _ cause: CallFailure, _ turn: inout Transition) {
        let plan = plan.steps[Int(steps[place].plan)]
        tryFailed(
            place,
            StepFailure(
                code: cause.code,
                message: cause.message,
                step: name(place),
                attempt: Int(steps[place].tries),
                component: plan.component?.id,
                result: cause.result,
                head: cause.head
            ),
            &turn
        )
    }

    /// A try failed with a failure that is told as it stands.
    mutating func tryFailed(_ place: Int, _ failure: StepFailure, _ turn: inout Transition) {
        let plan = plan.steps[Int(steps[place].plan)]
        dropDetail(place)
        let tries = Int(steps[place].tries)
        guard plan.retry.allows(after: tries, failure), isWorthAnotherTry(place, failure, &turn)
        else {
            stepFailed(place, failure, &turn)
            return
        }
        let now = turn.stamp.wall
        let pause = plan.retry.pause(after: tries, random: turn.newBits())
        let at = max(now.advanced(by: pause), failure.head?.retryAfter(now) ?? now)
        steps[place].stage = .pausing
        steps[place].status = .running
        note(.retrying(failure, at: at), place, &turn)
        turn.effects.append(.setTimer(timer(place, .retry), at: at))
    }

    /// What `retry.when` says; a condition that cannot be told is no reason for another try, and is noted.
    private mutating func isWorthAnotherTry(
        _ place: Int,
        _ failure: StepFailure,
        _ turn: inout Transition
    ) -> Bool {
        guard let condition = plan.steps[Int(steps[place].plan)].retry.condition else {
            return true
        }
        do throws(EvaluationError) {
            var scope = self.scope(place, turn, failure: failure)
            scope.head = failure.head
            return try condition.holds(scope)
        } catch {
            note(.noted("`retry.when` cannot be told: \(error.description)"), place, &turn)
            return false
        }
    }

    /// Whether a person must be asked cannot be told: the step has failed for good.
    mutating func cannotAsk(_ place: Int, _ error: EvaluationError, _ turn: inout Transition) {
        dropDetail(place)
        stepFailed(
            place,
            StepFailure(
                code: .expressionFailed,
                message: error.description,
                step: name(place),
                attempt: Int(steps[place].tries),
                component: plan.steps[Int(steps[place].plan)].component?.id
            ),
            &turn
        )
    }

    /// A message with the place where a step is written.
    func located(_ place: Int, _ message: String) -> String {
        "\(plan.steps[Int(steps[place].plan)].position.description): \(message)"
    }

    /// A step failed for good.
    private mutating func stepFailed(_ place: Int, _ failure: StepFailure, _ turn: inout Transition)
    {
        switch plan.steps[Int(steps[place].plan)].onError {
        case .fail: giveUp(place, failure, &turn)
        case .output(let template):
            guard keepOutput(place, template, failure, &turn) else { return }
            note(.recovered(failure), place, &turn)
            finishStep(place, &turn)
        case .route(let target, let template):
            guard keepOutput(place, template, failure, &turn) else { return }
            note(.stepFailed(failure), place, &turn)
            note(.routed(to: plan.steps[target].id), place, &turn)
            end(place, .failed, &turn)
            route(to: target, &turn)
        case .steps(let handlers):
            note(.recovered(failure), place, &turn)
            steps[place].detail = .failure(failure)
            steps[place].stage = .handling
            steps[place].status = .running
            begin(handler: handlers.first, of: place, &turn)
        }
    }

    /// The output that `on_error` gives a failed step; false where it cannot be told and the step has given up.
    private mutating func keepOutput(
        _ place: Int,
        _ template: Template?,
        _ failure: StepFailure,
        _ turn: inout Transition
    ) -> Bool {
        do throws(EvaluationError) {
            let output = try template?.evaluate(scope(place, turn, failure: failure)) ?? .null
            setOutput(place, output)
            return true
        } catch {
            let told = StepFailure(
                code: .expressionFailed,
                message: error.description,
                step: failure.step,
                attempt: failure.attempt,
                component: failure.component,
                result: failure.result
            )
            giveUp(place, told, &turn)
            return false
        }
    }

    /// Ends a step as failed and hands the failure on to what it belongs to.
    private mutating func giveUp(_ place: Int, _ failure: StepFailure, _ turn: inout Transition) {
        note(.stepFailed(failure), place, &turn)
        let role = plan.steps[Int(steps[place].plan)].role
        let parent = Int(steps[place].parent)
        end(place, .failed, &turn)
        switch role {
        case .top: finish(.failed(RunFailure(failure)), &turn)
        case .handler: giveUp(parent, failure, &turn)
        case .body: bodyFailed(place, failure, &turn)
        }
    }

    private mutating func begin(handler: Int?, of place: Int, _ turn: inout Transition) {
        guard let handler else {
            finishStep(place, &turn)
            return
        }
        if places[handler] >= 0 {
            // The step it belongs to failed once more after a rewind.
            reset(Int(places[handler]))
        } else {
            places[handler] = Int32(steps.count)
            steps.append(StepInstance(plan: Int32(handler), parent: Int32(place)))
        }
        turn.queue.append(.start(Int(places[handler])))
    }

    /// A step of an `on_error` list has ended well: the next one, or the end of the step it stands in for.
    mutating func handlerEnded(_ place: Int, _ turn: inout Transition) {
        let parent = Int(steps[place].parent)
        let handler = Int(steps[place].plan)
        guard case .steps(let handlers) = plan.steps[Int(steps[parent].plan)].onError,
            let position = handlers.firstIndex(of: handler)
        else { return }
        if position + 1 < handlers.count {
            begin(handler: handlers[position + 1], of: parent, &turn)
            return
        }
        setOutput(parent, steps[place].output)
        finishStep(parent, &turn)
    }

    /// The time for all tries of a step is over.
    mutating func stepTimedOut(_ place: Int, _ turn: inout Transition) {
        guard let timeout = plan.steps[Int(steps[place].plan)].timeout else { return }
        withdraw(place, &turn)
        dropDetail(place)
        let plan = plan.steps[Int(steps[place].plan)]
        stepFailed(
            place,
            StepFailure(
                code: .stepTimeout,
                message: "the step did not end within \(DurationText.spell(timeout))",
                step: name(place),
                attempt: Int(steps[place].tries),
                component: plan.component?.id
            ),
            &turn
        )
    }
}

extension RunMachine {
    /// Takes a failed run up again where it failed: what has completed keeps its output, what failed, was cancelled or
    /// was never reached begins anew.
    ///
    /// A step whose `on_error` routed to another one stays as it is: it was dealt with. Nothing happens where the run has
    /// not failed.
    mutating func takeUpAgain(_ turn: inout Transition) {
        guard case .failed? = outcome else { return }
        outcome = nil
        endedAt = nil
        liveCount = 0
        note(.retriedRun, &turn)
        if let timeout = plan.timeout {
            turn.effects.append(.setTimer(runTimer, at: turn.stamp.wall.advanced(by: timeout)))
        }
        for place in steps.indices where steps[place].parent >= 0 { forgetInner(place) }
        for place in 0..<plan.topCount {
            let before = steps[place].status
            guard before != .completed, !isDealtWith(place) else { continue }
            renew(place)
            let wasStarted = before == .failed || before == .cancelled
            if wasStarted || !plan.steps[place].isRouted && isReady(place) {
                turn.queue.append(.start(place))
            }
        }
    }

    /// Whether a failed step's `on_error` sent the run elsewhere.
    private func isDealtWith(_ place: Int) -> Bool {
        guard steps[place].status == .failed, case .route = plan.steps[place].onError else {
            return false
        }
        return true
    }

    /// Makes a step as it was before its first start; its tries go on counting, so that no ref of an earlier one fits.
    private mutating func renew(_ place: Int) {
        setInput(place, .null)
        setOutput(place, .null)
        dropDetail(place)
        var fresh = StepInstance(plan: steps[place].plan)
        fresh.serial = steps[place].serial
        steps[place] = fresh
    }

    /// Forgets what a step that begins anew had inside: items, and steps of its `on_error`.
    private mutating func forgetInner(_ place: Int) {
        var outer = place
        while steps[outer].parent >= 0 { outer = Int(steps[outer].parent) }
        guard steps[outer].status != .completed else { return }
        setInput(place, .null)
        setOutput(place, .null)
        dropDetail(place)
        let index = Int(steps[place].plan)
        switch plan.steps[index].role {
        case .handler:
            if Int(places[index]) == place { places[index] = -1 }
            steps[place].status = .skipped
        case .body:
            if !free.contains(Int32(place)) { free.append(Int32(place)) }
            steps[place].status = .skipped
        case .top: break
        }
    }
}

extension RunMachine {
    /// Ends the run well: nothing is under way and nothing can begin.
    mutating func complete(_ turn: inout Transition) {
        let merged = mergedOutput()
        guard let template = plan.output else {
            finish(.completed(merged), &turn)
            return
        }
        do throws(EvaluationError) {
            let output = try template.evaluate(scope(nil, turn, output: merged))
            finish(.completed(output), &turn)
        } catch {
            finish(
                .failed(RunFailure(code: .expressionFailed, message: error.description)),
                &turn
            )
        }
    }

    /// The outputs of the steps that led to no other, in the order of the plan: maps are merged, else the later counts.
    private func mergedOutput() -> JSONValue {
        var merged = JSONValue.null
        for place in 0..<plan.topCount where isTerminal(place) {
            let output = steps[place].output
            if case .object(var below) = merged, case .object(let above) = output {
                for member in above.members { below[member.name] = member.value }
                merged = .object(below)
            } else if !output.isNull {
                merged = output
            }
        }
        return merged
    }

    private func isTerminal(_ place: Int) -> Bool {
        guard steps[place].status == .completed else { return false }
        let step = plan.steps[place]
        switch step.work {
        case .choose, .random: return false
        default: break
        }
        return !step.dependents.contains {
            $0 < plan.topCount && steps[$0].status == .completed
        }
    }

    /// Ends the run: everything under way is taken back.
    mutating func finish(_ end: RunOutcome, _ turn: inout Transition) {
        guard !isOver else { return }
        for place in steps.indices {
            switch steps[place].status {
            case .running, .waiting:
                withdrawAlone(place, &turn, abandoning: true)
                note(.stepCancelled, place, &turn)
                self.end(place, .cancelled, &turn)
            case .pending:
                steps[place].status = .skipped
                if steps[place].item < 0 { note(.stepSkipped, place, &turn) }
            case .completed, .failed, .skipped, .cancelled: break
            }
        }
        if isStarted, plan.timeout != nil { turn.effects.append(.cancelTimer(runTimer)) }
        outcome = end
        endedAt = turn.stamp.wall
        switch end {
        case .completed: note(.runCompleted, &turn)
        case .failed(let failure): note(.runFailed(failure), &turn)
        case .cancelled(let reason): note(.runCancelled(reason: reason), &turn)
        }
        turn.effects.append(.finished(end))
    }

    /// The time for the whole run is over.
    mutating func runTimedOut(_ turn: inout Transition) {
        guard let timeout = plan.timeout else { return }
        let limit = DurationText.spell(timeout)
        finish(
            .failed(
                RunFailure(code: .runTimeout, message: "the run did not end within \(limit)")
            ),
            &turn
        )
    }

    /// Takes back what a step has under way, with everything inside it; the step itself stays.
    mutating func withdraw(_ place: Int, _ turn: inout Transition, abandoning: Bool = true) {
        withdrawAlone(place, &turn, abandoning: abandoning)
        for inner in steps.indices where isInside(inner, place) {
            switch steps[inner].status {
            case .running, .waiting:
                withdrawAlone(inner, &turn, abandoning: true)
                note(.stepCancelled, inner, &turn)
                end(inner, .cancelled, &turn)
                setFree(inner)
            case .pending:
                steps[inner].status = .cancelled
                setFree(inner)
            case .completed, .failed, .skipped, .cancelled: break
            }
        }
    }

    private func isInside(_ place: Int, _ outer: Int) -> Bool {
        var parent = Int(steps[place].parent)
        while parent >= 0, parent != outer {
            parent = steps.indices.contains(parent) ? Int(steps[parent].parent) : -1
        }
        return parent == outer
    }

    private mutating func withdrawAlone(
        _ place: Int,
        _ turn: inout Transition,
        abandoning: Bool
    ) {
        let ref = ref(place)
        switch steps[place].stage {
        case .calling, .pollCalling: if abandoning { turn.effects.append(.abandon(ref)) }
        case .pausing: turn.effects.append(.cancelTimer(timer(place, .retry)))
        case .delaying: turn.effects.append(.cancelTimer(timer(place, .delay)))
        case .polling: turn.effects.append(.cancelTimer(timer(place, .poll)))
        case .child: turn.effects.append(.cancelChild(ref))
        case .idle, .askedBefore, .awaiting, .items, .handling, .askedAfter: break
        }
        if case .wait(var wait)? = steps[place].detail, wait.isOpen {
            wait.isOpen = false
            steps[place].detail = .wait(wait)
            turn.effects.append(.endWait(ref, how: .cancelled))
        }
        steps[place].stage = .idle
    }
}
