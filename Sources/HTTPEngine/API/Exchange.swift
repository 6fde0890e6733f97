package import Loops
package import Primitives
internal import Synchronization

/// The way to the answer of one request, during the call of its handler.
///
/// It is lent, not given: what has to answer later takes a ``PendingExchange`` with ``detach()``. Only the first of
/// `respond`, `detach` and `stream` counts; later ones do nothing.
package struct Exchange: ~Copyable {
    private let owner: any ExchangeOwner
    private let ticket: ResponseToken

    init(owner: any ExchangeOwner, ticket: ResponseToken) {
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

/// An answer that is still owed, to be given on any thread.
///
/// Answers of one connection leave in the order of its requests, in whatever order they are given. The first `respond`
/// counts. One that is let go without an answer is answered 500, and the log says so.
package final class PendingExchange: Sendable {
    /// The request's id, which goes out as `X-Request-Id` and is in every problem.
    package let requestID: UUIDv7
    let door: ConnectionHandle
    let ticket: ResponseToken
    /// The places, where the request has one.
    private let admission: Admission?
    private let isPlaceGiven: Atomic<Bool>
    private let isAnswered: Atomic<Bool>

    init(door: ConnectionHandle, ticket: ResponseToken, admission: Admission?, isAnswered: Bool) {
        requestID = ticket.requestID
        self.door = door
        self.ticket = ticket
        self.admission = admission
        isPlaceGiven = Atomic(admission == nil)
        self.isAnswered = Atomic(isAnswered)
    }

    deinit {
        giveBackPlace()
        guard takeAnswer() else { return }
        door.forgotten(ticket)
    }

    /// Answers.
    ///
    /// On any thread.
    ///
    /// - Returns: False where it was answered before.
    @discardableResult
    package func respond(_ response: Response) -> Bool {
        giveBackPlace()
        guard takeAnswer() else { return false }
        door.answer(ticket, response)
        return true
    }

    /// Answers with JSON, without allocating, on the loop of its connection.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - body: The JSON text.
    ///   - loop: The loop that called the handler; any other traps.
    package func respondFast(status: Int, body: Span<UInt8>, on loop: EventLoop) {
        giveBackPlace()
        guard takeAnswer() else { return }
        door.answerFast(ticket, status: status, body: body, on: loop)
    }

    /// Answers with a problem as JSON.
    ///
    /// On any thread.
    ///
    /// - Returns: False where it was answered before.
    @discardableResult
    package func respond(_ problem: Problem) -> Bool {
        giveBackPlace()
        guard takeAnswer() else { return false }
        door.answer(ticket, problem)
        return true
    }

    /// Begins an answer that comes in pieces; see ``Exchange/stream(status:contentType:headers:)``.
    ///
    /// - Returns: Nil where it was answered before.
    package func stream(
        status: Int,
        contentType: String,
        headers: [(name: String, value: String)] = []
    ) -> ResponseStream? {
        giveBackPlace()
        guard takeAnswer() else { return nil }
        return door.stream(
            ticket,
            Response(status: status, contentType: contentType, headers: headers)
        )
    }

    /// Gives the request's place to the next one, for an answer that waits for a run (contract 6).
    package func giveBackPlace() {
        guard let admission else { return }
        let isFirst = isPlaceGiven.compareExchange(
            expected: false,
            desired: true,
            ordering: .acquiringAndReleasing
        ).exchanged
        if isFirst { admission.giveBack() }
    }

    private func takeAnswer() -> Bool {
        isAnswered.compareExchange(expected: false, desired: true, ordering: .acquiringAndReleasing)
            .exchanged
    }
}
