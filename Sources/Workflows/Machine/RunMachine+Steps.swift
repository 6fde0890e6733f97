internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// Begins a step that waits for nothing more.
    mutating func start(_ place: Int, _ turn: inout Transition) {
        guard steps.indices.contains(place), steps[place].status == .pending else { return }
        let plan = plan.steps[Int(steps[place].plan)]
        startedCount += 1
        guard startedCount <= Self.startsMax else {
            let message = "the run started more than \(Self.startsMax) steps"
            finish(.failed(RunFailure(code: .tooManySteps, message: message)), &turn)
            return
        }
        steps[place].starts += 1
        if steps[place].item < 0, Int(steps[place].starts) > plan.runCountMax {
            let message = "step '\(plan.id)' was started more than \(plan.runCountMax) times"
            finish(.failed(RunFailure(code: .tooManySteps, message: message)), &turn)
            return
        }
        liveCount += 1
        steps[place].status = .running
        steps[place].began = UInt32(
            clamping: max(0, turn.stamp.wall.milliseconds &- madeAt.milliseconds) &+ 1
        )
        steps[place].tries = 0
        steps[place].isInputGiven = false
        if let timeout = plan.timeout {
            turn.effects.append(
                .setTimer(stepTimer(place), at: turn.stamp.wall.advanced(by: timeout))
            )
        }
        if asks(plan.before, place, output: nil, .askedBefore, &turn) { return }
        beginTry(place, &turn)
    }

    /// Begins the next try of a step.
    mutating func beginTry(_ place: Int, _ turn: inout Transition) {
        let plan = plan.steps[Int(steps[place].plan)]
        steps[place].serial &+= 1
        steps[place].tries &+= 1
        steps[place].status = .running
        steps[place].stage = .idle
        steps[place].startedAt = turn.stamp.wall
        steps[place].attemptID = turn.newID()
        note(.stepStarted, place, &turn)
        if !steps[place].isInputGiven {
            do throws(EvaluationError) {
                setInput(place, try inputValue(place, plan, turn))
            } catch {
                tryFailed(place, error, &turn)
                return
            }
        }
        perform(place, plan, &turn)
    }

    /// Ends the work of a step with what it yielded; its `output` is applied here.
    mutating func complete(_ place: Int, _ yielded: JSONValue, _ turn: inout Transition) {
        let plan = plan.steps[Int(steps[place].plan)]
        steps[place].stage = .idle
        var output = yielded
        if let template = plan.output {
            do throws(EvaluationError) {
                output = try template.evaluate(scope(place, turn, output: yielded))
            } catch {
                tryFailed(place, error, &turn)
                return
            }
        }
        setOutput(place, output)
        if asks(plan.after, place, output: output, .askedAfter, &turn) { return }
        finishStep(place, &turn)
    }

    /// Ends a step that has its output, and sets off what depends on it.
    mutating func finishStep(_ place: Int, _ turn: inout Transition) {
        note(.stepCompleted, place, &turn)
        end(place, .completed, &turn)
        switch plan.steps[Int(steps[place].plan)].role {
        case .top: releaseDependents(Int(steps[place].plan), &turn)
        case .handler: handlerEnded(place, &turn)
        case .body: bodyEnded(place, &turn)
        }
    }

    /// Marks a step as over and drops what nobody needs any more.
    mutating func end(_ place: Int, _ status: StepStatus, _ turn: inout Transition) {
        let plan = plan.steps[Int(steps[place].plan)]
        if plan.timeout != nil { turn.effects.append(.cancelTimer(stepTimer(place))) }
        setInput(place, .null)
        dropDetail(place)
        steps[place].status = status
        steps[place].startedAt = turn.stamp.wall
        steps[place].stage = .idle
        liveCount -= 1
    }

    /// Queues the steps that waited for this one and now have all they need.
    private mutating func releaseDependents(_ planIndex: Int, _ turn: inout Transition) {
        for dependent in plan.steps[planIndex].dependents {
            guard dependent < plan.topCount, steps[dependent].status == .pending,
                !plan.steps[dependent].isRouted, isReady(dependent)
            else { continue }
            turn.queue.append(.start(dependent))
        }
    }

    /// Whether of every group of dependencies one step has completed.
    func isReady(_ planIndex: Int) -> Bool {
        plan.steps[planIndex].dependencies.allSatisfy { group in
            group.contains { index in
                let place = Int(places[index])
                return steps.indices.contains(place) && steps[place].status == .completed
            }
        }
    }

    /// What a step gets as input: what is configured, else the item, the loop's value, or the run's input.
    private func inputValue(
        _ place: Int,
        _ plan: StepPlan,
        _ turn: borrowing Transition
    ) throws(EvaluationError) -> JSONValue {
        if let template = plan.input { return try template.evaluate(scope(place, turn)) }
        return defaultInput(of: steps[place])
    }

    /// What a step without `input` gets.
    func defaultInput(of step: StepInstance) -> JSONValue {
        guard case .body = plan.steps[Int(step.plan)].role else { return input }
        return itemValue(of: step)
    }

    /// The item of a body's instance: of a for-each the element, of a loop the present value.
    func itemValue(of step: StepInstance) -> JSONValue {
        switch instance(at: Int(step.parent))?.detail {
        case .items(let items)?:
            let index = Int(step.item)
            return items.list.indices.contains(index) ? items.list[index] : input
        case .loop(let loop)?: return loop.value
        case .fold(let fold)?:
            let index = Int(step.item)
            return fold.list.indices.contains(index) ? fold.list[index] : .null
        case .pipeline(let pipeline)?: return pipeline.value
        default: return .null
        }
    }

    /// Counts what a step was given, or gave back.
    mutating func grow(_ place: Int, by bytes: Int) {
        weight += bytes
        if bytes > heaviest.bytes { heaviest = (Int32(clamping: place), bytes) }
    }

    /// Keeps a step's input.
    mutating func setInput(_ place: Int, _ value: JSONValue) {
        grow(place, by: Weight.of(value) - Weight.of(steps[place].input))
        steps[place].input = value
    }

    /// Keeps a step's output.
    mutating func setOutput(_ place: Int, _ value: JSONValue) {
        grow(place, by: Weight.of(value) - Weight.of(steps[place].output))
        steps[place].output = value
    }

    /// The timer of a step's own `timeout`, over all its tries.
    private func stepTimer(_ place: Int) -> TimerRef {
        TimerRef(
            attempt: AttemptRef(step: place, attempt: Int(steps[place].starts)),
            purpose: .stepTimeout
        )
    }

    /// A timer of the present try.
    func timer(_ place: Int, _ purpose: TimerRef.Purpose) -> TimerRef {
        TimerRef(attempt: ref(place), purpose: purpose)
    }
}

extension RunMachine {
    /// Does what the step's type says.
    private mutating func perform(_ place: Int, _ plan: StepPlan, _ turn: inout Transition) {
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
        _ turn: inout Transition
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
    mutating func responded(_ ref: AttemptRef, _ outcome: CallOutcome, _ turn: inout Transition) {
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
        _ turn: inout Transition
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
        _ turn: inout Transition
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
    mutating func childEnded(_ ref: AttemptRef, _ outcome: RunOutcome, _ turn: inout Transition) {
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
        _ turn: borrowing Transition,
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

    private mutating func sleep(_ place: Int, _ pause: Pause, _ turn: inout Transition) {
        steps[place].stage = .delaying
        turn.effects.append(
            .setTimer(timer(place, .delay), at: pause.end(from: turn.stamp.wall))
        )
    }

    /// A delay is over.
    mutating func delayEnded(_ place: Int, _ turn: inout Transition) {
        if let action = action(place) {
            yield(place, action, response: .null, result: .null, &turn)
        } else {
            complete(place, .null, &turn)
        }
    }
}
