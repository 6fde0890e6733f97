internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// The bound of a wait where nothing is configured.
    static let waitDefault = Nanoseconds.seconds(86_400)

    /// Hands out an action's call; where it waits for a callback, the wait comes first.
    mutating func send(
        _ place: Int,
        _ action: ActionPlan,
        _ call: any ComponentCall,
        _ turn: inout Transition
    ) throws(EvaluationError) {
        if case .callback(let plan) = action.completion, !plan.needsResponse {
            guard try waitBeforeRequest(place, action, plan, &turn) else { return }
            tellCarried(call, place)
        }
        steps[place].stage = .calling
        guard let sentText = call.sentText else {
            turn.effects.append(.call(ref(place), call))
            return
        }
        note(.sent(sentText), place, &turn)
        turn.effects.append(.call(ref(place), call))
        let isAskedAfter = plan.steps[Int(steps[place].plan)].after != nil
        // The message has what it needs of the input.
        if !action.needsInputLater, !steps[place].isInputGiven, !isAskedAfter {
            setInput(place, .null)
        }
    }

    /// Notes whether a request says under which key its step waits.
    private mutating func tellCarried(_ call: any ComponentCall, _ place: Int) {
        guard case .wait(var wait)? = steps[place].detail else { return }
        wait.isKeySent = wait.keys.contains { call.carries($0) }
        steps[place].detail = .wait(wait)
    }

    /// Registers what is known before the request; false where the key is none and the try has failed.
    private mutating func waitBeforeRequest(
        _ place: Int,
        _ action: ActionPlan,
        _ plan: CallbackPlan,
        _ turn: inout Transition
    ) throws(EvaluationError) -> Bool {
        guard let waitFor = plan.waitFor else {
            let first = Array((steps[place].attemptID?.text ?? "").utf8)
            openWait(place, key: first, plan.channels, action.timeout, plan.timeout, &turn)
            for door in plan.doors where !door.needsResponse {
                let key = try door.key(response: .null, actionScope(place, turn))
                addKey(key, of: door, place, &turn)
            }
            return true
        }
        let scope = actionScope(place, turn)
        guard let key = waitKey(try waitFor.evaluate(scope), waitFor, scope, place, &turn) else {
            return false
        }
        openWait(place, key: key, plan.channels, action.timeout, plan.timeout, &turn)
        return true
    }

    /// Registers a wait whose key needed the response.
    mutating func waitAfterResponse(
        _ place: Int,
        _ action: ActionPlan,
        _ plan: CallbackPlan,
        _ response: JSONValue,
        _ head: AnswerHead,
        _ turn: inout Transition
    ) {
        do throws(EvaluationError) {
            guard let waitFor = plan.waitFor else { return }
            let scope = actionScope(place, turn, response: response, head: head)
            guard let key = waitKey(try waitFor.evaluate(scope), waitFor, scope, place, &turn)
            else {
                return
            }
            openWait(place, key: key, plan.channels, action.timeout, plan.timeout, &turn)
        } catch {
            tryFailed(place, error, &turn)
            return
        }
        park(place, action, response, head, &turn)
    }

    /// Begins a step of type `wait`.
    mutating func waitForKey(
        _ place: Int,
        _ plan: WaitPlan,
        _ turn: inout Transition
    ) throws(EvaluationError) {
        let scope = scope(place, turn)
        guard let key = waitKey(try plan.key.evaluate(scope), plan.key, scope, place, &turn) else {
            return
        }
        openWait(place, key: key, plan.channels, nil, plan.timeout, &turn)
        park(place, keeping: .null, nil, &turn)
    }

    /// The request of a step that waits has ended.
    mutating func respondedBesideWait(
        _ place: Int,
        _ action: ActionPlan,
        _ outcome: CallOutcome,
        _ turn: inout Transition
    ) {
        guard case .wait(let wait)? = steps[place].detail else { return }
        switch (outcome, wait.callback) {
        case (.failure(let failure), nil):
            withdraw(place, &turn, abandoning: false)
            tryFailed(place, failure, &turn)
        case (.failure(let failure), let callback?):
            note(
                .noted("the callback counts, the request failed: \(failure.message)"),
                place,
                &turn
            )
            deliver(place, callback, response: .null, head: failure.head, &turn)
        case (.success(let response, let status, let headers), let callback?):
            let head = AnswerHead(status: status, headers: headers)
            deliver(place, callback, response: response, head: head, &turn)
        case (.success(let response, let status, let headers), nil):
            addKeys(from: response, place, action, &turn)
            let head = AnswerHead(status: status, headers: headers)
            park(place, action, response, head, &turn)
        }
    }

    /// Registers the keys that the response tells.
    private mutating func addKeys(
        from response: JSONValue,
        _ place: Int,
        _ action: ActionPlan,
        _ turn: inout Transition
    ) {
        guard case .callback(let plan) = action.completion else { return }
        for door in plan.doors where door.needsResponse {
            do throws(EvaluationError) {
                let key = try door.key(response: response, actionScope(place, turn))
                addKey(key, of: door, place, &turn)
            } catch {
                note(.noted("no key from the response: \(error.description)"), place, &turn)
            }
        }
        warnOfUnknownKey(plan, response, place, &turn)
    }

    /// Warns where nobody outside can know a key that ends the wait: the request did not carry the try's id, and the response
    /// does not tell what `identify_by` names.
    private mutating func warnOfUnknownKey(
        _ plan: CallbackPlan,
        _ response: JSONValue,
        _ place: Int,
        _ turn: inout Transition
    ) {
        guard plan.isImplicit, case .wait(let wait)? = steps[place].detail, wait.isOpen,
            !wait.isKeySent, wait.keys.count == 1
        else { return }
        let scope = ResponseAsCallbackScope(response: response, query: .null, path: .null)
        let missing = plan.doors.compactMap { door -> String? in
            guard let identifyBy = door.endpoint.identifyBy,
                let names = identifyBy.writtenReferences
            else { return nil }
            let found = identifyBy.missingParts(in: scope).map { " (\($0))" } ?? ""
            return "identify_by of \(door.endpoint.name) is \(names), which the response does "
                + "not have\(found)"
        }
        guard !missing.isEmpty else { return }
        note(
            .warned(
                "the step waits under its attempt's id alone, which its request did not carry; "
                    + missing.joined(separator: "; ")
                    + ": no callback can have a key that ends this wait"
            ),
            place,
            &turn
        )
    }

    private mutating func addKey(
        _ key: [UInt8]?,
        of door: CallbackPlan.Target,
        _ place: Int,
        _ turn: inout Transition
    ) {
        guard let key, case .wait(var wait)? = steps[place].detail, !wait.keys.contains(key)
        else { return }
        wait.keys.append(key)
        steps[place].detail = .wait(wait)
        turn.effects.append(.addKey(ref(place), channels: [door.endpoint.channel], key: key))
    }

    /// Leaves a step to its wait, with what its output needs of the answer.
    private mutating func park(
        _ place: Int,
        _ action: ActionPlan,
        _ response: JSONValue,
        _ head: AnswerHead,
        _ turn: inout Transition
    ) {
        park(
            place,
            keeping: action.readsResponse ? response : .null,
            action.readsHTTP ? head : nil,
            &turn
        )
    }

    /// Leaves a step to its wait.
    private mutating func park(
        _ place: Int,
        keeping response: JSONValue,
        _ head: AnswerHead?,
        _ turn: inout Transition
    ) {
        guard case .wait(var wait)? = steps[place].detail else { return }
        wait.response = response
        wait.head = head
        grow(place, by: Weight.of(response) + Weight.of(head))
        steps[place].detail = .wait(wait)
        steps[place].stage = .awaiting
        steps[place].status = .waiting
        note(.waiting(keys: wait.keyTexts, until: wait.deadline), place, &turn)
    }

    private mutating func openWait(
        _ place: Int,
        key: [UInt8],
        _ channels: [UInt32],
        _ tryTimeout: Nanoseconds?,
        _ waitTimeout: Nanoseconds?,
        _ turn: inout Transition
    ) {
        let now = turn.stamp.wall
        let ofTry = tryTimeout.map { steps[place].startedAt.advanced(by: $0) }
        let ofWait = waitTimeout.map { now.advanced(by: $0) }
        let deadline =
            [ofTry, ofWait].compactMap { $0 }.min() ?? now.advanced(by: Self.waitDefault)
        steps[place].detail = .wait(
            PendingWait(
                keys: [key],
                deadline: deadline,
                isOpen: true,
                boundsTry: deadline == ofTry
            )
        )
        turn.effects.append(
            .wait(
                ref(place),
                attemptID: steps[place].attemptID ?? id,
                channels: channels,
                keys: [key],
                deadline: deadline
            )
        )
    }

    /// The bytes of a key; nil where the value is none and the try has failed for it.
    private mutating func waitKey<S: Scope>(
        _ value: JSONValue,
        _ template: Template,
        _ scope: S,
        _ place: Int,
        _ turn: inout Transition
    ) -> [UInt8]? {
        do throws(KeyText.Problem) {
            return try KeyText.bytes(of: value)
        } catch {
            var message = "the key to wait for"
            if let names = template.writtenReferences { message += " (\(names))" }
            message += " cannot be used: \(error.message)"
            if error == .missing, let found = template.missingParts(in: scope) {
                message += ": \(found)"
            }
            tryFailed(
                place,
                CallFailure(code: .waitKeyInvalid, message: located(place, message)),
                &turn
            )
            return nil
        }
    }
}

extension PendingWait {
    /// The keys as people read them.
    var keyTexts: [String] { keys.map { String(decoding: $0, as: UTF8.self) } }
}

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
    private mutating func deliver(
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
