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
        _ turn: inout Turn
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
        _ turn: inout Turn
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
        _ turn: inout Turn
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
        _ turn: inout Turn
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
        _ turn: inout Turn
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
        _ turn: inout Turn
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
        _ turn: inout Turn
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
        of door: CallbackPlan.Door,
        _ place: Int,
        _ turn: inout Turn
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
        _ turn: inout Turn
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
        _ turn: inout Turn
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
        _ turn: inout Turn
    ) {
        let now = turn.stamp.wall
        let ofTry = tryTimeout.map { steps[place].startedAt.advanced(by: $0) }
        let ofWait = waitTimeout.map { now.advanced(by: $0) }
        let deadline =
            [ofTry, ofWait].compactMap { $0 }.min() ?? now.advanced(by: Self.waitDefault)
        steps[place].detail = .wait(
            OpenWait(
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
        _ turn: inout Turn
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

extension OpenWait {
    /// The keys as people read them.
    var keyTexts: [String] { keys.map { String(decoding: $0, as: UTF8.self) } }
}
