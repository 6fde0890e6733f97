internal import HTTPEngine
internal import Journal
internal import Primitives

/// What verifying says of a request, for the ledger.
///
/// The one place where it is handed over: refusals come as a ``Problem`` whose note has the reason, and who sent a verified
/// request is ``Request/sender`` while ``LedgerDesk/trace(_:known:)`` is made.
enum SenderVerdict: Sendable {
    /// It is a question that its sender asks before it sends; which one, and by which verifier.
    case handshake(verifier: String, name: String)

    /// The entry that it makes.
    fileprivate var fate: RequestFate {
        switch self {
        case .handshake(let verifier, let name):
            RequestFate(
                status: .handshake,
                note: verifier == name
                    ? "The handshake \(name) was answered."
                    : "The handshake \(name) of \(verifier) was answered."
            )
        }
    }
}

extension LedgerDesk {
    /// Writes down a request that verifying has ended, unless there were too many in this second.
    func noteVerdict(
        _ verdict: SenderVerdict,
        _ request: borrowing Request,
        body: RawSpan,
        endpoint: String
    ) {
        guard let trace = pacedTrace(request) else { return }
        note(
            trace,
            request.requestID,
            endpoint,
            body: Self.keptOfRefused(body),
            verdict.fate
        )
    }
}
