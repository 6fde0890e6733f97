internal import Executor
internal import Expressions
package import HTTPEngine
internal import JSONWire
package import Loops
internal import Primitives
internal import Rendezvous
internal import Workflows

/// Answers the requests of callback listeners on one loop: read, decide, answer when the decision is settled.
package final class CallbackHandler: RequestHandler {
    /// Bodies larger than this are parsed and matched on a worker.
    static let loopBytesMax = 256 << 10

    private let endpoints: [CallbackEndpoint]
    private let service: CallbackService
    private let listener: String
    private let loop: EventLoop
    private let scanner = JSONScanner()
    private let batch: CallbackBatch
    private let known = LedgerHeadCache()

    /// Makes the handler of one loop.
    ///
    /// `listener` is what the ledger calls the place of requests for unknown paths.
    package init(
        endpoints: [CallbackEndpoint],
        listener: String,
        service: CallbackService,
        loop: EventLoop
    ) {
        self.listener = listener
        self.endpoints = endpoints
        self.service = service
        self.loop = loop
        batch = service.batch(on: loop)
    }

    package func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
        guard endpoints.indices.contains(request.routeID) else {
            return exchange.respond(Problem(status: 404, code: .notFound).refusing(request))
        }
        let endpoint = endpoints[request.routeID]
        let form = RequestBody(request, body: body, rule: endpoint.settings.rules.body)
        let head = CallbackService.Head(
            facts: endpoint.takesFacts || request.hasQuery
                ? RequestFacts(
                    request,
                    needed: endpoint.facts,
                    body: body,
                    printed: endpoint.settings.countedHeaders
                ) : RequestFacts(),
            endpoint: endpoint,
            requestID: request.requestID,
            trace: service.trace(request, known: known)
        )
        if form.isLaborious(body) {
            return service.takeOnWorker(
                form,
                request.keep(body),
                head,
                request.line,
                exchange: exchange.detach()
            )
        }
        var decision = service.decide(
            form,
            body,
            head,
            now: loop.now,
            scanner: scanner,
            batch: batch
        )
        if case .problem(let problem) = decision.answer {
            decision.answer = .problem(problem.refusing(request))
        }
        answer(decision, exchange)
    }

    package func refused(_ request: borrowing Request, body: RawSpan, problem: Problem) {
        guard endpoints.indices.contains(request.routeID) else { return }
        service.noteRefused(request, body, endpoints[request.routeID], problem)
    }

    package func missed(_ request: borrowing Request, body: RawSpan, problem: Problem) {
        service.noteMissed(request, body, listener, problem)
    }

    private func answer(_ decision: CallbackDecision, _ exchange: borrowing Exchange) {
        guard service.isSettled(decision) else {
            return batch.add(exchange.detach(), decision)
        }
        switch decision.answer {
        case .fast(let status, let body):
            guard service.answerFields.isEmpty else {
                return exchange.respond(.json(status, body, headers: service.answerFields))
            }
            exchange.respondFast(status: status, body: body.span)
        case .empty(let status):
            exchange.respond(Response(status: status, headers: service.answerFields))
        case .problem(let problem): exchange.respond(problem)
        }
    }
}
