package import Executor
internal import Expressions
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Journal
internal import Primitives
package import Runs

/// Starts the runs that requests of trigger endpoints ask for, one or many, on a loop or on a worker.
///
/// May be used on any thread; one for the process.
package final class TriggerService: Sendable {
    /// What stays the same over all items of a request.
    struct Call: Sendable {
        /// The request's parts beside its body.
        let facts: RequestFacts
        /// Where it came in.
        let endpoint: TriggerEndpoint
        /// The request's id.
        let requestID: UUIDv7
        /// What of it, beside its body, tells whether it came before.
        let identity: RequestIdentity
        /// What the sender says about waiting for the run.
        let waiting: Waiting?
        /// What the ledger keeps of it.
        let trace: RequestTrace?
    }

    /// What the ledger will keep of a request; nil where nothing is written.
    ///
    /// `known` are the calling loop's own.
    func trace(_ request: borrowing Request, known: LedgerHeadCache) -> RequestTrace? {
        recorder.trace(request, known: known)
    }

    /// A sender's wish to wait for the run that its request starts.
    struct Waiting: Sendable {
        /// How long.
        let preference: Preference
        /// What it calls this machine.
        let host: String?
    }

    let engine: RunEngine
    let gateways: GatewayAddresses
    let alarms: Alarms
    let tasks: TaskAddress?
    let claims: ClaimTable
    private let pool: WorkerPool
    let recorder: RequestRecorder

    /// Makes a service before the run engine; `tasks` is nil where there is no controller to read runs at.
    package init(
        engine: RunEngine,
        gateways: GatewayAddresses,
        pool: WorkerPool,
        alarms: Alarms,
        tasks: TaskAddress?,
        recorder: RequestRecorder,
        claims: ClaimTable
    ) {
        self.recorder = recorder
        self.claims = claims
        self.engine = engine
        self.gateways = gateways
        self.pool = pool
        self.alarms = alarms
        self.tasks = tasks
    }

    /// Starts what a request asks for; `scanner` is the calling thread's own.
    ///
    /// - Throws: 400 for a body that is not what it says, 422 for an unknown workflow, an expression that fails or items
    ///   that are no list, or an `Idempotency-Key` that was used for another payload, 503 when too many runs are under
    ///   way; nothing was started then.
    func start(
        _ form: RequestBody,
        _ sent: RawSpan,
        _ call: Call,
        scanner: JSONScanner
    ) throws(Problem) -> TriggerStart {
        let copy =
            call.trace == nil
            ? [] : recorder.kept(sent, form, without: call.endpoint.rules.redacted)
        let result = form.withDecoded(sent, limit: call.endpoint.bodyBytesMax) {
            form,
            body,
            problem -> Result<TriggerStart, Problem> in
            do throws(Problem) {
                return .success(
                    try start(form, body, copy, call, refusal: problem, scanner: scanner)
                )
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// Starts what a request asks for whose body is decoded, or was to be; the ledger keeps `copy` of it.
    private func start(
        _ form: RequestBody,
        _ body: RawSpan,
        _ copy: [UInt8],
        _ call: Call,
        refusal problem: Problem?,
        scanner: JSONScanner
    ) throws(Problem) -> TriggerStart {
        if let refusal = recorder.refusal { throw refusal }
        let origin = ClaimOrigin(call, body: body, table: claims)
        let note = call.trace.map { trace in
            RequestNote(recorder, trace, call.requestID, call.endpoint.name, body: copy)
        }
        if let problem {
            note?.write(fate(.failure(problem)))
            throw problem
        }
        let mistake = form.mistake(body)
        let result: Result<TriggerStart, Problem> =
            if let refusal = Self.refusal(form, mistake, call.endpoint) {
                .failure(refusal)
            } else {
                form.withTree(body, scanner: scanner) { tree in
                    do throws(Problem) {
                        return .success(
                            try start(try tree.get(), call, origin, note, hasLines: form.isLines)
                        )
                    } catch {
                        return .failure(mistake?.explaining(error) ?? error)
                    }
                }
            }
        note?.write(fate(result))
        return try result.get()
    }

    /// Has the ledger note a request of a listener for a path where nothing is.
    func noteMissed(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ listener: String,
        _ problem: Problem
    ) {
        recorder.noteRefused(request, body: body, endpoint: listener, problem)
    }

    /// The refusal of a body that cannot mean what the endpoint would read in it; nil for others.
    private static func refusal(
        _ form: RequestBody,
        _ mistake: RequestBody.Mistake?,
        _ endpoint: TriggerEndpoint
    ) -> Problem? {
        if form.isLines, !endpoint.isBulk { return RequestBody.linesRefused }
        guard let mistake, mistake.isForm, endpoint.readsBody else { return nil }
        return mistake.problem
    }

    /// Has the ledger note a request that never came to start anything.
    func noteRefused(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ endpoint: TriggerEndpoint,
        _ problem: Problem
    ) {
        recorder.noteRefused(
            request,
            body: body,
            endpoint: endpoint.name,
            problem,
            without: endpoint.rules.redacted
        )
    }

    /// What the ledger says of a request that came to this.
    func fate(_ result: Result<TriggerStart, Problem>) -> RequestFate {
        switch result {
        case .success(.repeated), .success(.underWay):
            return RequestFate(
                status: .duplicate,
                note: "duplicate: its Idempotency-Key came before"
            )
        case .success(.tasks(let tasks, _)):
            let runs = tasks.filter { !$0.isDuplicate }.compactMap(\.run)
            if runs.isEmpty, !tasks.isEmpty {
                let note = LedgerNote.duplicate(ofRuns: tasks.compactMap(\.run))
                return RequestFate(status: .duplicate, note: note)
            }
            return RequestFate(
                status: .triggered,
                note: runs.count == 1 ? "started \(runs[0].text)" : "started \(runs.count) runs"
            )
        case .failure(let problem):
            return RequestFate(status: .rejected, code: problem.code, note: problem.toldOperator)
        }
    }

    /// Starts what a large request asks for on a worker and answers it from there.
    func takeOnWorker(
        _ form: RequestBody,
        _ body: KeptBody,
        _ call: Call,
        _ line: ProblemReport.Line,
        _ exchange: PendingExchange
    ) {
        pool.submit(
            Work { [self] in
                do throws(Problem) {
                    let started = try body.bytes.withRawSpan { body throws(Problem) in
                        try start(form, body, call, scanner: JSONScanner())
                    }
                    answer(started, call, exchange)
                } catch {
                    var problem = error
                    problem.line = line
                    exchange.respond(problem)
                }
            }
        )
    }
}
