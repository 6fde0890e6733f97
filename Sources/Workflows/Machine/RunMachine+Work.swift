internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// Does what the step's type says.
    mutating func perform(_ place: Int, _ plan: StepPlan, _ turn: inout Turn) {
        do throws(EvaluationError) {
            switch plan.work {
            case .nothing: complete(place, .null, &turn)
            case .action(let action): try act(place, action, &turn)
            case .wait(let wait): try waitForKey(place, wait, &turn)
            case .delay(let delay):
                let pause = try delay.pause(
                    scope(place, turn),
                    input: steps[place].input,
                    step: plan.position
                )
                sleep(place, pause, &turn)
            case .choose(let choice): try choose(place, choice, &turn)
            case .random(let lots): draw(place, lots, &turn)
            case .filter(let condition): try filter(place, condition, &turn)
            case .each(let each): try beginItems(place, each, &turn)
            case .loop: beginLoop(place, &turn)
            case .fold(let fold): try beginFold(place, fold, &turn)
            case .pipeline: beginPipeline(place, &turn)
            case .fanOut(let names): fanOut(place, names, &turn)
            }
        } catch {
            tryFailed(place, error, &turn)
        }
    }

    private mutating func act(
        _ place: Int,
        _ action: ActionPlan,
        _ turn: inout Turn
    ) throws(EvaluationError) {
        let asked = try action.work.call(
            CallContext(action: action, scope: actionScope(place, turn))
        )
        switch asked {
        case .call(let call): try send(place, action, call, &turn)
        case .notice(let call, let result):
            turn.effects.append(.call(ref(place), call))
            yield(place, action, response: .null, result: result, &turn)
        case .childRun(let workflow, let input):
            steps[place].stage = .child
            turn.effects.append(
                .startChild(ref(place), workflow: workflow, input: input, id: turn.newID())
            )
        case .pause(let pause): sleep(place, pause, &turn)
        case .refused(let failure): tryFailed(place, failure, &turn)
        }
    }

    /// A call ended.
    mutating func responded(_ ref: AttemptRef, _ outcome: CallOutcome, _ turn: inout Turn) {
        let place = ref.step
        if isCurrent(ref, .pollCalling) {
            polled(place, outcome, &turn)
            return
        }
        guard isCurrent(ref, .calling), let action = action(place) else { return }
        if case .wait = steps[place].detail {
            respondedBesideWait(place, action, outcome, &turn)
            return
        }
        switch outcome {
        case .failure(let failure):
            steps[place].stage = .idle
            tryFailed(place, failure, &turn)
        case .success(let response, let status, let headers):
            let head = AnswerHead(status: status, headers: headers)
            respondedWell(place, action, response, head, &turn)
        }
    }

    private mutating func respondedWell(
        _ place: Int,
        _ action: ActionPlan,
        _ response: JSONValue,
        _ head: AnswerHead,
        _ turn: inout Turn
    ) {
        switch action.completion {
        case .response:
            yield(place, action, response: response, result: response, head: head, &turn)
        case .callback(let plan):
            steps[place].stage = .idle
            waitAfterResponse(place, action, plan, response, head, &turn)
        case .polling(let plan):
            steps[place].stage = .idle
            beginPolling(place, action, plan, response, head, &turn)
        }
    }

    /// Renders an action's output from a response or result and ends the step's work with it.
    mutating func yield(
        _ place: Int,
        _ action: ActionPlan,
        response: JSONValue,
        result: JSONValue,
        head: AnswerHead? = nil,
        _ turn: inout Turn
    ) {
        guard let template = action.output else {
            complete(place, result, &turn)
            return
        }
        do throws(EvaluationError) {
            let output = try template.evaluate(
                actionScope(
                    place,
                    turn,
                    response: response,
                    result: result,
                    output: result,
                    head: head
                )
            )
            complete(place, output, &turn)
        } catch {
            tryFailed(place, error, &turn)
        }
    }

    /// A child run ended.
    mutating func childEnded(_ ref: AttemptRef, _ outcome: RunOutcome, _ turn: inout Turn) {
        guard isCurrent(ref, .child), let action = action(ref.step) else { return }
        steps[ref.step].stage = .idle
        switch outcome {
        case .completed(let output):
            yield(ref.step, action, response: output, result: output, &turn)
        case .failed(let failure):
            tryFailed(
                ref.step,
                CallFailure(
                    code: failure.code,
                    message: "the child run failed: \(failure.message)",
                    result: failure.result
                ),
                &turn
            )
        case .cancelled(let reason):
            tryFailed(
                ref.step,
                CallFailure(code: .cancelled, message: "the child run was cancelled: \(reason)"),
                &turn
            )
        }
    }

    /// The action of a step; nil for steps of other types.
    func action(_ place: Int) -> ActionPlan? {
        guard steps.indices.contains(place),
            case .action(let action) = plan.steps[Int(steps[place].plan)].work
        else { return nil }
        return action
    }

    /// A scope of the expressions of a step's component; of its life the same holds as of ``scope(_:_:output:failure:)``.
    func actionScope(
        _ place: Int,
        _ turn: borrowing Turn,
        response: JSONValue = .null,
        result: JSONValue = .null,
        output: JSONValue = .null,
        head: AnswerHead? = nil
    ) -> ActionScope {
        ActionScope(
            run: self,
            instance: place,
            gateways: turn.stamp.gateways,
            now: turn.stamp.wall,
            response: response,
            result: result,
            output: output,
            head: head
        )
    }

    private mutating func sleep(_ place: Int, _ pause: Pause, _ turn: inout Turn) {
        steps[place].stage = .delaying
        turn.effects.append(
            .setTimer(timer(place, .delay), at: pause.end(from: turn.stamp.wall))
        )
    }

    /// A delay is over.
    mutating func delayEnded(_ place: Int, _ turn: inout Turn) {
        if let action = action(place) {
            yield(place, action, response: .null, result: .null, &turn)
        } else {
            complete(place, .null, &turn)
        }
    }
}
