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
