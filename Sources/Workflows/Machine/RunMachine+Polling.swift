internal import Expressions
internal import JSONWire
internal import Primitives

extension RunMachine {
    /// Begins to poll after the response to the first request.
    mutating func beginPolling(
        _ place: Int,
        _ action: ActionPlan,
        _ plan: PollingPlan,
        _ response: JSONValue,
        _ head: AnswerHead,
        _ turn: inout Transition
    ) {
        do throws(EvaluationError) {
            let asked = try plan.request.call(
                CallContext(
                    action: action,
                    scope: actionScope(place, turn, response: response, head: head),
                    isPoll: true
                )
            )
            switch asked {
            case .refused(let failure): tryFailed(place, failure, &turn)
            case .notice, .childRun, .pause: break  // A poll is a call.
            case .call(let call):
                grow(place, by: Weight.of(response))
                steps[place].detail = .polling(
                    PollingUnderway(
                        call: call,
                        response: response,
                        until: turn.stamp.wall.advanced(by: plan.timeout)
                    )
                )
                pauseBeforePoll(place, plan, after: head, &turn)
            }
        } catch {
            tryFailed(place, error, &turn)
        }
    }

    /// The next poll is due.
    mutating func poll(_ place: Int, _ turn: inout Transition) {
        guard case .polling(let polling)? = steps[place].detail else { return }
        steps[place].stage = .pollCalling
        let left = polling.until.milliseconds - turn.stamp.wall.milliseconds
        let rest = Nanoseconds.milliseconds(max(1, left))
        // A poll that hangs does not outlast the polling.
        turn.effects.append(.call(ref(place), polling.call.bounded(by: rest)))
    }

    /// A poll has ended; one that could not be sent is like one that says "not yet".
    mutating func polled(_ place: Int, _ outcome: CallOutcome, _ turn: inout Transition) {
        guard let action = action(place), case .polling(let plan) = action.completion,
            case .polling(let polling)? = steps[place].detail
        else { return }
        var verdict = PollingPlan.Verdict.open
        var answer = JSONValue.null
        var head: AnswerHead?
        if case .success(let response, let status, let headers) = outcome {
            answer = response
            let told = AnswerHead(status: status, headers: headers)
            head = told
            var scope = actionScope(place, turn)
            scope.response = polling.response
            scope.result = response
            scope.head = told
            do throws(EvaluationError) {
                verdict = try plan.verdict(status: status, scope)
            } catch {
                tryFailed(place, error, &turn)
                return
            }
        }
        conclude(place, action, plan, polling, verdict, answer, head, &turn)
    }

    private mutating func conclude(
        _ place: Int,
        _ action: ActionPlan,
        _ plan: PollingPlan,
        _ polling: PollingUnderway,
        _ verdict: PollingPlan.Verdict,
        _ answer: JSONValue,
        _ head: AnswerHead?,
        _ turn: inout Transition
    ) {
        switch verdict {
        case .success:
            steps[place].stage = .idle
            dropDetail(place)
            yield(
                place,
                action,
                response: polling.response,
                result: answer,
                head: head,
                &turn
            )
        case .failure(let status):
            let message = "polling ended with the status '\(status)'"
            tryFailed(
                place,
                CallFailure(
                    code: .componentFailed,
                    message: message,
                    result: answer,
                    head: head
                ),
                &turn
            )
        case .open where nextPoll(plan, after: head, turn) > polling.until:
            let isAsked = head?.retryAfter(turn.stamp.wall).map { $0 > polling.until } ?? false
            let message =
                "polling went on until \(polling.until.rfc3339) without an end"
                + (isAsked ? ": the last answer asks to come later (Retry-After)" : "")
            tryFailed(
                place,
                CallFailure(code: .requestTimeout, message: message, result: answer),
                &turn
            )
        case .open: pauseBeforePoll(place, plan, after: head, &turn)
        }
    }

    private mutating func pauseBeforePoll(
        _ place: Int,
        _ plan: PollingPlan,
        after head: AnswerHead?,
        _ turn: inout Transition
    ) {
        steps[place].stage = .polling
        let next = nextPoll(plan, after: head, turn)
        turn.effects.append(.setTimer(timer(place, .poll), at: next))
    }

    /// When the next poll is due: after the interval, and not before the other side wants it.
    private func nextPoll(
        _ plan: PollingPlan,
        after head: AnswerHead?,
        _ turn: borrowing Transition
    ) -> WallTime {
        let now = turn.stamp.wall
        return max(now.advanced(by: plan.interval), head?.retryAfter(now) ?? now)
    }
}

extension PollingPlan {
    /// What a poll said.
    enum Verdict {
        case success
        case failure(String)
        case open
    }

    /// Judges a poll by its status: the configured one, else that of HTTP, of which classes as `2xx` count too.
    fileprivate func verdict(status: Int, _ scope: ActionScope) throws(EvaluationError) -> Verdict {
        let told = try self.status.map { template throws(EvaluationError) in
            TextForm.text(of: try template.evaluate(scope))
        }
        guard let told, !told.isEmpty else { return verdict(httpStatus: String(status)) }
        if successWhen.contains(told) { return .success }
        if failWhen.contains(told) { return .failure(told) }
        // As for callbacks: what is not a failure is a success where only failures are named.
        return successWhen.isEmpty && !failWhen.isEmpty ? .success : .open
    }

    private func verdict(httpStatus: String) -> Verdict {
        if successWhen.contains(where: { StatusPattern.matches(httpStatus, $0) }) {
            return .success
        }
        if failWhen.contains(where: { StatusPattern.matches(httpStatus, $0) }) {
            return .failure(httpStatus)
        }
        // 202 says that the work is not done (RFC 9110, 15.3.3).
        guard successWhen.isEmpty, status == nil, httpStatus != "202" else { return .open }
        return StatusPattern.matches(httpStatus, "2xx") ? .success : .open
    }
}
