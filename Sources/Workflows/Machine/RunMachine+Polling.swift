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
        _ turn: inout Turn
    ) {
        do throws(EvaluationError) {
            let key = "\(id.text)/\(name(place))/poll"
            switch try plan.request.call(
                action,
                actionScope(place, turn, response: response),
                idempotencyKey: key,
                takesAnyStatus: true
            )
            {
            case .failure(let failure): tryFailed(place, failure, &turn)
            case .success(let call):
                grow(place, by: Weight.of(response))
                steps[place].detail = .polling(
                    PollingUnderway(
                        call: call,
                        response: response,
                        until: turn.stamp.wall.advanced(by: plan.timeout)
                    )
                )
                pauseBeforePoll(place, plan, &turn)
            }
        } catch {
            tryFailed(place, error, &turn)
        }
    }

    /// The next poll is due.
    mutating func poll(_ place: Int, _ turn: inout Turn) {
        guard case .polling(let polling)? = steps[place].detail else { return }
        steps[place].stage = .pollCalling
        let left = polling.until.milliseconds - turn.stamp.wall.milliseconds
        let rest = Nanoseconds.milliseconds(max(1, left))
        var call = polling.call
        // A poll that hangs does not outlast the polling.
        call.timeout = call.timeout.map { min($0, rest) } ?? rest
        turn.effects.append(.call(ref(place), .http(call)))
    }

    /// A poll has ended; one that could not be sent is like one that says "not yet".
    mutating func polled(_ place: Int, _ outcome: CallOutcome, _ turn: inout Turn) {
        guard let action = action(place), case .polling(let plan) = action.completion,
            case .polling(let polling)? = steps[place].detail
        else { return }
        var verdict = PollingPlan.Verdict.open
        var answer = JSONValue.null
        if case .success(let response, let status) = outcome {
            answer = response
            var scope = actionScope(place, turn)
            scope.response = polling.response
            scope.result = response
            do throws(EvaluationError) {
                verdict = try plan.verdict(status: status, scope)
            } catch {
                tryFailed(place, error, &turn)
                return
            }
        }
        conclude(place, action, plan, polling, verdict, answer, &turn)
    }

    private mutating func conclude(
        _ place: Int,
        _ action: ActionPlan,
        _ plan: PollingPlan,
        _ polling: PollingUnderway,
        _ verdict: PollingPlan.Verdict,
        _ answer: JSONValue,
        _ turn: inout Turn
    ) {
        switch verdict {
        case .success:
            steps[place].stage = .idle
            dropDetail(place)
            yield(place, action, response: polling.response, result: answer, &turn)
        case .failure(let status):
            let message = "polling ended with the status '\(status)'"
            tryFailed(
                place,
                CallFailure(code: .componentFailed, message: message, result: answer),
                &turn
            )
        case .open where turn.stamp.wall.advanced(by: plan.interval) > polling.until:
            let message = "polling went on until \(polling.until.rfc3339) without an end"
            tryFailed(
                place,
                CallFailure(code: .requestTimeout, message: message, result: answer),
                &turn
            )
        case .open: pauseBeforePoll(place, plan, &turn)
        }
    }

    private mutating func pauseBeforePoll(
        _ place: Int,
        _ plan: PollingPlan,
        _ turn: inout Turn
    ) {
        steps[place].stage = .polling
        turn.effects.append(
            .setTimer(timer(place, .poll), at: turn.stamp.wall.advanced(by: plan.interval))
        )
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
    func verdict(status: Int, _ scope: ActionScope) throws(EvaluationError) -> Verdict {
        let told = try self.status.map { template throws(EvaluationError) in
            TextForm.text(of: try template.evaluate(scope))
        }
        guard let told, !told.isEmpty else { return verdict(httpStatus: String(status)) }
        if successWhen.contains(told) { return .success }
        return failWhen.contains(told) ? .failure(told) : .open
    }

    private func verdict(httpStatus: String) -> Verdict {
        let success = successWhen.isEmpty && status == nil ? ["2xx"] : successWhen
        if success.contains(where: { Self.matches(httpStatus, $0) }) { return .success }
        let isFailure = failWhen.contains { Self.matches(httpStatus, $0) }
        return isFailure ? .failure(httpStatus) : .open
    }

    private static func matches(_ status: String, _ pattern: String) -> Bool {
        status.utf8.count == pattern.utf8.count
            && zip(status.utf8, pattern.utf8).allSatisfy { digit, wanted in
                digit == wanted || wanted == UInt8(ascii: "x")
            }
    }
}
