internal import HTTPEngine
internal import Primitives

/// Writes every request that reached an endpoint into the journal, and refuses new ones while it takes none.
///
/// May be used on any thread. With `store: memory` it does nothing.
final class LedgerDesk: Sendable {
    private let settlement: Settlement
    private let mask: SecretMask?

    /// The most bytes that are kept of a body that was refused.
    private static let refusedBytesMax = 64 << 10
    /// The most bytes that are kept of any body; what a request did stands in records of its own.
    private static let keptBytesMax = 16 << 20

    /// Opens a desk; without a mask nothing is written.
    init(settlement: Settlement, mask: SecretMask?) {
        self.settlement = settlement
        self.mask = mask
    }

    /// What is kept of a request; nil where nothing is written.
    func trace(_ request: borrowing Request) -> RequestTrace? {
        guard let mask, !settlement.isImmediate else { return nil }
        return RequestTrace(request, mask: mask)
    }

    /// Why a request of this size is not taken at present; nil where it is.
    func refusal(bodyBytes: Int) -> Problem? {
        guard !settlement.isImmediate else { return nil }
        if let reason = settlement.refusal {
            return Problem(
                status: 503,
                code: .journalUnavailable,
                detail: "it could not be stored: \(reason); send it again later",
                retryAfterSeconds: 5
            )
        }
        return nil
    }

    /// Writes down what became of a request; nobody waits for it.
    func note(
        _ trace: RequestTrace,
        _ requestID: UUIDv7,
        _ endpoint: String,
        body: [UInt8],
        _ fate: RequestFate
    ) {
        guard settlement.refusal == nil else { return }
        let max = fate.status == .rejected ? Self.refusedBytesMax : Self.keptBytesMax
        let kept = body.count > max ? Array(body.prefix(max)) : body
        let entry = trace.entry(requestID, endpoint: endpoint, body: kept, fate)
        settlement.settle(PreparedRecord(.received(entry)))
    }

    /// What a sender is told whose request was taken, but could not be stored.
    static var notStored: Problem {
        Problem(
            status: 503,
            code: .journalUnavailable,
            detail: "it could not be stored; send it again later",
            retryAfterSeconds: 5
        )
    }
}
