internal import Executor
internal import Expressions
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Primitives

/// Starts the runs that requests of trigger endpoints ask for, one or many, on a loop or on a worker.
///
/// May be used on any thread; one for the process.
final class TriggerDesk: Sendable {
    /// What stays the same over all items of a request.
    struct Call: Sendable {
        /// The request's parts beside its body.
        let facts: RequestFacts
        /// Where it came in.
        let endpoint: TriggerEndpoint
        /// The request's id.
        let requestID: UUIDv7
        /// What the sender says about waiting for the run.
        let waiting: Waiting?
        /// What the ledger keeps of it.
        let trace: RequestTrace?
    }

    /// What the ledger will keep of a request; nil where nothing is written.
    func trace(_ request: borrowing Request) -> RequestTrace? {
        ledger.trace(request)
    }

    /// A sender's wish to wait for the run that its request starts.
    struct Waiting: Sendable {
        /// How long.
        let preference: Preference
        /// What it calls this machine.
        let host: String?
    }

    /// The runs of a request.
    struct Started: Sendable {
        /// Their ids; one where the request is not bulk.
        let ids: [UUIDv7]
        /// Whether the request is bulk.
        let isBulk: Bool
        /// The journal number that must be settled before the sender is told.
        let number: UInt64
    }

    private let engine: RunEngine
    private let gateways: GatewayBoard
    private let pool: WorkerPool
    private let alarms: Alarms
    private let tasks: TaskAddress?
    private let ledger: LedgerDesk

    /// Makes a desk before the run engine; `tasks` is nil where there is no controller to read runs at.
    init(
        engine: RunEngine,
        gateways: GatewayBoard,
        pool: WorkerPool,
        alarms: Alarms,
        tasks: TaskAddress?,
        ledger: LedgerDesk
    ) {
        self.ledger = ledger
        self.engine = engine
        self.gateways = gateways
        self.pool = pool
        self.alarms = alarms
        self.tasks = tasks
    }

    /// Starts what a request asks for; `scanner` is the calling thread's own.
    ///
    /// - Throws: 400 for a body that is not what it says, 422 for an unknown workflow, an expression that fails or items
    ///   that are no list, 503 when too many runs are under way; nothing was started then.
    func start(
        _ form: RequestBody,
        _ body: RawSpan,
        _ call: Call,
        scanner: JSONScanner
    ) throws(Problem) -> Started {
        if let refusal = ledger.refusal(bodyBytes: body.byteCount) { throw refusal }
        let result: Result<Started, Problem> = form.withTree(body, scanner: scanner) { tree in
            do throws(Problem) {
                return .success(try start(try tree.get(), call))
            } catch {
                return .failure(error)
            }
        }
        if let trace = call.trace {
            ledger.note(trace, call.requestID, call.endpoint.name, body: body.copied, fate(result))
        }
        return try result.get()
    }

    private func fate(_ result: Result<Started, Problem>) -> RequestFate {
        switch result {
        case .success(let started):
            RequestFate(
                status: .triggered,
                note: started.ids.count == 1
                    ? "started \(started.ids[0].text)" : "started \(started.ids.count) runs"
            )
        case .failure(let problem):
            RequestFate(status: .rejected, code: problem.code, note: problem.detail)
        }
    }

    /// Whether the answer may leave at once.
    func isSettled(_ started: Started) -> Bool {
        engine.settlement.isSettled(started.number)
    }

    /// Starts what a large request asks for on a worker and answers it from there.
    func takeOnWorker(
        _ form: RequestBody,
        _ body: [UInt8],
        _ call: Call,
        _ exchange: PendingExchange
    ) {
        pool.submit(
            Work { [self] in
                do throws(Problem) {
                    let started = try body.withRawSpan { body throws(Problem) in
                        try start(form, body, call, scanner: JSONScanner())
                    }
                    answer(started, call, exchange)
                } catch {
                    exchange.respond(error)
                }
            }
        )
    }

    /// Answers when the start is settled, and where the sender would rather wait for that, when the run has ended.
    func answer(_ started: Started, _ call: Call, _ exchange: PendingExchange) {
        engine.settlement.whenSettled(started.number) { [self] isCommitted in
            guard isCommitted else { return Reply.problem(LedgerDesk.notStored).give(exchange) }
            answerSettled(started, call, exchange)
        }
    }

