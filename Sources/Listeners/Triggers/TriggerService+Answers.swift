internal import Executor
internal import HTTPEngine
internal import JSONWire
internal import Journal
internal import Primitives
internal import Runs

/// What the sender of a trigger is told, and when.
extension TriggerService {
    /// The answer to what is settled and waits for nobody; nil for the others.
    func immediateAnswer(_ start: TriggerStart, _ call: Call) -> Response? {
        guard call.waiting == nil, !start.waitsForOthers else { return nil }
        if case .tasks(_, let number) = start, !engine.commit.isSettled(number) { return nil }
        return answer(start, call)
    }

    /// Answers when the start is settled, and where the sender would rather wait for that, when the run has ended.
    func answer(_ start: TriggerStart, _ call: Call, _ exchange: PendingExchange) {
        switch start {
        case .repeated: answerSettled(start, call, exchange)
        case .underWay(let flight):
            WaitForFlight(exchange: exchange, alarms: alarms).wait(for: flight) { answer in
                self.answerSettled(.repeated(answer), call, exchange)
            }
        case .tasks(let tasks, let number):
            engine.commit.whenSettled(number) { [self] isCommitted in
                guard isCommitted else {
                    return Reply.problem(engine.commit.notStored(number)).give(exchange)
                }
                whenLanded(tasks) { [self] in
                    do throws(Problem) {
                        var landed: [TriggerStart.Task] = []
                        for task in tasks { landed.append(try task.landed()) }
                        answerSettled(.tasks(landed, number: number), call, exchange)
                    } catch {
                        exchange.respond(error)
                    }
                }
            }
        }
    }

    /// Calls `body` when every other request that these tasks wait for is over.
    private func whenLanded(
        _ tasks: [TriggerStart.Task],
        _ body: @escaping @Sendable () -> Void
    ) {
        let flights = tasks.compactMap(\.flight)
        guard !flights.isEmpty else { return body() }
        let left = Countdown(flights.count, then: body)
        for flight in flights { flight.whenOver { _ in left.count() } }
    }

    private func answerSettled(_ start: TriggerStart, _ call: Call, _ exchange: PendingExchange) {
        guard let waiting = call.waiting, let (id, isDuplicate) = start.onlyRun else {
            return Reply.response(answer(start, call)).give(exchange)
        }
        engine.find(id) { [self] finding in
            guard let run = finding.cell else {
                return Reply.response(answer(start, call)).give(exchange)
            }
            var later = answer(start, call)
            later.status = 202
            later.headers.append(waiting.preference.field)
            if let tasks {
                later.headers.append((name: "Location", value: tasks.url(id, called: waiting.host)))
            }
            answer(run, isDuplicate, later, waiting.preference, exchange)
        }
    }

    private func answer(
        _ run: RunActor,
        _ isDuplicate: Bool,
        _ later: Response,
        _ preference: Preference,
        _ exchange: PendingExchange
    ) {
        guard preference.waitSeconds != nil else { return Reply.response(later).give(exchange) }
        PatientAnswer(exchange: exchange, patience: preference.patience, alarms: alarms)
            .wait(for: run) { [fields = recorder.answerFields] _ in
                let report = RunReport.of(run).markedAsDuplicate(isDuplicate)
                return .response(
                    .json(200, report.jsonBytes, headers: [preference.field] + fields)
                )
            } late: {
                .response(later)
            }
    }

    /// The answer that says which runs were started, or were before.
    func answer(_ start: TriggerStart, _ call: Call) -> Response {
        switch start {
        case .repeated(let answer): success(ClaimAnswer(answer).again, call)
        case .tasks(let tasks, _):
            success(Self.told(tasks, isBulk: call.endpoint.isBulk), call)
        case .underWay: success(.null, call)
        }
    }

    /// A success answer, with the endpoint's own status where it has one.
    private func success(_ told: JSONValue, _ call: Call) -> Response {
        let status = call.endpoint.respondStatus ?? 200
        // 204 and 205 have no body (RFC 9110, 15.3.5 and 15.3.6).
        if told.isNull || status == 204 || status == 205 {
            return Response(status: status, headers: recorder.answerFields)
        }
        return .json(status, told.jsonBytes, headers: recorder.answerFields)
    }

    /// What is said of runs: of one, or, in bulk, of a list.
    static func told(_ tasks: [TriggerStart.Task], isBulk: Bool) -> JSONValue {
        let items = tasks.map { task in
            JSONValue.object(["task_id": task.run.map { .string($0.text) } ?? .null])
                .markedAsDuplicate(task.isDuplicate)
        }
        var told: JSONObject = ["status": .string("triggered")]
        if isBulk {
            told["tasks"] = .array(items)
        } else if case .object(let item)? = items.first {
            for member in item.members { told[member.name] = member.value }
        }
        return .object(told)
    }
}
