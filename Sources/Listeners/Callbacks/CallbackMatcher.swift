internal import HTTPEngine
internal import JSONWire
package import Journal
internal import Loops
package import Primitives
package import Rendezvous
package import Runs

// The way of a callback, from its body to its run
// ===============================================
//
//   loop or worker                                                                             worker
//   ──────────────                                                                             ──────
//   CallbackHandler ─▶ CallbackService ─▶ CallbackEndpoint ─▶ CallbackMatcher ─▶ CallbackBatch ─▶ RunEngine
//     one a loop         decide: one        read: a Callback    match: prints it,   what a turn     the run's
//     answers            body, one or       in place or         asks the waiter     decided, and    mailbox
//       ▲                many callbacks     evaluated           table, reports      its answers
//       └──────────────────────────────────────────────────────────────────────────────┘
//                         the answer leaves when what it rests on is settled
//
// One value. A `Callback` is a key, a verdict, a status and a result, and where each of them stands. It is made in one of two
// ways. Most endpoints only name parts of a JSON body; their callbacks are read in place (`FastPath`): four elements that point
// into the scanned text, nothing allocated. All others have their expressions evaluated (`ListenerScope`), which can do
// everything and allocates. `CallbackEndpoint.read` picks one; behind it nobody asks which it was. Where both can read a body
// they read the same: a test holds them against each other over a table of endpoints and bodies.
//
// One decision. `match` is the only way to the waiter table: it makes the fingerprint, has the table decide under one shard's
// lock, makes the record (the one allocation of a delivered callback), hands both to the batch, and reports to the log. The table
// calls back for the record, because a held one is kept by it, and a repeated or refused one needs none.
//
// Memory. In a large table each look misses the caches twice: the index slot of the key, and the node it leads to. So a key
// is looked for as soon as it is read (`prepare`, which prefetches the slot), its node when the rest is read (`prefetch`), and
// it is decided last. In a bulk sixteen items are read, then all their nodes are asked for, then they are decided: they wait
// together.
//
// One turn. What a loop decided until its turn ends goes on together (`CallbackBatch`): to the journal in one append, or, where
// nothing is written, to the runs with one worker woken. Answers that rest on numbers not yet settled leave with the last
// of them. Whether something is written is nobody's question here: `JournalCommit.follow` is told what follows at once
// and what follows later.
//
// Example. A body of 194 bytes for `identify_by: ${body.task_id}`: the scanner validates it (1,770 instructions), `read` finds
// three members and prepares the key, `match` prints channel, key and item, the table ends the wait under number 17, the record
// is one allocation, `deliver` puts it into the batch; the answer is `200 {"status":"delivered"}`. `make bench-check` counts
// these stages in the server's own code.
//
// Bodies above 256 KiB are decided on a worker by the same code, with a batch of its own that it ends every 256 items, while
// what they brought is near.
//
// Not a goal: waiting for a run (a sender is answered by the decision alone), changing what an endpoint reads by what
// was read before, telling the two ways of reading apart anywhere but in `read`.

