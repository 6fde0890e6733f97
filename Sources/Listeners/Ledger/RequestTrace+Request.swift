internal import HTTPEngine
internal import HTTPWire
internal import Journal
internal import Primitives

extension RequestTrace {
    /// Takes what is kept of a request; `known` are heads that were seen before, where there are such.
    init(
        _ request: borrowing Request,
        mask: RequestRedactor,
        known: LedgerHeadCache? = nil,
        verdict: SenderVerdict? = nil
    ) {
        self.init(
            head: known?.head(of: request, mask: mask) ?? TraceHead(request, mask: mask),
            time: .now(),
            replayOf: nil,
            verdict: verdict
        )
    }

    /// Takes what is kept of a request that repeats one of the ledger.
    init(replaying request: ReceivedRequest) {
        self.init(
            head: TraceHead(
                method: request.method,
                target: request.target,
                peer: request.peer,
                headers: request.headers
            ),
            time: .now(),
            replayOf: request.id,
            verdict: request.verdict.map { verdict in
                // Refused ones are replayed at a person's wish alone.
                verdict.state == .refused
                    ? SenderVerdict(.acceptedUnverified, by: verdict.verifier) : verdict
            }
        )
    }
}

extension TraceHead {
    /// Takes what is kept of a request's head.
    convenience init(_ request: borrowing Request, mask: RequestRedactor) {
        self.init(
            method: request.method.name,
            target: mask.target(request.target { mask.hidden($0) }),
            peer: request.clientAddress,
            headers: mask.lines(of: request)
        )
    }
}
