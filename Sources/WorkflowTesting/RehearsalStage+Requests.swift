internal import Components
internal import Documents
internal import Expressions
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Listeners
internal import Outbound
internal import Primitives
internal import Workflows

extension RehearsalStage {
    /// Answers a call as it is recorded, or as its type says.
    mutating func answer(_ call: any ComponentCall, for attempt: AttemptRef, of id: UUIDv7) {
        // Recorded requests have the form of HTTP's: its calls are matched part by part.
        if let call = call as? HTTPCall { return answer(call, for: attempt, of: id) }
        switch call.rehearsal {
        case .known(let outcome, let pause, let report):
            if let report { tell(report) }
            let length = delay(until: pause.end(from: now))
            plan(.event(id, .responded(attempt, outcome)), after: length)
        case .recorded(let call): answer(call, for: attempt, of: id)
        }
    }

    private mutating func answer(_ call: HTTPCall, for attempt: AttemptRef, of id: UUIDv7) {
        let sent = SentRequest(call)
        let name = "\(call.method) \(sent.url)"
        guard let exchange = exchange(for: sent.value, name) else { return }
        let scope = sent.scope(at: now)
        let outcome: CallOutcome
        if let failure = exchange.answer.failure {
            outcome = .failure(CallFailure(code: failure, message: "\(name): as recorded"))
        } else {
            guard let body = value(exchange.answer.body, scope, of: exchange) else { return }
            var headers = exchange.answer.headers
            if !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                headers.append(("Content-Type", "application/json"))
            }
            let response = OutboundResponse(
                status: exchange.answer.status,
                headers: headers,
                body: exchange.answer.body == nil ? [] : body.jsonBytes,
                effectiveURL: call.url
            )
            outcome = HTTPOutcome.of(.success(response), call: call)
        }
        let said = exchange.answer.failure?.rawValue ?? "\(exchange.answer.status)"
        tell("sent \(name), answered \(said) (request \(exchange.number))")
        follow(exchange, outcome, scope, for: attempt, of: id)
    }

    private mutating func answer(_ call: RecordedCall, for attempt: AttemptRef, of id: UUIDv7) {
        guard let exchange = exchange(for: call.request, call.name) else { return }
        let scope = SentRequest.scope(of: .object(call.request), at: now)
        let outcome: CallOutcome
        if let failure = exchange.answer.failure {
            outcome = .failure(CallFailure(code: failure, message: "\(call.name): as recorded"))
        } else {
            guard let said = value(exchange.answer.body, scope, of: exchange) else { return }
            let body = exchange.answer.body == nil ? nil : said
            outcome = call.outcome(exchange.answer.status, body)
        }
        tell("\(call.verb) \(call.name) (request \(exchange.number))")
        follow(exchange, outcome, scope, for: attempt, of: id)
    }

    /// Sends the answer, and the callbacks behind it.
    private mutating func follow(
        _ exchange: RehearsalScript.Exchange,
        _ outcome: CallOutcome,
        _ scope: ListenerScope,
        for attempt: AttemptRef,
        of id: UUIDv7
    ) {
        plan(.event(id, .responded(attempt, outcome)), after: exchange.answer.after)
        for callback in exchange.callbacks {
            plan(.callback(callback, scope), after: callback.after)
        }
    }

    /// The first recorded request that fits and is not used up; where there is none, the test is over.
    private mutating func exchange(
        for sent: JSONObject,
        _ name: String
    ) -> RehearsalScript.Exchange? {
        var nearest: (exchange: RehearsalScript.Exchange, differences: [String])?
        for (place, exchange) in script.exchanges.enumerated() {
            if let times = exchange.times, uses[place] >= times { continue }
            let differences = Likeness.differences(
                expected: .object(exchange.request),
                found: .object(sent),
                path: "request",
                isExact: false
            )
            if differences.isEmpty {
                uses[place] += 1
                return exchange
            }
            if differences.count < nearest?.differences.count ?? .max {
                nearest = (exchange, differences)
            }
        }
        isStopped = true
        var text = "\(name) was sent, and no recorded request fits"
        if let nearest {
            text += "; the nearest is request \(nearest.exchange.number) "
            text += "(\(nearest.exchange.position.description)):"
            text += nearest.differences.map { "\n    \($0)" }.joined()
        } else {
            text += ": all of them were sent already. It was \(JSONValue.object(sent).jsonText)"
        }
        differs(text)
        return nil
    }

    /// A recorded value for the request that it answers; null where none is recorded, nil where it has none.
    private mutating func value(
        _ template: Template?,
        _ scope: ListenerScope,
        of exchange: RehearsalScript.Exchange
    ) -> JSONValue? {
        guard let template else { return .null }
        do throws(EvaluationError) {
            return try template.evaluate(scope)
        } catch {
            differs("the answer of request \(exchange.number): \(error.description)")
            isStopped = true
            return nil
        }
    }
}
