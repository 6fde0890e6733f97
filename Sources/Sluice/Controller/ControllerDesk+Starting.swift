internal import HTTPEngine
internal import JSONWire
internal import Primitives
internal import Workflows

/// Starting runs.
extension ControllerDesk {
    /// Starts the run that a request asks for, and answers at once or at its end, as the request says.
    func start(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        if health.isDraining {
            throw Problem(
                status: 503,
                code: .draining,
                detail: "the server is going down",
                retryAfterSeconds: 5
            )
        }
        let asked = try RunRequest.read(request, body)
        let (run, number) = try begin(asked, request.requestID)
        if asked.asksForSubscription {
            log(
                .info,
                "subscribe_task has no effect, GET /tasks/{id}/events tells what happens",
                [.init("task_id", run.id.text), .init("request_id", request.requestID.text)]
            )
        }
        let preference = Preference(request)
        let pending = exchange.detach()
        engine.settlement.whenSettled(number) { [self] isCommitted in
            guard isCommitted else {
                return Reply.problem(LedgerDesk.notStored).adding(fields).give(pending)
            }
            answer(run, asked, preference, pending, fields)
        }
    }

    /// Starts a run; the number must be settled before anybody is told.
    private func begin(
        _ asked: RunRequest,
        _ requestID: UUIDv7
    ) throws(Problem) -> (run: RunCell, number: UInt64) {
        let started: RunEngine.Started
        do throws(StartRefusal) {
            // The default workflow too must be a known one before anything is noted.
            let plan = try engine.plan(asked.workflowID)
            var order = RunEngine.Order(workflow: plan.id, input: asked.input)
            order.labels = asked.labels
            started = try engine.start([order], requestID: requestID)
        } catch {
            throw error.problem
        }
        guard let run = started.ids.first.flatMap(engine.registry.find) else {
            throw Problem(
                status: 404,
                code: .taskUnknown,
                detail: "the run is over and forgotten already"
            )
        }
        if let callback = asked.callback { delivery.promise(callback, of: run) }
        return (run, started.number)
    }

    private func answer(
        _ run: RunCell,
        _ asked: RunRequest,
        _ preference: Preference?,
        _ exchange: PendingExchange,
        _ fields: ControllerHandler.Fields
    ) {
        let waits = asked.waitsForCompletion ?? (asked.callback == nil)
        guard waits else {
            let state = RunReport.head(run, status: .pending)
            return Reply.response(.json(200, JSONValue.object(state).jsonBytes)).adding(fields)
                .give(exchange)
        }
        // A body that says so outright waits, whatever the client would rather have.
        let isHurried = preference?.waitSeconds == nil && asked.waitsForCompletion != true
        if let preference, isHurried {
            return later(run, preference).adding(fields).give(exchange)
        }
        let limited = preference.flatMap { $0.waitSeconds == nil ? nil : $0 }
        let applied = limited.map { [$0.field] } ?? []
        let isOutputOnly = asked.isOutputOnly
        let patient = PatientAnswer(
            exchange: exchange,
            patience: limited?.patience,
            alarms: alarms
        )
        patient.wait(for: run) { _ in
            let reply =
                isOutputOnly
                ? Self.outputAlone(run) : .response(.json(200, RunReport.of(run).jsonBytes))
            return reply.adding(fields + applied)
        } late: { [self] in
            // Only a limited wait can be late.
            limited.map { later(run, $0) }.map { $0.adding(fields) }
                ?? .response(.json(200, RunReport.of(run).jsonBytes))
        }
    }

    /// The answer of a run that is still under way: 202 with its address.
    private func later(_ run: RunCell, _ preference: Preference) -> Reply {
        .response(
            .json(
                202,
                RunReport.of(run).jsonBytes,
                headers: [
                    (name: "Location", value: addresses.path(run.id)), preference.field,
                ]
            )
        )
    }
}
