internal import Primitives

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
