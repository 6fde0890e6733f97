package import Primitives
package import Rendezvous
package import Workflows

/// One entry of the journal: something that was accepted or decided, with all that it takes to know it again.
///
/// The number it stands under is not in it. What a record says is never changed by what the configuration says later.
package enum JournalRecord: Sendable {
    /// Runs that one request, or a step of another run, has started: all of them or none; with the claims that keep the
    /// same request, or the same items of it, from starting them again.
    case began([RunBirth], [Claim])
    /// Something happened to a run.
    case advanced(UUIDv7, RunEvent, Stamp)
    /// A callback met its waiter: the wait is over under all its keys, and its run goes on.
    case delivered(WaitID, CallbackArrival, Stamp)
    /// A callback is kept for a waiter to come, against the bound of a listener.
    case held(CallbackArrival, until: WallTime, listener: Int)
    /// A wait found a callback that was held under one of these keys, which it has with this.
    case fetched(WaitID, keys: [WaitKey], CallbackRecord, Stamp)
    /// A step waits.
    case waiting(WaitID, keys: [WaitKey], deadline: WallTime)
    /// An open wait has got a further key.
    case keyAdded(WaitID, WaitKey)
    /// A wait was ended without a callback.
    case ended(WaitID, EndedHow, WallTime)
    /// A wait's deadline passed, and its run goes on.
    case timedOut(WaitID, Stamp)
    /// Nobody fetched a held callback in time; it was kept under this number.
    case unfetched(number: UInt64, WallTime)
    /// A run has ended.
    case finished(UUIDv7, RunStatus, WallTime)
    /// A request that reached an endpoint, for the ledger.
    case received(ReceivedRequest)
    /// A text that others name by its fingerprint: what a configuration was made of.
    case text(Fingerprint, [UInt8])
}

/// A run at its birth.
package struct RunBirth: Sendable {
    /// The run's id.
    package let id: UUIDv7
    /// The workflow's id.
    package let workflow: String
    /// The text of the configuration whose plan it follows.
    package let plan: Fingerprint
    /// The run whose step started it; nil for others.
    package let parent: UUIDv7?
    /// That step's try.
    package let parentAttempt: AttemptRef
    /// How many runs stand above it.
    package let depth: Int
    /// What its starter wants to find at it again, and where its result is to be sent, as JSON text; empty for nothing.
    package let labels: [UInt8]
    /// How it came to be started, and whatever later versions add.
    package let extras: BirthExtras
    /// The first event: its input and the request it was asked for by.
    package let event: RunEvent
    /// What comes with that event.
    package let stamp: Stamp

    /// Describes a run at its birth.
    package init(
        id: UUIDv7,
        workflow: String,
        plan: Fingerprint,
        parent: UUIDv7?,
        parentAttempt: AttemptRef,
        depth: Int,
        labels: [UInt8],
        extras: BirthExtras = BirthExtras(),
        event: RunEvent,
        stamp: Stamp
    ) {
        self.id = id
        self.workflow = workflow
        self.plan = plan
        self.parent = parent
        self.parentAttempt = parentAttempt
        self.depth = depth
        self.labels = labels
        self.extras = extras
        self.event = event
        self.stamp = stamp
    }
}

/// The memory of a request that started runs, so that the same one starts none again.
package struct Claim: Hashable, Sendable {
    /// What makes it the same request: of its endpoint and its `Idempotency-Key`, or what `deduplicate_by` yields.
    package let key: Fingerprint
    /// What it carried: another payload under the same key is refused; always the same for `deduplicate_by`, where the
    /// value alone counts.
    package let payload: Fingerprint
    /// Until when it is remembered.
    package let until: WallTime
    /// What the sender was told, and is told again: the answer's JSON, of an item its part of it.
    package let answer: [UInt8]

    /// Makes the memory of a request.
    package init(key: Fingerprint, payload: Fingerprint, until: WallTime, answer: [UInt8]) {
        self.key = key
        self.payload = payload
        self.until = until
        self.answer = answer
    }

    /// The same, remembered until another moment.
    package func kept(until: WallTime) -> Claim {
        Claim(key: key, payload: payload, until: until, answer: answer)
    }
}

