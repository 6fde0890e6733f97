package import HTTPEngine
internal import HTTPWire
package import Loops
internal import Primitives
internal import Verification

/// Stands before the handler of endpoints that have a verifier: a request is handled when it is known who sent it.
///
/// One for each loop, and the only way to the handler behind it, for requests of every kind. In this order:
///
/// 1. The gate (``SenderGate``) has seen the head, where the head can tell; it refuses and never lets in.
/// 2. A handshake that its sender does not sign is answered.
/// 3. A method that only handshakes come with is refused.
/// 4. The request is verified over the bytes as they came: here where that is a matter of microseconds, else on a worker,
///    while the request is held and the loop goes on. At most so many are held for that at once.
/// 5. What must not be seen a second time is remembered; a handshake that its sender signs is answered.
/// 6. The handler behind gets the request, on the loop that it came in on, and ``Request/sender`` says who sent it.
///
/// What is refused on this way is told to the handler behind as what the engine refuses is, so that the ledger has it.
package final class VerifyingHandler: RequestHandler {
    private let inner: any RequestHandler
    private let endpoints: [VerifiedEndpoint?]
    private let service: VerificationService
    private let loop: EventLoop

    /// A larger body is no handshake.
    static let handshakeBytesMax = 64 << 10

    /// Makes the handler of one loop.
    ///
    /// - Parameters:
    ///   - inner: What handles verified requests.
    ///   - endpoints: The verified endpoints, by the ids of their routes; nil for an id that is no verified endpoint's.
    ///   - service: What verifies.
    ///   - loop: The loop.
    package init(
        inner: any RequestHandler,
        endpoints: [VerifiedEndpoint?],
        service: VerificationService,
        loop: EventLoop
    ) {
        self.inner = inner
        self.endpoints = endpoints
        self.service = service
        self.loop = loop
    }

    package func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
        // Fails closed: without a verifier nothing is handled here.
        guard endpoints.indices.contains(request.routeID),
            let endpoint = endpoints[request.routeID]
        else { return exchange.respond(Problem(status: 404, code: .notFound).refusing(request)) }
        let seen = endpoint.senderRequest(request)
        if answerHandshake(seen, .unverified, endpoint, request, body, exchange) { return }
        guard endpoint.methods.contains(request.method) else {
            return refuse(endpoint.methodProblem, request, body, exchange)
        }
        let verifier = endpoint.verifier
        guard verifier.cost(bodySize: body.byteCount) == .loop else {
            return verifyOnWorker(seen, endpoint, request, body, exchange)
        }
        let outcome = body.withBytes {
            verifier.check(seen, body: $0, ring: service.ring, now: service.now())
        }
        if case .needsKey = outcome {
            return verifyOnWorker(seen, endpoint, request, body, exchange)
        }
        conclude(outcome, seen, endpoint, request, body, exchange)
    }

    package func refused(_ request: borrowing Request, body: RawSpan, problem: Problem) {
        inner.refused(request, body: body, problem: problem)
    }

    package func missed(_ request: borrowing Request, body: RawSpan, problem: Problem) {
        inner.missed(request, body: body, problem: problem)
    }

    private func verifyOnWorker(
        _ seen: SenderRequest,
        _ endpoint: VerifiedEndpoint,
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange
    ) {
        guard service.begin() else {
            let problem = Problem(
                status: 503,
                code: .overloaded,
                detail: "Too many requests are being verified.",
                retryAfterSeconds: 1
            )
            return refuse(problem, request, body, exchange)
        }
        let held = request.hold(body, exchange, on: loop)
        let bound = LoopBound(self, on: loop)
        service.verify(seen, held.body, endpoint.verifier) { [service] outcome in
            service.end()
            held.port.post { loop in
                let handler = bound.get(on: loop)
                held.resume(on: loop) { request, body, exchange in
                    handler.conclude(outcome, seen, endpoint, request, body, exchange)
                }
            }
        }
    }

    /// Does with a request what its verifier says of it.
    private func conclude(
        _ outcome: VerificationOutcome,
        _ seen: SenderRequest,
        _ endpoint: VerifiedEndpoint,
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange
    ) {
        switch outcome {
        case .needsKey: refuse(endpoint.problem(.keysUnavailable), request, body, exchange)
        case .refused(let refusal): refuse(endpoint.problem(refusal), request, body, exchange)
        case .verified(let sender):
            guard service.takeOnce(sender.onceTokens, at: endpoint.name) else {
                return refuse(endpoint.problem(.repeated), request, body, exchange)
            }
            if answerHandshake(seen, .verified, endpoint, request, body, exchange) { return }
            request.setSender(sender.name)
            inner.handle(request, body: body, exchange: exchange)
            request.setSender(nil)
        }
    }

    private func refuse(
        _ problem: Problem,
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange
    ) {
        inner.refused(request, body: body, problem: problem)
        exchange.respond(problem.refusing(request))
    }

    /// Answers a handshake; false where the request is none.
    private func answerHandshake(
        _ seen: SenderRequest,
        _ stage: Verifier.HandshakeStage,
        _ endpoint: VerifiedEndpoint,
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange
    ) -> Bool {
        guard endpoint.verifier.hasHandshakes(stage), body.byteCount <= Self.handshakeBytesMax
        else { return false }
        let outcome = body.withBytes { bytes in
            endpoint.verifier.handshake(seen, stage: stage, now: service.now()) { $0(bytes) }
        }
        switch outcome {
        case .none: return false
        case .refused(let name, let status):
            var problem = Problem(
                status: status,
                code: status == 403 ? .unauthorized : .requestMalformed
            )
            problem.note =
                "The handshake \(name) of \(endpoint.verifier.name) is not as it must be."
            refuse(problem, request, body, exchange)
        case .answer(let answer):
            service.noteHandshake(answer, endpoint, request, body)
            exchange.respond(Response(answer))
            if let url = answer.visit { service.visit(url, for: answer.name) }
        }
        return true
    }
}

extension Response {
    /// The answer that a handshake wants.
    fileprivate init(_ answer: HandshakeAnswer) {
        let type = answer.headers.first { HeaderName($0.name) == HeaderName("content-type") }
        self.init(
            status: answer.status,
            contentType: type?.value,
            headers: answer.headers.filter { HeaderName($0.name) != HeaderName("content-type") },
            body: answer.body
        )
    }
}

extension VerificationRefusal {
    /// A key could not be had.
    static let keysUnavailable = VerificationRefusal(
        .keysUnavailable,
        "The keys could not be fetched."
    )

    /// What must be used once was used before.
    static let repeated = VerificationRefusal(
        .credentialsWrong,
        "Its token or nonce came before, and must not come twice."
    )
}

@available(*, unavailable)
extension VerifyingHandler: Sendable {}
