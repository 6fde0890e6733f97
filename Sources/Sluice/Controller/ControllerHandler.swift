internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Primitives
internal import Workflows

/// The controller's API on one loop: start, read and cancel runs, and tell whether the server is well.
final class ControllerHandler: RequestHandler {
    /// What can be asked.
    enum Call: Int, CaseIterable {
        case health, startRun, task, cancelTask, workflows
    }

    private let engine: RunEngine
    private let guardian: ControllerGuard
    private let health: HealthBoard

    /// Makes the handler of one loop.
    init(engine: RunEngine, guardian: ControllerGuard, health: HealthBoard) {
        self.engine = engine
        self.guardian = guardian
        self.health = health
    }

    /// The routes below the controller's base path.
    static let routes: [Route] = Call.allCases.map { call in
        switch call {
        case .health: Route(id: call.rawValue, methods: [.get], path: "/health")
        case .startRun: Route(id: call.rawValue, methods: [.post], path: "/workflows/runs")
        case .task: Route(id: call.rawValue, methods: [.get], path: "/tasks/{id}")
        case .cancelTask: Route(id: call.rawValue, methods: [.post], path: "/tasks/{id}/cancel")
        case .workflows: Route(id: call.rawValue, methods: [.get], path: "/workflows")
        }
    }

    func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
        do throws(Problem) {
            try guardian.check(request, bodyBytes: body.byteCount)
            switch Call(rawValue: request.routeID) {
            case .health: exchange.respond(health.response)
            case .startRun: try start(RunRequest(body.copied), request.requestID, exchange)
            case .task: exchange.respond(.json(200, RunReport.of(try task(request)).jsonBytes))
            case .cancelTask: try cancel(try task(request), exchange)
            case .workflows: exchange.respond(.json(200, workflows.jsonBytes))
            case nil: throw Problem(status: 404, code: .notFound)
            }
        } catch {
            exchange.respond(error)
        }
    }

    private func start(
        _ request: RunRequest,
        _ requestID: UUIDv7,
        _ exchange: borrowing Exchange
    ) throws(Problem) {
        let id: UUIDv7
        let plan: WorkflowPlan
        do throws(StartRefusal) {
            plan = try engine.plan(request.workflowID)
            id = try engine.start(
                .init(workflow: plan.id, input: request.input),
                requestID: requestID
            )
        } catch {
            throw error.problem
        }
        guard request.waitsForCompletion, let cell = engine.registry.find(id) else {
            let state = RunReport.head(id, status: .pending, workflow: plan.id)
            return exchange.respond(.json(200, JSONValue.object(state).jsonBytes))
        }
        let pending = exchange.detach()
        pending.giveBackPlace()
        let isOutputOnly = request.isOutputOnly
        cell.whenEnded { outcome in
            pending.respond(
                isOutputOnly
                    ? Self.outputAlone(outcome) : .json(200, RunReport.of(cell).jsonBytes)
            )
        }
    }

    /// The answer of `output_only`: the output, or an error with the run's failure.
    private static func outputAlone(_ outcome: RunOutcome) -> Response {
        switch outcome {
        case .completed(let output): .json(200, output.jsonBytes)
        case .failed(let failure):
            .json(500, JSONValue.object(["error": RunReport.error(failure)]).jsonBytes)
        case .cancelled(let reason):
            .json(
                409,
                JSONValue.object(["status": .string("cancelled"), "reason": .string(reason)])
                    .jsonBytes
            )
        }
    }

    private func task(_ request: borrowing Request) throws(Problem) -> RunCell {
        guard let text = request.parameter("id"), let id = UUIDv7(text: text),
            let cell = engine.registry.find(id)
        else {
            throw Problem(
                status: 404,
                code: .taskUnknown,
                detail: "there is no task with this id"
            )
        }
        return cell
    }

    private func cancel(_ cell: RunCell, _ exchange: borrowing Exchange) throws(Problem) {
        guard engine.cancel(cell.id, reason: "cancelled through the API") else {
            throw Problem(
                status: 409,
                code: .taskFinished,
                detail: "the task has finished already"
            )
        }
        let pending = exchange.detach()
        pending.giveBackPlace()
        cell.whenEnded { _ in pending.respond(.json(200, RunReport.of(cell).jsonBytes)) }
    }

    private var workflows: JSONValue {
        .array(
            engine.plans.workflows.filter { !$0.isPrivate }.map { plan in
                var object: JSONObject = ["workflow_id": .string(plan.id)]
                if let title = plan.title { object["title"] = .string(title) }
                if plan.id == engine.plans.defaultWorkflow?.id { object["default"] = .bool(true) }
                return .object(object)
            }
        )
    }
}

extension StartRefusal {
    /// The refusal as an HTTP answer.
    var problem: Problem {
        switch self {
        case .workflowUnknown, .noDefaultWorkflow:
            Problem(status: 404, code: code, detail: message)
        case .tooManyRuns:
            Problem(status: 503, code: code, detail: message, retryAfterSeconds: 5)
        }
    }
}