/// Takes callbacks into the waiter table and, once that is settled, to the runs they resume.
///
/// May be used on any thread; one for the process.
package final class CallbackMatcher: Sendable {
    private let table: WaiterTable
    private let commit: JournalCommit
    private let engine: RunEngine
    private let hash: FoldHash
    private let log: Log

    /// Makes a matcher before a waiter table.
    ///
    /// - Parameters:
    ///   - table: Decides.
    ///   - commit: Has decisions settled.
    ///   - engine: Whose runs wait.
    ///   - fingerprintKey: The secret that fingerprints are made with: the same after a restart, where marks survive it.
    ///   - log: Where lines go.
    package init(
        table: WaiterTable,
        commit: JournalCommit,
        engine: RunEngine,
        fingerprintKey: (UInt64, UInt64),
        log: Log
    ) {
        self.table = table
        self.commit = commit
        self.engine = engine
        self.log = log
        hash = FoldHash(key: fingerprintKey)
    }

    /// The request that a callback came in.
    package struct Origin {
        /// Where it came in.
        let endpoint: CallbackEndpoint
        /// The request's id.
        let requestID: UUIDv7
        /// The loop's present moment.
        let now: Instant
        /// What the journal keeps of a request that carried one callback; nil for others, and where nothing is written.
        let entry: ArrivalRequest?
        /// Whether it carries many, and the ledger is told of their keys.
        let notesItems: Bool
        /// The parts of the request beside its body that are read, or make up what its callbacks are.
        let facts: RequestFacts
        /// Whether the request repeats one of the ledger.
        let isReplay: Bool
        /// What takes decisions on together.
        let batch: CallbackBatch

        /// Describes a request.
        package init(
            endpoint: CallbackEndpoint,
            requestID: UUIDv7,
            now: Instant,
            entry: ArrivalRequest? = nil,
            notesItems: Bool = false,
            facts: RequestFacts = .none,
            isReplay: Bool = false,
            batch: CallbackBatch
        ) {
            self.endpoint = endpoint
            self.requestID = requestID
            self.now = now
            self.entry = entry
            self.notesItems = notesItems
            self.facts = facts
            self.isReplay = isReplay
            self.batch = batch
        }

        /// A callback's fingerprint as this request has it: a replay is no duplicate of what it repeats.
        fileprivate func own(_ print: Fingerprint) -> Fingerprint {
            guard isReplay else { return print }
            return Fingerprint(high: print.high ^ requestID.high, low: print.low ^ requestID.low)
        }
    }

    /// What makes a callback the same one.
    private struct Print {
        /// The fingerprint.
        let value: Fingerprint
        /// The one that versions before 0.2 made, where it is another: of the body alone.
        let older: Fingerprint?
    }

    /// Makes the batches of one loop, or of a thread that ends each batch itself.
    func batch(on loop: EventLoop?, recorder: RequestRecorder) -> CallbackBatch {
        CallbackBatch(engine: engine, commit: commit, recorder: recorder, loop: loop)
    }

    /// Looks for a key ahead of its decision, so that what the table has of it comes near meanwhile; nil for no key.
    @inline(__always)
    func prepare(_ key: Span<UInt8>, _ channel: Channel) -> PreparedKey? {
        guard let place = table.prepare(channel: channel, key: key) else { return nil }
        table.prefetchIndex(place)
        return place
    }

    /// Asks for what the table has of a callback's key, which was looked for some time ago.
    package func prefetch(_ callback: borrowing Callback) {
        if let place = callback.place { table.prefetchNode(place) }
    }

    /// Decides one callback and sees to its consequences.
    ///
    /// - Parameters:
    ///   - callback: The callback, its key looked for.
    ///   - body: The body of the request that it came in.
    ///   - origin: That request.
    /// - Returns: What became of it.
    package func match(_ callback: Callback, body: RawSpan, _ origin: Origin) -> MatchOutcome {
        callback.withKey { key in
            if callback.verdict == .progress {
                return MatchOutcome(answer: .progress, number: 0).noting(key, origin)
            }
            return callback.withContent(of: body) { content, isNamed in
                let print = print(key: key, bytes: content, isNamed: isNamed, origin)
                return decide(callback, key: key, print, origin)
            }
        }
    }

    @inline(__always)
    private func decide(
        _ callback: Callback,
        key: Span<UInt8>,
        _ print: Print,
        _ origin: Origin
    ) -> MatchOutcome {
        let endpoint = origin.endpoint
        var record: CallbackRecord?
        var arrival = Arrival.rejected
        if let place = callback.place {
            arrival = table.arrive(
                place,
                key: key,
                fingerprint: print.value,
                older: print.older,
                options: endpoint.arriveOptions,
                now: origin.now
            ) {
                callback.resultCount
            } makeRecord: {
                let made = callback.record(key: key, endpoint.channel, origin.requestID)
                record = made
                return made
            }
        }
        if let record { follow(arrival, record, print.value, origin) }
        let outcome = MatchOutcome(arrival)
        report(outcome.answer, key: key, endpoint, origin.requestID)
        return outcome.noting(key, origin)
    }

    /// What makes a callback the same one: its channel, its key, and what tells it (`deduplicate_by`), or its bytes with
    /// what else its request carries.
    ///
    /// The endpoint is no part of it, nor is anything that a sender changes when it repeats a callback.
    private func print(
        key: Span<UInt8>,
        bytes: Span<UInt8>,
        isNamed: Bool = false,
        _ origin: Origin
    ) -> Print {
        let channel = origin.endpoint.channel.number
        let print = hash.hash(channel, key, bytes)
        if isNamed || !origin.facts.isCarrying {
            return Print(value: origin.own(print), older: nil)
        }
        let all = Self.print(print, with: origin.facts.carried, channel, hash)
        return Print(value: origin.own(all), older: origin.isReplay ? nil : print)
    }

    /// The fingerprint of a callback whose body has that one, and whose request carries more than its body.
    package static func print(
        _ body: Fingerprint,
        with carried: CarriedParts,
        _ channel: UInt32,
        _ hash: FoldHash
    ) -> Fingerprint {
        let bytes = [body.high, body.low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * UInt64($0))) }
        }
        return hash.hash(channel, bytes.span, carried.bytes.span)
    }

    /// Has a decision committed, and what follows from it happen in its order.
    private func follow(
        _ arrival: Arrival,
        _ record: CallbackRecord,
        _ fingerprint: Fingerprint,
        _ origin: Origin
    ) {
        switch arrival {
        case .delivered(let wait, let number):
            origin.batch.deliver(record, to: wait, under: number) {
                draft(record, fingerprint, origin, .delivered)
            }
        case .held(let number):
            origin.batch.hold(under: number, origin.endpoint) {
                draft(record, fingerprint, origin, .held)
            }
        case .duplicate, .conflict, .rejected, .tooLarge, .heldFull:
            break
        }
    }

    private func draft(
        _ record: CallbackRecord,
        _ fingerprint: Fingerprint,
        _ origin: Origin,
        _ status: ReceivedRequest.Status
    ) -> ArrivalDraft {
        ArrivalDraft(
            callback: record,
            facts: ArrivalFacts(
                endpoint: origin.endpoint.settings.name,
                fingerprint: fingerprint,
                reusesKey: origin.endpoint.arriveOptions.reuseKeys,
                time: origin.entry?.trace.time ?? .now()
            ),
            request: origin.entry,
            status: status
        )
    }

    /// Logs what became of a callback.
    private func report(
        _ answer: CallbackAnswer,
        key: Span<UInt8>,
        _ endpoint: CallbackEndpoint,
        _ requestID: UUIDv7
    ) {
        guard answer.logLevel >= log.level else { return }
        log(
            answer.logLevel,
            answer.logLine,
            [
                .init("request_id", requestID.text),
                .init("key", String(utf8: key)),
                .init("endpoint", endpoint.name),
            ]
        )
    }
}
