internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// The callback of a wait is there.
    mutating func calledBack(
        _ ref: AttemptRef,
        _ callback: CallbackOutcome,
        _ turn: inout Transition
    ) {
        let place = ref.step
        guard hasOpenWait(at: ref) else { return }
        note(.resumed(key: callback.key), place, &turn)
        carried += Weight.of(callback.result)
        if steps[place].stage == .calling, !callback.isFailure,
            case .wait(var wait)? = steps[place].detail,
            action(place).map({ $0.readsResponse || $0.readsHTTP }) ?? false
        {
            wait.isOpen = false
            wait.callback = callback
            grow(place, by: Weight.of(callback.result))
            steps[place].detail = .wait(wait)
            return
        }
        let detail = steps[place].detail
        deliver(place, callback, response: detail?.response ?? .null, head: detail?.head, &turn)
    }

    /// Gives a step what the callback said, and ends its wait; the response is null where there is none.
    mutating func deliver(
        _ place: Int,
        _ callback: CallbackOutcome,
        response: @autoclosure () -> JSONValue,
        head: AnswerHead?,
        _ turn: inout Transition
    ) {
        dropDetail(place)
        steps[place].stage = .idle
        steps[place].status = .running
        if callback.isFailure {
            tryFailed(place, failure(of: callback), &turn)
            return
        }
        guard let action = action(place), case .callback(let plan) = action.completion,
            action.output != nil
        else {
            complete(place, callback.result, &turn)
            return
        }
        if !plan.isImplicit || action.readsResult {
            yield(
                place,
                action,
                response: response(),
                result: callback.result,
                head: head,
                &turn
            )
        } else {
            overlay(place, action, response: response(), callback.result, head, &turn)
        }
    }

    /// The mapping over the response, with the callback's members on top; a result that is no map replaces it.
    private mutating func overlay(
        _ place: Int,
        _ action: ActionPlan,
        response: JSONValue,
        _ result: JSONValue,
        _ head: AnswerHead?,
        _ turn: inout Transition
    ) {
        do throws(EvaluationError) {
            let mapped =
                try action.output?.evaluate(
                    actionScope(place, turn, response: response, head: head)
                ) ?? .null
            guard case .object(var below) = mapped, case .object(let above) = result else {
                complete(place, result, &turn)
                return
            }
            for member in above.members { below[member.name] = member.value }
            complete(place, .object(below), &turn)
        } catch {
            tryFailed(place, error, &turn)
        }
    }

    private func failure(of callback: CallbackOutcome) -> CallFailure {
        let status = callback.status.map { "the status '\($0)'" } ?? "a failure"
        return CallFailure(
            code: .callbackFailed,
            message: "the callback with the key '\(callback.key)' reported \(status)",
            result: callback.result
        )
    }

    /// The deadline of a wait has passed.
    mutating func waitExpired(_ ref: AttemptRef, _ turn: inout Transition) {
        guard let wait = openWait(ref) else { return }
        let isCalling = steps[ref.step].stage == .calling
        closeWait(ref.step)
        withdraw(ref.step, &turn)
        let keys = wait.keyTexts.map { "'\($0)'" }.joined(separator: ", ")
        let failure =
            isCalling && wait.boundsTry
            ? CallFailure(
                code: .requestTimeout,
                message: "the request had no answer until \(wait.deadline.rfc3339)"
            )
            : CallFailure(
                code: .callbackTimeout,
                message: "no callback with the key \(keys) came until \(wait.deadline.rfc3339)"
            )
        tryFailed(ref.step, failure, &turn)
    }

    /// A wait could not be registered.
    mutating func waitRefused(_ ref: AttemptRef, _ code: ProblemCode, _ turn: inout Transition) {
        guard let wait = openWait(ref) else { return }
        let keys = wait.keyTexts.map { "'\($0)'" }.joined(separator: ", ")
        let expression = keyExpression(of: ref.step).map { " (\($0))" } ?? ""
        let reason =
            switch code {
            case .overloaded: "as many waits are open as may be (`store.max_waits`)"
            case .waitExists: "this attempt of the step waits already"
            case .waitKeyInvalid: "the key is empty or longer than a key may be"
            default: code.rawValue
            }
        closeWait(ref.step)
        withdraw(ref.step, &turn)
        tryFailed(
            ref.step,
            CallFailure(
                code: code,
                message: located(
                    ref.step,
                    "the step \(name(ref.step)) cannot wait for the key \(keys)\(expression): \(reason)"
                )
            ),
            &turn
        )
    }

    /// The expression by which a step's key is found, as it is written; nil where the key is the try's id.
    private func keyExpression(of place: Int) -> String? {
        if case .wait(let wait) = plan.steps[Int(steps[place].plan)].work {
            return wait.key.writtenReferences
        }
        guard let action = action(place), case .callback(let callback) = action.completion
        else { return nil }
        return callback.waitFor?.writtenReferences
    }

    private func openWait(_ ref: AttemptRef) -> PendingWait? {
        guard hasOpenWait(at: ref), case .wait(let wait)? = steps[ref.step].detail else {
            return nil
        }
        return wait
    }

    /// Whether a try waits, for a callback alone or beside a call, and nothing has ended that.
    private func hasOpenWait(at ref: AttemptRef) -> Bool {
        (isCurrent(ref, .awaiting) || isCurrent(ref, .calling)) && steps[ref.step].hasOpenWait
    }

    private mutating func closeWait(_ place: Int) {
        guard case .wait(var wait)? = steps[place].detail else { return }
        wait.isOpen = false
        steps[place].detail = .wait(wait)
    }

    /// Forgets what a step needed only while it was under way.
    mutating func dropDetail(_ place: Int) {
        guard let detail = steps[place].detail.take() else { return }
        weight -= detail.weight
    }
}
