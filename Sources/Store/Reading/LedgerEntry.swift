package import Journal
package import Primitives

/// A request as the ledger shows it.
package struct LedgerEntry: Sendable {
    /// The request as it came.
    package let request: ReceivedRequest
    /// What became of it, by now: one that was held may have been delivered, or have expired, since.
    package let status: ReceivedRequest.Status
    /// The run it went to; nil where it went to none, or started runs.
    package let run: UUIDv7?
    /// The journal number it stands under.
    package let number: UInt64
    /// The node that decided it.
    package let node: NodeID
}

extension LedgerEntry {
    /// The entry as a line of a list.
    package var line: LedgerLine {
        LedgerLine(
            id: request.id,
            time: request.time,
            endpoint: request.endpoint,
            status: status,
            code: request.code,
            note: LedgerNote.summary(request.note),
            key: request.key,
            hasItems: !request.items.isEmpty,
            run: run,
            bodyBytes: request.body.count,
            verdict: request.verdict
        )
    }
}
