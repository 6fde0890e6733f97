package import HTTPEngine
package import Journal
internal import Primitives

/// Writes every request that reached an endpoint into the journal, and refuses new ones while it takes none.
///
/// May be used on any thread. With `store: memory` it does nothing.
package final class LedgerDesk: Sendable {
    /// Header fields of every 2xx of a listener: they say so where it came before the disk had what it answers.
    let answerFields: [(name: String, value: String)]
    private let settlement: Settlement
    private let mask: SecretMask?
    private let pace = Lock(RefusalPace())

    /// The most bytes that are kept of a body that was refused.
    private static let refusedBytesMax = 64 << 10
    /// The most bytes that are kept of any body; what a request did stands in records of its own.
    private static let keptBytesMax = 16 << 20

    /// Opens a desk.
    ///
    /// - Parameters:
    ///   - settlement: Where requests are written.
    ///   - mask: Hides what is secret in them; without one nothing is written.
    ///   - isRelaxed: Whether answers leave before the disk has what they tell of.
    package init(settlement: Settlement, mask: SecretMask?, isRelaxed: Bool) {
        self.settlement = settlement
        self.mask = mask
        answerFields = isRelaxed ? [(name: "Sluice-Durability", value: "relaxed")] : []
    }

    /// What is kept of a request; nil where nothing is written.
    ///
    /// `known` are the calling loop's own.
    func trace(_ request: borrowing Request, known: KnownHeads? = nil) -> RequestTrace? {
        guard let mask, !settlement.isImmediate else { return nil }
        return RequestTrace(request, mask: mask, known: known)
    }

    /// Why a callback with a body of this size is not taken; nil where it is.
    ///
    /// Its record holds the body, and the result again where that is made of it: both must fit.
    func refusal(callbackBytes: Int) -> Problem? {
        let most = (settlement.recordBytesMax - Self.headRoom) / 2
        guard callbackBytes > most else { return refusal }
        return Problem(
            status: 413,
            code: .bodyTooLarge,
            detail: "A callback that is kept on disk may have at most \(most) bytes."
        )
    }

    /// What a record may hold beside a body: header fields, names, ids.
    private static let headRoom = 256 << 10

    /// Why requests are not taken at present; nil where they are.
    var refusal: Problem? {
        guard !settlement.isImmediate else { return nil }
        if let reason = settlement.refusal {
            return Problem(
                status: 503,
                code: .journalUnavailable,
                detail: "The request could not be stored: \(reason); send it again later.",
                retryAfterSeconds: 5
            )
        }
        return nil
    }

    /// Writes down what became of a request; nobody waits for it.
    ///
    /// - Returns: The number of the entry; 0 where nothing is written.
    @discardableResult
    func note(
        _ trace: RequestTrace,
        _ requestID: UUIDv7,
        _ endpoint: String,
        body: [UInt8],
        _ fate: RequestFate
    ) -> UInt64 {
        guard settlement.refusal == nil else { return 0 }
        let max = fate.status == .rejected ? Self.refusedBytesMax : Self.keptBytesMax
        let kept = body.count > max ? Array(body.prefix(max)) : body
        let entry = trace.entry(requestID, endpoint: endpoint, body: kept, fate)
        return settlement.note(.received(entry))
    }

    /// Writes down a request for an endpoint that the HTTP engine refused by itself, unless there were too many in this second.
    func noteRefused(
        _ request: borrowing Request,
        body: RawSpan,
        endpoint: String,
        _ problem: Problem
    ) {
        guard let trace = pacedTrace(request) else { return }
        let fate = RequestFate(
            status: .rejected,
            code: problem.code,
            note: problem.toldOperator
        )
        note(trace, request.requestID, endpoint, body: Self.keptOfRefused(body), fate)
    }

    /// What is kept of a request that was not handled; nil where nothing is written, or there were too many in this second.
    func pacedTrace(_ request: borrowing Request) -> RequestTrace? {
        guard settlement.refusal == nil, let trace = trace(request),
            pace.withLock({ $0.takes(at: trace.time) })
        else { return nil }
        return trace
    }

    /// What is kept of a body that was refused.
    static func keptOfRefused(_ body: RawSpan) -> [UInt8] {
        body.extracting(first: min(body.byteCount, refusedBytesMax)).copied
    }

    /// Whether a request's body was, or may have been, longer than what is kept of it.
    package static func isCut(_ request: ReceivedRequest) -> Bool {
        let length = request.headerPairs.first { $0.name == "content-length" }
        if let length = length.flatMap({ Int($0.value) }) { return length != request.body.count }
        let max = request.status == .rejected ? refusedBytesMax : keptBytesMax
        return request.body.count == max || request.code == ProblemCode.bodyTooLarge.rawValue
    }

    /// What a sender is told whose request was taken, but could not be stored.
    package static var notStored: Problem {
        Problem(
            status: 503,
            code: .journalUnavailable,
            detail: "The request could not be stored; send it again later.",
            retryAfterSeconds: 5
        )
    }
}