/// One callback as it came in.
package struct CallbackArrival: Sendable {
    /// What its endpoint read: key, status, result.
    package let callback: CallbackRecord
    /// What its endpoint is called.
    package let endpoint: String
    /// What makes it the same callback.
    package let fingerprint: Fingerprint
    /// Whether it leaves its keys open to other callbacks (`reuse_keys`).
    package let reusesKey: Bool
    /// When it came.
    package let time: WallTime
    /// The request's own parts, where it carried this callback alone; those of a bulk request have a record of their own.
    package let request: ReceivedRequest?

    /// Describes a callback as it came in.
    package init(
        callback: CallbackRecord,
        endpoint: String,
        fingerprint: Fingerprint,
        reusesKey: Bool,
        time: WallTime,
        request: ReceivedRequest?
    ) {
        self.callback = callback
        self.endpoint = endpoint
        self.fingerprint = fingerprint
        self.reusesKey = reusesKey
        self.time = time
        self.request = request
    }
}

/// A request as the ledger keeps it.
package struct ReceivedRequest: Sendable {
    /// What became of a request.
    package enum Status: UInt8, Sendable, CaseIterable {
        /// It was a callback that met its waiter.
        case delivered
        /// It was a callback that is kept for a waiter to come.
        case held
        /// It said that the work is still going on.
        case progress
        /// It was the same callback, or the same request, as an earlier one.
        case duplicate
        /// It started runs.
        case triggered
        /// It carried many callbacks, which have entries of their own.
        case bulk
        /// It was refused.
        case rejected
        /// It was held, and nobody fetched it in time.
        case expired
        /// It was a question that its sender asks an address before it sends to it; it started nothing.
        case handshake
    }

    /// The request's id, as `X-Request-Id` told the sender.
    package let id: UUIDv7
    /// When it came.
    package let time: WallTime
    /// What its endpoint is called: `POST :8090/webhooks/image/completed`.
    package let endpoint: String
    /// The method.
    package let method: String
    /// The target with its query, secrets in it hidden.
    package let target: String
    /// The sender's address.
    package let peer: String
    /// The header fields, a line each (`name: value`), secret ones as keyed hashes.
    package let headers: [UInt8]
    /// The body as it came; cut where it was refused and is long.
    package let body: [UInt8]
    /// What became of it.
    package let status: Status
    /// The stable word for a refusal; empty otherwise.
    package let code: String
    /// A sentence for a person: why it was refused, which runs it started, the nearest waiting keys.
    package let note: String
    /// The key it was read to have; empty where there is none or many.
    package let key: [UInt8]
    /// The request that it repeats at a person's wish (`sluice ledger replay`).
    package let replayOf: UUIDv7?
    /// The keys that the items of a bulk request were read to have; none where it is another one, or of a version before 0.2.
    package let items: ItemPrints
    /// What the verification of its sender came to; nil where nobody was to verify it.
    package let verdict: SenderVerdict?
    /// Fields of a later minor version, as they came.
    let later: [UInt8]

    /// Describes a request.
    package init(
        id: UUIDv7,
        time: WallTime,
        endpoint: String,
        method: String,
        target: String,
        peer: String,
        headers: [UInt8],
        body: [UInt8],
        status: Status,
        code: String,
        note: String,
        key: [UInt8],
        replayOf: UUIDv7?,
        items: ItemPrints = ItemPrints(),
        verdict: SenderVerdict? = nil
    ) {
        self.id = id
        self.time = time
        self.endpoint = endpoint
        self.method = method
        self.target = target
        self.peer = peer
        self.headers = headers
        self.body = body
        self.status = status
        self.code = code
        self.note = note
        self.key = key
        self.replayOf = replayOf
        self.items = items
        self.verdict = verdict
        later = []
    }
}
