internal import Primitives

/// What answers the requests of some routes on one loop.
///
/// Made by a ``HandlerFactory``, for each loop; it is called on that loop only, and must not block.
package protocol RequestHandler: AnyObject {
    /// Answers one request, at once or, after ``Exchange/detach()``, later.
    ///
    /// Called when the whole body is there and the request has a place. A handler that returns without having answered,
    /// detached or begun a stream is in error: the client gets 500, and the log says so.
    ///
    /// - Parameters:
    ///   - request: The request; it lives during this call only.
    ///   - body: The whole body, empty where there is none; 64 readable bytes after its end are not promised.
    ///   - exchange: The way to the answer; it lives during this call only.
    func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange)

    /// Is shown a request for the path of one of its routes that the engine refuses by itself: for its method, size or media
    /// type, or because there is no room for it.
    ///
    /// - Parameters:
    ///   - request: The request; it lives during this call only. Where its method is not taken, it has a route of its path.
    ///   - body: What of the body is there.
    ///   - problem: What the client is told.
    func refused(_ request: borrowing Request, body: RawSpan, problem: Problem)

    /// Is shown a request for a path that no route has, for a few of them in a second (``Site/unknownPerSecondMax``).
    ///
    /// - Parameters:
    ///   - request: The request; it lives during this call only, and its ``Request/routeID`` means nothing.
    ///   - body: What of the body is there.
    ///   - problem: What the client is told.
    func missed(_ request: borrowing Request, body: RawSpan, problem: Problem)
}

extension RequestHandler {
    /// Does nothing.
    package func refused(_ request: borrowing Request, body: RawSpan, problem: Problem) {}

    /// Does nothing.
    package func missed(_ request: borrowing Request, body: RawSpan, problem: Problem) {}
}

/// Answers 404: the handler of a site without one.
package final class NoHandler: RequestHandler {
    /// Makes one.
    package init() {}

    package func handle(
        _ request: borrowing Request,
        body: RawSpan,
        exchange: borrowing Exchange
    ) {
        exchange.respond(Problem(status: 404, code: .notFound))
    }
}
