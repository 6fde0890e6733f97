internal import HTTPEngine
internal import JSONWire
internal import Journal
internal import Listeners
internal import Primitives
internal import Runs
internal import Workflows

/// Starting runs.
extension ControllerAPI {
    /// Starts the run that a request asks for, unless it did so before, and answers at once or at its end, as the request says.
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
                detail: "The server is shutting down.",
                retryAfterSeconds: 5
            )
        }
        let asked = try RunRequest.read(request, body)
        let preference = Preference(request)
        var taken = ClaimSet(claims, window: deduplicateFor)
        switch try standing(request, body, guardian.tokenName(of: request), &taken) {
        case nil, .first: break
        case .reused: throw ClaimProblem.reused
        case .repeated(let kept):
            return answerAgain(kept, asked, preference, exchange.detach(), fields)
        case .underWay(let flight):
            let pending = exchange.detach()
            return WaitForFlight(exchange: pending, alarms: alarms)
                .wait(for: flight, adding: fields) { kept in
                    self.answerAgain(kept, asked, preference, pending, fields)
                }
        }
        let (run, number) = try begin(asked, request.requestID, taken)
        if asked.asksForSubscription {
            log(
                .info,
                "subscribe_task has no effect, GET /tasks/{id}/events tells what happens",
                [.init("task_id", run.id.text), .init("request_id", request.requestID.text)]
            )
        }
        let pending = exchange.detach()
        engine.commit.whenSettled(number) { [self] isCommitted in
            guard isCommitted else {
                let problem = engine.commit.notStored(number)
                return Reply.problem(problem).adding(fields).give(pending)
            }
            answer(run, isDuplicate: false, asked, preference, pending, fields)
        }
    }

    /// How a request with an `Idempotency-Key` stands; nil for one without.
    ///
    /// Keys are of the token that they come with.
    private func standing(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ token: String?,
        _ taken: inout ClaimSet
    ) throws(Problem) -> ClaimStanding? {
        let identity = try RequestIdentity(request)
        guard let key = identity.key else { return nil }
        let scope = Array("controller \(token ?? "")".utf8)
        let print = claims.fingerprint(.header, scope, Array(key.text.utf8).span)
        let payload = body.withBytes { claims.fingerprint(.payload, identity.query, $0) }
        return taken.take(print, payload: payload, run: nil)
    }

    /// Answers a request that repeats one: as that would be answered now.
    private func answerAgain(
        _ kept: [UInt8],
        _ asked: RunRequest,
        _ preference: Preference?,
        _ exchange: PendingExchange,
        _ fields: ControllerHandler.Fields
    ) {
        let first = ClaimAnswer(kept)
        let forgotten = Reply.response(.json(200, first.again.jsonBytes)).adding(fields)
        guard let id = first.run else { return forgotten.give(exchange) }
        engine.find(id) { [self] finding in
            switch finding {
            case .found(let run):
                answer(run, isDuplicate: true, asked, preference, exchange, fields)
            case .unknown: forgotten.give(exchange)
            case .unreadable(let error):
                Reply.problem(Self.unreadable(error)).adding(fields).give(exchange)
            }
        }
    }

    /// Starts a run; the number must be settled before anybody is told.
    private func begin(
        _ asked: RunRequest,
        _ requestID: UUIDv7,
        _ taken: ClaimSet
    ) throws(Problem) -> (run: RunActor, number: UInt64) {
        let started: RunEngine.Started
        var kept: [Claim] = []
        do throws(StartRefusal) {
            // The default workflow too must be a known one before anything is noted.
            let plan = try engine.plan(asked.workflowID)
            var order = RunEngine.Order(workflow: plan.id, input: asked.input)
            order.labels = asked.labels
            started = try engine.start([order], requestID: requestID) { ids in
                kept = taken.claims { _ in Self.pending(ids[0], of: plan.id) }
                return kept
            }
        } catch {
            taken.release(.refused)
            throw error.problem
        }
        if !kept.isEmpty {
            let commit = engine.commit
            commit.whenSettled(started.number) { [kept] isCommitted in
                taken.settle(kept, lost: isCommitted ? nil : commit.notStored(started.number))
            }
        }
        guard let run = started.ids.first.flatMap(engine.registry.find) else {
            if engine.commit.status(of: started.number) == false {
                throw engine.commit.notStored(started.number)
            }
            throw Problem(
                status: 404,
                code: .taskUnknown,
                detail: "The run has ended and is no longer kept."
            )
        }
        return (run, started.number)
    }

    /// What a claim keeps of a run, for when the run itself is forgotten.
    private static func pending(_ run: UUIDv7, of workflow: String) -> [UInt8] {
        let state: JSONObject = [
            "task_id": .string(run.text), "status": .string(RunStatus.pending.rawValue),
            "workflow_id": .string(workflow),
        ]
        return JSONValue.object(state).jsonBytes
    }

    private func answer(
        _ run: RunActor,
        isDuplicate: Bool,
        _ asked: RunRequest,
        _ preference: Preference?,
        _ exchange: PendingExchange,
        _ fields: ControllerHandler.Fields
    ) {
        let waits = asked.waitsForCompletion ?? (asked.callback == nil)
        guard waits else {
            let state = RunReport.head(run, status: .pending)
            let body = JSONValue.object(state).markedAsDuplicate(isDuplicate).jsonBytes
            return Reply.response(.json(200, body)).adding(fields).give(exchange)
        }
        // A body that says so outright waits, whatever the client would rather have.
        let isHurried = preference?.waitSeconds == nil && asked.waitsForCompletion != true
        if let preference, isHurried {
            return later(run, isDuplicate, preference).adding(fields).give(exchange)
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
                ? Self.outputAlone(run) : .response(.json(200, Self.state(run, isDuplicate)))
            return reply.adding(fields + applied)
        } late: { [self] in
            later(run, isDuplicate, limited).adding(fields)
        }
    }

    /// The answer of a run that is still under way: 202 with its address.
    private func later(
        _ run: RunActor,
        _ isDuplicate: Bool,
        _ preference: Preference?
    ) -> Reply {
        .response(
            .json(
                202,
                Self.state(run, isDuplicate),
                headers: [(name: "Location", value: addresses.path(run.id))]
                    + (preference.map { [$0.field] } ?? [])
            )
        )
    }

    private static func state(_ run: RunActor, _ isDuplicate: Bool) -> [UInt8] {
        RunReport.of(run).markedAsDuplicate(isDuplicate).jsonBytes
    }
}
