/// Who owes the answers of some requests: a connection, of whatever version of HTTP.
///
/// Requests, exchanges and what becomes of them know their connection by this alone. A request is named by its ticket, whose
/// sequence means what the owner wants it to: a place in the order of answers, or a stream of HTTP/2.
///
/// All of it happens on the owner's loop, during the call of a request's handler.
protocol ExchangeOwner: AnyObject {
    /// What is known of the connection.
    var facts: ConnectionFacts { get }
    /// The site of the request whose handler or gate runs.
    var site: SiteLoop { get }
    /// Who sent the request whose handler runs, once something has verified it.
    var sender: String? { get set }

    /// The parameters of a route's path.
    func parameters(route: Int) -> [RouteParameter]

    /// Makes a body last beyond its handler's call.
    func keep(_ body: RawSpan) -> KeptBody

    /// Answers the request whose handler runs.
    func answer(_ ticket: ResponseToken, _ response: Response)

    /// Answers the request whose handler runs with a problem.
    func answer(_ ticket: ResponseToken, _ problem: Problem)

    /// Answers the request whose handler runs with JSON: the hot path.
    func answerFast(_ ticket: ResponseToken, status: Int, body: Span<UInt8>)

    /// Takes the answer out of the handler's call.
    func detach(_ ticket: ResponseToken) -> PendingExchange

    /// Begins an answer in pieces to the request whose handler runs.
    func beginStream(_ ticket: ResponseToken, _ response: Response) -> ResponseStream
}

/// What a connection holds of a stream: enough to tell it that the connection is gone, too little to keep it.
final class StreamLink: Sendable {
    private weak let stream: ResponseStream?

    init(_ stream: ResponseStream) {
        self.stream = stream
    }

    /// The client sends no more: it may have gone, or only read on.
    func clientDidFinish() {
        stream?.clientDidFinish()
    }

    /// Passes it on, where somebody still holds the stream.
    func connectionDidClose() {
        stream?.connectionDidClose()
    }
}
