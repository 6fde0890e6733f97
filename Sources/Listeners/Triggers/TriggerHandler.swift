internal import Executor
package import HTTPEngine
internal import JSONWire
internal import Loops
internal import Primitives

/// Answers the requests of trigger listeners on one loop.
package final class TriggerHandler: RequestHandler {
    private let endpoints: [TriggerEndpoint]
    private let service: TriggerService
    private let listener: String
    private let scanner = JSONScanner()
    private let known = LedgerHeadCache()

    /// Makes the handler of one loop.
    ///
    /// `listener` is what the ledger calls the place of requests for unknown paths.
    package init(endpoints: [TriggerEndpoint], listener: String, service: TriggerService) {
        self.listener = listener
        self.endpoints = endpoints
        self.service = service
    }

    package func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
        guard endpoints.indices.contains(request.routeID) else {
            return exchange.respond(Problem(status: 404, code: .notFound).refusing(request))
        }
        let endpoint = endpoints[request.routeID]
        do throws(Problem) {
            let form = RequestBody(request, body: body, rule: endpoint.rules.body)
            let call = TriggerService.Call(
                facts: RequestFacts(
                    request,
                    needed: endpoint.facts,
                    body: body,
                    printed: nil
                ),
                endpoint: endpoint,
                requestID: request.requestID,
                identity: try RequestIdentity(request, countsPath: true),
                waiting: endpoint.isBulk
                    ? nil
                    : Preference(request).map {
                        .init(preference: $0, host: request.header("host"))
                    },
                trace: service.trace(request, known: known)
            )
            if form.isLaborious(body) {
                return service.takeOnWorker(
                    form,
                    request.keep(body),
                    call,
                    request.line,
                    exchange.detach()
                )
            }
            let start = try service.start(form, body, call, scanner: scanner)
            if let answer = service.immediateAnswer(start, call) { return exchange.respond(answer) }
            service.answer(start, call, exchange.detach())
        } catch {
            exchange.respond(error.refusing(request))
        }
    }

    package func refused(_ request: borrowing Request, body: RawSpan, problem: Problem) {
        guard endpoints.indices.contains(request.routeID) else { return }
        service.noteRefused(request, body, endpoints[request.routeID], problem)
    }

    package func missed(_ request: borrowing Request, body: RawSpan, problem: Problem) {
        service.noteMissed(request, body, listener, problem)
    }
}
