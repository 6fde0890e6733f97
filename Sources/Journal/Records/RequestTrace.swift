package import Primitives

/// What the ledger keeps of a request beside its body; taken only where there is a journal to keep it in.
package struct RequestTrace: Sendable {
    /// What its head says.
    let head: TraceHead
    /// When it came.
    package let time: WallTime
    /// The request that it repeats at a person's wish.
    package let replayOf: UUIDv7?
    /// What the verification of its sender came to; nil where nobody was to verify it.
    package let verdict: SenderVerdict?

    /// Puts together what is kept of a request.
    package init(
        head: TraceHead,
        time: WallTime,
        replayOf: UUIDv7?,
        verdict: SenderVerdict? = nil
    ) {
        self.head = head
        self.time = time
        self.replayOf = replayOf
        self.verdict = verdict
    }

    /// The entry of the ledger.
    package func entry(
        _ requestID: UUIDv7,
        endpoint: String,
        body: [UInt8],
        _ fate: RequestFate
    ) -> ReceivedRequest {
        ReceivedRequest(
            id: requestID,
            time: time,
            endpoint: endpoint,
            method: head.method,
            target: head.target,
            peer: head.peer,
            headers: head.headers,
            body: body,
            status: fate.status,
            code: fate.code?.rawValue ?? "",
            note: fate.note,
            key: fate.key,
            replayOf: replayOf,
            items: fate.items,
            verdict: verdict
        )
    }
}

/// What became of a request, for the ledger.
package struct RequestFate: Sendable {
    /// What became of it.
    package let status: ReceivedRequest.Status
    /// The stable word for a refusal; nil otherwise.
    var code: ProblemCode?
    /// A sentence for a person.
    package var note: String
    /// The key it was read to have.
    package var key: [UInt8]
    /// The keys that its items were read to have.
    package var items: ItemPrints

    /// Says what became of a request.
    package init(
        status: ReceivedRequest.Status,
        code: ProblemCode? = nil,
        note: String = "",
        key: [UInt8] = [],
        items: ItemPrints = ItemPrints()
    ) {
        self.status = status
        self.code = code
        self.note = note
        self.key = key
        self.items = items
    }
}