    /// Starts what a request of the ledger asks for once more; `tell` is given the answer when it is settled.
    func replay(
        _ request: ReceivedRequest,
        as id: UUIDv7,
        at endpoint: TriggerEndpoint,
        _ tell: @escaping @Sendable (Reply) -> Void
    ) {
        let call = Call(
            facts: request.facts(path: endpoint.path, as: id),
            endpoint: endpoint,
            requestID: id,
            waiting: nil,
            trace: RequestTrace(replaying: request)
        )
        do throws(Problem) {
            let started = try request.body.withRawSpan { body throws(Problem) in
                try start(request.form, body, call, scanner: JSONScanner())
            }
            engine.settlement.whenSettled(started.number) { [self] isCommitted in
                tell(isCommitted ? .response(answer(started)) : .problem(LedgerDesk.notStored))
            }
        } catch {
            tell(.problem(error))
        }
    }

    private func answerSettled(_ started: Started, _ call: Call, _ exchange: PendingExchange) {
        guard let waiting = call.waiting, !started.isBulk,
            let id = started.ids.first, let run = engine.registry.find(id)
        else { return Reply.response(answer(started)).give(exchange) }
        let applied = [waiting.preference.field]
        let fields = ledger.answerFields
        let location = tasks.map { [(name: "Location", value: $0.url(id, called: waiting.host))] }
        var later = answer(started)
        later.status = 202
        later.headers += applied + (location ?? [])
        guard waiting.preference.waitSeconds != nil else {
            return Reply.response(later).give(exchange)
        }
        PatientAnswer(exchange: exchange, patience: waiting.preference.patience, alarms: alarms)
            .wait(for: run) { _ in
                .response(.json(200, RunReport.of(run).jsonBytes, headers: applied + fields))
            } late: { [later] in
                .response(later)
            }
    }

    /// The answer that says which runs were started.
    func answer(_ started: Started) -> Response {
        if !started.isBulk, let id = started.ids.first {
            return triggered("task_id", .string(id.text))
        }
        return triggered(
            "tasks",
            .array(started.ids.map { .object(["task_id": .string($0.text)]) })
        )
    }

    private func triggered(_ name: String, _ value: JSONValue) -> Response {
        .json(
            200,
            JSONValue.object(["status": .string("triggered"), name: value]).jsonBytes,
            headers: ledger.answerFields
        )
    }

    private func start(_ root: ListenerScope.Tree, _ call: Call) throws(Problem) -> Started {
        let item = try scope(root, item: root, call).item(named: call.endpoint.item)
        guard call.endpoint.isBulk else {
            return try begin([order(scope(root, item: item, call), call)], call)
        }
        var orders: [RunEngine.Order] = []
        for item in try item.items(max: call.endpoint.itemsMax) {
            orders.append(try order(scope(root, item: item, call), call))
        }
        return try begin(orders, call)
    }

    private func order(
        _ scope: ListenerScope,
        _ call: Call
    ) throws(Problem) -> RunEngine.Order {
        let workflow: JSONValue
        let input: JSONValue
        do throws(EvaluationError) {
            workflow = try call.endpoint.workflow.evaluate(scope)
            input = try call.endpoint.input?.evaluate(scope) ?? scope.item.select([])
        } catch {
            throw Problem(failed: error)
        }
        guard case .string(let id) = workflow else {
            throw Problem(
                status: 422,
                code: .workflowUnknown,
                detail: "the workflow's id must be text, and it is \(workflow.kindName)"
            )
        }
        return RunEngine.Order(workflow: id, input: input)
    }

    /// Starts all runs or none.
    private func begin(_ orders: [RunEngine.Order], _ call: Call) throws(Problem) -> Started {
        guard !orders.isEmpty else { return Started(ids: [], isBulk: true, number: 0) }
        do throws(StartRefusal) {
            let started = try engine.start(orders, requestID: call.requestID)
            return Started(
                ids: started.ids,
                isBulk: call.endpoint.isBulk,
                number: started.number
            )
        } catch {
            throw Self.problem(error)
        }
    }

    /// A refused start as a sender is told: an unknown workflow is the request's fault.
    private static func problem(_ refusal: StartRefusal) -> Problem {
        switch refusal {
        case .workflowUnknown, .noDefaultWorkflow:
            Problem(status: 422, code: refusal.code, detail: refusal.message)
        case .tooManyRuns, .journalUnavailable, .tooLarge: refusal.problem
        }
    }

    private func scope(
        _ root: ListenerScope.Tree,
        item: ListenerScope.Tree,
        _ call: Call
    ) -> ListenerScope {
        ListenerScope(body: root, item: item, facts: call.facts, gateways: gateways.values)
    }
}
