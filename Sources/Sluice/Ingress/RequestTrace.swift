internal import HTTPEngine
internal import HTTPWire
internal import Primitives

/// What the ledger keeps of a request beside its body; taken only where there is a journal to keep it in.
struct RequestTrace: Sendable {
    /// What its head says.
    let head: TraceHead
    /// When it came.
    let time: WallTime
    /// The request that it repeats at a person's wish.
    let replayOf: UUIDv7?

    /// The entry of the ledger.
    func entry(
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
            items: fate.items
        )
    }
}

/// What became of a request, for the ledger.
struct RequestFate: Sendable {
    /// What became of it.
    let status: ReceivedRequest.Status
    /// The stable word for a refusal; nil otherwise.
    var code: ProblemCode?
    /// A sentence for a person.
    var note = ""
    /// The key it was read to have.
    var key: [UInt8] = []
    /// The keys that its items were read to have.
    var items = ItemPrints()
}

extension RequestTrace {
    /// Takes what is kept of a request; `known` are heads that were seen before, where there are such.
    init(_ request: borrowing Request, mask: SecretMask, known: KnownHeads? = nil) {
        head = known?.head(of: request, mask: mask) ?? TraceHead(request, mask: mask)
        time = .now()
        replayOf = nil
    }

    /// Takes what is kept of a request that repeats one of the ledger.
    init(replaying request: ReceivedRequest) {
        head = TraceHead(
            method: request.method,
            target: request.target,
            peer: request.peer,
            headers: request.headers
        )
        time = .now()
        replayOf = request.id
    }
}
