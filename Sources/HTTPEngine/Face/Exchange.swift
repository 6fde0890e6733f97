package import Primitives

/// The way to the answer of one request, during the call of its handler.
///
/// It is lent, not given: what has to answer later takes a ``PendingExchange`` with ``detach()``. Only the first of
/// `respond`, `detach` and `stream` counts; later ones do nothing.
package struct Exchange: ~Copyable {
    private let owner: any ExchangeOwner
    private let ticket: Ticket

    init(owner: any ExchangeOwner, ticket: Ticket) {
        self.owner = owner
        self.ticket = ticket
    }

    /// The request's id, which goes out as `X-Request-Id` and is in every problem.
    package var requestID: UUIDv7 { ticket.requestID }

    /// Answers.
    package func respond(_ response: Response) {
        owner.answer(ticket, response)
    }

    /// Answers with a problem as JSON.
    package func respond(_ problem: Problem) {
        owner.answer(ticket, problem)
    }

    /// Answers with JSON, without allocating: the hot path.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - body: The JSON text.
    package func respondFast(status: Int, body: Span<UInt8>) {
        owner.answerFast(ticket, status: status, body: body)
    }

    /// Takes the answer out of the call: it can then be given from any thread, at any time.
    package func detach() -> PendingExchange {
        owner.detach(ticket)
    }

    /// Begins an answer that comes in pieces, without a length: chunked, or up to the end of the connection in HTTP/1.0.
    ///
    /// Answers of later requests of the connection wait until it is finished. It gives the request's place back.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - contentType: The media type, `text/event-stream` for example.
    ///   - headers: Further header fields.
    /// - Returns: The stream; a closed one where the request was answered already.
    package func stream(
        status: Int,
        contentType: String,
        headers: [(name: String, value: String)] = []
    ) -> ResponseStream {
        owner.beginStream(
            ticket,
            Response(status: status, contentType: contentType, headers: headers)
        )
    }
}
