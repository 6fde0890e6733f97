internal import HTTPWire
package import Loops
package import Primitives

/// A whole request that outlives its handler's call, with the answer that is owed to it.
///
/// For what has to be known before a request is handled and cannot be found out on its loop: it is held, looked at on any
/// thread, and then handled on its loop as if it had just come. The client may be gone by then: the request is handled all
/// the same, as any request that came whole is, and its answer goes nowhere. One that is let go is answered 500.
package final class HeldRequest: Sendable {
    /// The request's id.
    package let requestID: UUIDv7
    /// The body.
    package let body: KeptBody
    /// The answer that is owed.
    package let exchange: PendingExchange
    /// The door to the request's loop.
    package var port: LoopPort { site.port }

    private let head: [UInt8]
    private let facts: ConnectionFacts
    private let site: LoopBound<SiteLoop>
    private let route: Int
    private let routeID: Int

    init(
        head: [UInt8],
        body: KeptBody,
        exchange: PendingExchange,
        facts: ConnectionFacts,
        site: LoopBound<SiteLoop>,
        route: Int,
        routeID: Int
    ) {
        requestID = exchange.requestID
        self.head = head
        self.body = body
        self.exchange = exchange
        self.facts = facts
        self.site = site
        self.route = route
        self.routeID = routeID
    }

    /// Shows the request, as a handler is shown one that just came.
    ///
    /// - Parameters:
    ///   - loop: The loop that the request came in on; any other traps.
    ///   - handle: Answers it, as a handler does.
    package func resume(
        on loop: EventLoop,
        _ handle: (borrowing Request, RawSpan, borrowing Exchange) -> Void
    ) {
        let owner = HeldExchange(
            request: self,
            facts: facts,
            site: site.get(on: loop),
            loop: loop
        )
        let parser = RequestParser(limits: owner.site.shared.site.limits.wire, knowsHeads: false)
        head.withRawSpan { read in
            var offset = 0
            guard parser.advance(read, from: &offset) == .head else {
                // It was read once already, by the same bounds; what is let go here is answered 500.
                return
            }
            parser.withMessage(in: read) { head, _ in
                let request = Request(
                    head: head,
                    owner: owner,
                    route: route,
                    routeID: routeID,
                    requestID: requestID
                )
                let exchange = Exchange(owner: owner, ticket: exchange.ticket)
                body.bytes.withRawSpan { handle(request, $0, exchange) }
            }
        }
    }
}

/// What owes the answer of a request that was held, while it is handled after all.
private final class HeldExchange: ExchangeOwner {
    let facts: ConnectionFacts
    let site: SiteLoop
    var sender: String?
    private let request: HeldRequest
    private let loop: EventLoop

    init(request: HeldRequest, facts: ConnectionFacts, site: SiteLoop, loop: EventLoop) {
        self.request = request
        self.facts = facts
        self.site = site
        self.loop = loop
    }

    func parameters(route: Int) -> [RouteParameter] {
        guard site.shared.parameters.indices.contains(route) else { return [] }
        return site.shared.parameters[route]
    }

    func keep(_ body: RawSpan) -> KeptBody { request.body }

    func answer(_ ticket: ResponseToken, _ response: Response) {
        request.exchange.respond(response)
    }

    func answer(_ ticket: ResponseToken, _ problem: Problem) {
        request.exchange.respond(problem)
    }

    func answerFast(_ ticket: ResponseToken, status: Int, body: Span<UInt8>) {
        request.exchange.respondFast(status: status, body: body, on: loop)
    }

    func detach(_ ticket: ResponseToken) -> PendingExchange { request.exchange }

    func beginStream(_ ticket: ResponseToken, _ response: Response) -> ResponseStream {
        let stream = request.exchange.stream(
            status: response.status,
            contentType: response.contentType ?? "",
            headers: response.headers
        )
        if let stream { return stream }
        let closed = ResponseStream(door: request.exchange.door, ticket: ticket)
        closed.connectionDidClose()
        return closed
    }
}

extension HeldExchange {
    /// The method and all fields of a head, as they are sent.
    static func head(of request: borrowing Request) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(1024)
        out += request.method.name.utf8
        out.append(UInt8(ascii: " "))
        request.withSentHead { sent in
            // Behind the target stands a space, or nothing where there are no fields.
            var end = 0
            while end < sent.count, sent[end] != UInt8(ascii: " ") { end += 1 }
            out.append(sent.extracting(first: end))
        }
        out += " \(request.version.text)\r\n".utf8
        request.forEachHeader { name, value in
            out.append(name)
            out += ": ".utf8
            out.append(value)
            out += "\r\n".utf8
        }
        out += "\r\n".utf8
        return out
    }
}

extension Request {
    /// Holds the request beyond its handler's call.
    ///
    /// - Parameters:
    ///   - body: The body as the handler got it.
    ///   - exchange: The way to its answer, which is owed by what is held from now on.
    ///   - loop: The loop of the call.
    /// - Returns: The request, for any thread.
    package func hold(
        _ body: RawSpan,
        _ exchange: borrowing Exchange,
        on loop: EventLoop
    ) -> HeldRequest {
        let kept = keep(body)
        return HeldRequest(
            head: HeldExchange.head(of: self),
            body: kept,
            exchange: exchange.detach(),
            facts: owner.facts,
            site: LoopBound(owner.site, on: loop),
            route: route,
            routeID: routeID
        )
    }
}

@available(*, unavailable)
extension HeldExchange: Sendable {}
