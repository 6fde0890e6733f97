internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// The callback of a wait is there.
    mutating func calledBack(
        _ ref: AttemptRef,
        _ callback: CallbackOutcome,
        _ turn: inout Turn
    ) {
        let place = ref.step
        guard var wait = openWait(ref) else { return }
        wait.isOpen = false
        note(.resumed(key: callback.key), place, &turn)
        let needsResponse = action(place)?.readsResponse ?? false
        if steps[place].stage == .calling, needsResponse, !callback.isFailure {
            wait.callback = callback
            weight += Weight.of(callback.result)
            steps[place].detail = .wait(wait)
            return
        }
        steps[place].detail = .wait(wait)
        deliver(place, callback, response: wait.response, &turn)
    }

    /// Gives a step what the callback said; the response is null where there is none.
    mutating func deliver(
        _ place: Int,
        _ callback: CallbackOutcome,
        response: JSONValue,
        _ turn: inout Turn
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
            yield(place, action, response: response, result: callback.result, &turn)
        } else {
            overlay(place, action, response: response, result: callback.result, &turn)
        }
    }

    /// The mapping over the response, with the callback's members on top; a result that is no map replaces it.
    private mutating func overlay(
        _ place: Int,
        _ action: ActionPlan,
        response: JSONValue,
        result: JSONValue,
        _ turn: inout Turn
    ) {
        var scope = actionScope(place, turn)
        scope.response = response
        do throws(EvaluationError) {
            let mapped = try action.output?.evaluate(scope) ?? .null
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
    mutating func waitExpired(_ ref: AttemptRef, _ turn: inout Turn) {
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
    mutating func waitRefused(_ ref: AttemptRef, _ code: ProblemCode, _ turn: inout Turn) {
        guard openWait(ref) != nil else { return }
        closeWait(ref.step)
        withdraw(ref.step, &turn)
        tryFailed(
            ref.step,
            CallFailure(
                code: code,
                message: "the wait could not be registered: \(code.rawValue)"
            ),
            &turn
        )
    }

    private func openWait(_ ref: AttemptRef) -> OpenWait? {
        guard isCurrent(ref, .awaiting) || isCurrent(ref, .calling),
            case .wait(let wait)? = steps[ref.step].detail, wait.isOpen
        else { return nil }
        return wait
    }

    private mutating func closeWait(_ place: Int) {
        guard case .wait(var wait)? = steps[place].detail else { return }
        wait.isOpen = false
        steps[place].detail = .wait(wait)
    }

    /// Forgets what a step needed only while it was under way.
    mutating func dropDetail(_ place: Int) {
        switch steps[place].detail {
        case .wait(let wait)?:
            weight -= Weight.of(wait.response) + Weight.of(wait.callback?.result ?? .null)
        case .items(let items)?: weight -= items.weight
        case .loop(let loop)?: weight -= Weight.of(loop.value)
        case .polling(let polling)?: weight -= Weight.of(polling.response)
        case .failure?, nil: break
        }
        steps[place].detail = nil
    }
}
