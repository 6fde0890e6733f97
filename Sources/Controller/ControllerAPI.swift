internal import HTTPEngine
internal import JSONWire
package import Listeners
package import Outbound
package import Primitives
package import Runs
internal import Synchronization
internal import Workflows

/// What the controller does for those whom its guard let in; one for the process, on any thread.
package final class ControllerAPI: Sendable {
    /// Lets requests in.
    let guardian: ControllerGuard
    /// Whether the server takes work.
    let health: HealthStatus
    /// Where lines go.
    let log: Log
    /// The OpenAPI document.
    let document: [UInt8]
    let engine: RunEngine
    let alarms: Alarms
    let addresses: TaskAddress
    /// What was received; nil where nothing is kept.
    let ledger: LedgerAccess?
    /// Where questions are answered.
    let questions: QuestionService
    let claims: ClaimTable
    let deduplicateFor: Nanoseconds
    let watchersMax: Int
    let watcherCount = Atomic(0)

    /// What the desk works with.
    package struct Parts {
        let engine: RunEngine
        let alarms: Alarms
        let client: HTTPClient
        let health: HealthStatus
        let claims: ClaimTable
        let ledger: LedgerAccess?
        let questions: QuestionService
        let departures: CallsInFlight
        let log: Log

        /// Puts the parts together.
        package init(
            engine: RunEngine,
            alarms: Alarms,
            client: HTTPClient,
            health: HealthStatus,
            claims: ClaimTable,
            ledger: LedgerAccess?,
            questions: QuestionService,
            departures: CallsInFlight,
            log: Log
        ) {
            self.engine = engine
            self.alarms = alarms
            self.client = client
            self.health = health
            self.claims = claims
            self.ledger = ledger
            self.questions = questions
            self.departures = departures
            self.log = log
        }
    }

    /// Opens the desk of a controller.
    package init(parts: Parts, settings: ControllerSettings) {
        engine = parts.engine
        alarms = parts.alarms
        health = parts.health
        ledger = parts.ledger
        questions = parts.questions
        log = parts.log
        claims = parts.claims
        deduplicateFor = settings.deduplicateFor
        guardian = ControllerGuard(settings)
        document = APIDocument(settings).bytes
        addresses = TaskAddress(settings)
        watchersMax = settings.watchersMax
        let delivery = ResultDelivery(
            client: parts.client,
            alarms: parts.alarms,
            departures: parts.departures,
            settings: settings.delivery,
            log: parts.log
        )
        engine.onResult(delivery.send)
    }

    /// The workflows that are not private.
    func workflows(_ request: borrowing Request) throws(Problem) -> Reply {
        let withSchema = try Self.flag(request, "include_schema") ?? false
        let shown = engine.plans.workflows.filter { !$0.isPrivate }
        return .response(
            .json(200, JSONValue.array(shown.map { report($0, withSchema) }).jsonBytes)
        )
    }

    /// What one workflow takes and gives; a private one too, for whoever knows its id.
    func workflow(_ request: borrowing Request) throws(Problem) -> Reply {
        guard let plan = engine.plans.find(request.parameter("id") ?? "") else {
            throw Problem(
                status: 404,
                code: .workflowUnknown,
                detail: "There is no workflow with this id."
            )
        }
        return .response(.json(200, report(plan, true).jsonBytes))
    }

    /// A run's state, with its history or as its output alone where that is asked for.
    func task(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let isOutputOnly = try Self.flag(request, "output_only") ?? false
        let withHistory = try Self.flag(request, "history") ?? false
        let withOutputs = try Self.flag(request, "step_outputs") ?? false
        withRun(request, exchange, fields) { run, pending in
            let reply: Reply =
                if isOutputOnly {
                    Self.outputAlone(run)
                } else {
                    .response(
                        .json(
                            200,
                            withHistory
                                ? RunReport.withHistory(run, withOutputs: withOutputs)
                                : RunReport.whole(run, withOutputs: withOutputs).jsonBytes
                        )
                    )
                }
            reply.adding(fields).give(pending)
        }
    }

    /// Finds the run that a request's path names, in memory or in the store, and goes on with it; 404 where there is none, 503
    /// where nobody knows.
    func withRun(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields,
        _ body: @escaping @Sendable (RunActor, PendingExchange) throws(Problem) -> Void
    ) {
        let id = request.parameter("id").flatMap { UUIDv7(text: $0) }
        let pending = exchange.detach()
        let goOn: @Sendable (RunFinding) -> Void = { finding in
            do throws(Problem) {
                switch finding {
                case .found(let run): try body(run, pending)
                case .unknown: throw Self.unknownTask
                case .unreadable(let error): throw Self.unreadable(error)
                }
            } catch {
                Reply.problem(error).adding(fields).give(pending)
            }
        }
        guard let id else { return goOn(.unknown) }
        engine.find(id, goOn)
    }

    private static var unknownTask: Problem {
        Problem(status: 404, code: .taskUnknown, detail: "There is no task with this id.")
    }

    /// The output of a run by itself: 202 with the state where it has not ended, a problem where it did not end well.
    static func outputAlone(_ run: RunActor) -> Reply {
        let view = run.view
        switch view.status {
        case .completed: return .response(.json(200, (view.output ?? .null).jsonBytes))
        case .failed:
            let error = view.failure.map(RunReport.error) ?? .null
            return .problem(
                Problem(
                    status: 500,
                    code: view.failure?.code ?? .internalError,
                    detail: view.failure?.message ?? "",
                    members: [
                        (name: "task_id", json: JSONValue.string(run.id.text).jsonText),
                        (name: "error", json: error.jsonText),
                    ]
                )
            )
        case .cancelled:
            return .problem(
                Problem(
                    status: 409,
                    code: .cancelled,
                    detail: view.cancelReason ?? "",
                    members: [(name: "task_id", json: JSONValue.string(run.id.text).jsonText)]
                )
            )
        case .pending, .running, .waiting, .interrupted:
            return .response(.json(202, RunReport.of(run).jsonBytes))
        }
    }

    /// A query member that is true or false; nil where it is missing.
    static func flag(_ request: borrowing Request, _ name: String) throws(Problem) -> Bool? {
        guard let word = request.query(first: name) else { return nil }
        return try BodyMap.flag(word: word, name)
    }

    private func report(_ plan: WorkflowPlan, _ withSchema: Bool) -> JSONValue {
        WorkflowReport.of(
            plan,
            isDefault: plan.id == engine.plans.defaultWorkflow?.id,
            withSchema: withSchema
        )
    }
}
