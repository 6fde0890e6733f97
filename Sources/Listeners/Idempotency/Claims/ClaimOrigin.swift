internal import HTTPEngine
internal import JSONWire
internal import Journal
internal import Primitives

/// A trigger request as the claim table knows it: what makes it, and each of its items, the same one.
///
/// Its keys are of its endpoint, so that those of two endpoints never meet.
struct ClaimOrigin {
    /// The payload of claims by `deduplicate_by`, where the value alone counts: senders change details of a repeated one.
    static let anyPayload = Fingerprint(high: 0, low: 0)

    /// The claim of the whole request, by its `Idempotency-Key`; nil where it has none.
    let whole: Fingerprint?
    /// What the request carries.
    let payload: Fingerprint
    private let deduplication: Deduplication?
    private let query: [UInt8]
    private let scope: [UInt8]
    private let table: ClaimTable

    /// Takes what is asked of a request; nothing is hashed where nobody asks.
    init(_ call: TriggerService.Call, body: RawSpan, table: ClaimTable) {
        self.table = table
        // A replay is wished for: what it asks for is started again.
        deduplication = call.trace?.replayOf == nil ? call.endpoint.deduplication : nil
        query = call.identity.query
        let isAsked = deduplication != nil || call.identity.key != nil
        let scope = isAsked ? Array(call.endpoint.name.utf8) : []
        self.scope = scope
        whole = call.identity.key.map { key in
            table.fingerprint(.header, scope, Array(key.text.utf8).span)
        }
        let query = query
        payload =
            isAsked
            ? body.withBytes { table.fingerprint(.payload, query, $0) } : Self.anyPayload
    }

    /// The claim of the whole request; nil where the endpoint has no `deduplicate_by`.
    ///
    /// Where that has no value, what the request carries stands for it.
    ///
    /// - Throws: 422 where an expression fails.
    func claim(in scope: ListenerScope) throws(Problem) -> Fingerprint? {
        guard let deduplication else { return nil }
        return try claim(by: deduplication, scope) ?? claim(byPayload: payload)
    }

    /// The claim of one item of a bulk request; nil where the endpoint has no `deduplicate_by`.
    ///
    /// Where that has no value, the item's bytes and the request's query stand for it.
    ///
    /// - Throws: 422 where an expression fails.
    func claim(
        ofItem item: ListenerScope.Tree,
        in scope: ListenerScope
    ) throws(Problem) -> Fingerprint? {
        guard let deduplication else { return nil }
        if let claim = try claim(by: deduplication, scope) { return claim }
        return claim(
            byPayload: item.withJSONBytes { table.fingerprint(.payload, query, $0) }
        )
    }

    private func claim(
        by deduplication: Deduplication,
        _ scope: ListenerScope
    ) throws(Problem) -> Fingerprint? {
        guard let identity = try deduplication.identity(scope) else { return nil }
        return table.fingerprint(.value, self.scope, identity.span)
    }

    private func claim(byPayload payload: Fingerprint) -> Fingerprint {
        let bytes = [payload.high, payload.low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        return table.fingerprint(.bytes, scope, bytes.span)
    }
}
