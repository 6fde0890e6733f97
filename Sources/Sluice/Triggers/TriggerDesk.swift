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
    }

    private let engine: RunEngine
    private let gateways: GatewayBoard
    private let pool: WorkerPool

    /// Makes a desk before the run engine.
    init(engine: RunEngine, gateways: GatewayBoard, pool: WorkerPool) {
        self.engine = engine
        self.gateways = gateways
        self.pool = pool
    }

    /// Starts what a request asks for and gives its answer; `scanner` is the calling thread's own.
    ///
    /// - Throws: 400 for a body that is not what it says, 422 for an unknown workflow, an expression that fails or items
    ///   that are no list, 503 when too many runs are under way; nothing was started then.
    func start(
        _ form: RequestBody,
        _ body: RawSpan,
        _ call: Call,
        scanner: JSONScanner
    ) throws(Problem) -> Response {
        let result: Result<Response, Problem> = form.withTree(body, scanner: scanner) { tree in
            do throws(Problem) {
                return .success(try start(try tree.get(), call))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
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
                    let answer = try body.withRawSpan { body throws(Problem) in
                        try start(form, body, call, scanner: JSONScanner())
                    }
                    exchange.respond(answer)
                } catch {
                    exchange.respond(error)
                }
            }
        )
    }

    private func start(_ root: ListenerScope.Tree, _ call: Call) throws(Problem) -> Response {
        let item = try scope(root, item: root, call).item(named: call.endpoint.item)
        guard call.endpoint.isBulk else {
            let order = try order(scope(root, item: item, call), call)
            return answer(["task_id": .string(try begin(order, call).text)])
        }
        var orders: [RunEngine.Order] = []
        for item in try item.items(max: call.endpoint.itemsMax) {
            orders.append(try order(scope(root, item: item, call), call))
        }
        let tasks = try begin(orders, call).map { id in
            JSONValue.object(["task_id": .string(id.text)])
        }
        return answer(["tasks": .array(tasks)])
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
            throw Problem(status: 422, code: .expressionFailed, detail: error.message)
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

    private func begin(_ order: RunEngine.Order, _ call: Call) throws(Problem) -> UUIDv7 {
        do throws(StartRefusal) {
            return try engine.start(order, requestID: call.requestID)
        } catch {
            throw Self.problem(error)
        }
    }

    /// Starts all runs or none.
    private func begin(_ orders: [RunEngine.Order], _ call: Call) throws(Problem) -> [UUIDv7] {
        do throws(StartRefusal) {
            return try engine.start(orders, requestID: call.requestID)
        } catch {
            throw Self.problem(error)
        }
    }

    /// A refused start as a sender is told: an unknown workflow is the request's fault.
    private static func problem(_ refusal: StartRefusal) -> Problem {
        switch refusal {
        case .workflowUnknown, .noDefaultWorkflow:
            Problem(status: 422, code: refusal.code, detail: refusal.message)
        case .tooManyRuns: refusal.problem
        }
    }

    private func answer(_ members: JSONObject) -> Response {
        var object: JSONObject = ["status": .string("triggered")]
        for member in members.members { object[member.name] = member.value }
        return .json(200, JSONValue.object(object).jsonBytes)
    }

    private func scope(
        _ root: ListenerScope.Tree,
        item: ListenerScope.Tree,
        _ call: Call
    ) -> ListenerScope {
        ListenerScope(body: root, item: item, facts: call.facts, gateways: gateways.values)
    }
}
