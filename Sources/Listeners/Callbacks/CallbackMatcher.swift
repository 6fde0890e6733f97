internal import HTTPEngine
internal import JSONWire
package import Journal
internal import Loops
package import Primitives
package import Rendezvous
package import Runs

/// Takes callbacks into the waiter table and, once that is settled, to the runs they resume.
///
/// May be used on any thread; one for the process.
package final class CallbackMatcher: Sendable {
    private let table: WaiterTable
    private let commit: JournalCommit
    private let engine: RunEngine
    private let hash: FoldHash
    private let log: Log

    /// Makes an intake before a waiter table.
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

    /// What became of one callback, and the journal number its answer rests on; 0 where it rests on none.
    struct MatchOutcome {
        let answer: CallbackAnswer
        let number: UInt64
        /// The key, where the ledger is told of it apart from the callback's own record; else empty.
        var key: [UInt8] = []
        /// The print of the key, where it is that of an item and the ledger is told of it (``ItemPrints``).
        var itemPrint: UInt64?

        /// The same with the key, where the ledger wants it.
        func noting(_ key: Span<UInt8>, _ origin: Origin) -> MatchOutcome {
            if origin.notesItems {
                return MatchOutcome(
                    answer: answer,
                    number: number,
                    itemPrint: ItemPrints.print(key)
                )
            }
            guard origin.entry != nil, answer.fate != nil else { return self }
            return MatchOutcome(answer: answer, number: number, key: key.copied)
        }
    }

    /// The request that a callback came in.
    struct Origin {
        /// Where it came in.
        let endpoint: CallbackEndpoint
        /// The request's id.
        let requestID: UUIDv7
        /// The loop's present moment.
        let now: Instant
        /// What the journal keeps of a request that carried one callback; nil for others, and where nothing is written.
        let entry: ArrivalRequest?
        /// Whether it carries many, and the ledger is told of their keys.
        var notesItems = false
        /// The parts of the request beside its body that are read, or make up what its callbacks are.
        var facts = RequestFacts()
        /// Whether the request repeats one of the ledger.
        var isReplay = false
        /// What takes several decisions on together; nil where each goes on by itself.
        let batch: CallbackBatch?

        /// A callback's fingerprint as this request has it: a replay is no duplicate of what it repeats.
        func own(_ print: Fingerprint) -> Fingerprint {
            guard isReplay else { return print }
            return Fingerprint(high: print.high ^ requestID.high, low: print.low ^ requestID.low)
        }
    }

    /// What makes a callback the same one.
    struct Print {
        /// The fingerprint.
        let value: Fingerprint
        /// The one that versions before 0.2 made, where it is another: of the body alone.
        let older: Fingerprint?
    }

    /// Makes the turns of one loop, or of a worker for one request.
    func batch(on loop: EventLoop?, recorder: RequestRecorder) -> CallbackBatch {
        CallbackBatch(engine: engine, commit: commit, recorder: recorder, loop: loop)
    }

    /// Decides one callback and sees to its consequences.
    ///
    /// `bytes` is what its fingerprint is made of: the item as it came, or, where it `isNamed`, what `deduplicate_by` yields.
    func take(
        _ reading: CallbackReading,
        bytes: Span<UInt8>,
        isNamed: Bool = false,
        _ origin: Origin
    ) -> MatchOutcome {
        let key = reading.key.span
        if reading.verdict == .progress {
            return MatchOutcome(answer: .progress, number: 0).noting(key, origin)
        }
        let endpoint = origin.endpoint
        var record: CallbackRecord?
        let print = print(key: key, bytes: bytes, isNamed: isNamed, origin)
        let arrival = arrive(prepare(key, endpoint), key: key, print, origin) {
            reading.result.count
        } makeRecord: {
            let made = CallbackRecord(
                key: WaitKey(channel: endpoint.channel, bytes: reading.key),
                status: reading.status,
                result: reading.result,
                hasFailed: reading.verdict == .failure,
                requestID: origin.requestID
            )
            record = made
            return made
        }
        if let record { follow(arrival, record, print.value, origin) }
        let taken = MatchOutcome(arrival)
        tell(taken.answer, key: key, endpoint, origin.requestID)
        return taken.noting(key, origin)
    }

    /// What makes a callback the same one: its channel, its key, and what tells it (`deduplicate_by`), or its bytes with
    /// what else its request carries.
    ///
    /// The endpoint is no part of it, nor is anything that a sender changes when it repeats a callback.
    func print(
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

    /// Looks for a key ahead of its decision, so that what the table has of it comes near meanwhile; nil for no key.
    func prepare(_ key: Span<UInt8>, _ endpoint: CallbackEndpoint) -> PreparedKey? {
        guard let sought = table.prepare(channel: endpoint.channel, key: key) else { return nil }
        table.prefetchIndex(sought)
        return sought
    }

    /// Asks for what the table has of a key that was looked for some time ago.
    func prefetchNode(_ sought: PreparedKey?) {
        if let sought { table.prefetchNode(sought) }
    }

    /// Has the waiter table decide about a key that was looked for.
    func arrive(
        _ sought: PreparedKey?,
        key: Span<UInt8>,
        _ print: Print,
        _ origin: Origin,
        size: () -> Int,
        makeRecord: () -> CallbackRecord
    ) -> Arrival {
        guard let sought else { return .rejected }
        return table.arrive(
            sought,
            key: key,
            fingerprint: print.value,
            older: print.older,
            options: origin.endpoint.arriveOptions,
            now: origin.now,
            size: size,
            makeRecord: makeRecord
        )
    }

    /// Settles a decision and hands a delivered callback to its run.
    func follow(
        _ arrival: Arrival,
        _ record: CallbackRecord,
        _ fingerprint: Fingerprint,
        _ origin: Origin
    ) {
        switch arrival {
        case .delivered(let wait, let number):
            if commit.commitsAtOnce(number) {
                guard let batch = origin.batch else { return engine.resume(wait, with: record) }
                return batch.add(wait, record)
            }
            let stamp = engine.freshStamp()
            let draft = draft(record, fingerprint, origin, .delivered)
            settle(number, origin) {
                JournalRecord.writeDelivered(draft, to: wait, stamp, &$0)
            } then: { [engine] isCommitted in
                // Where it is not, the wait is open again, and the sender told to come back.
                if isCommitted { engine.resume(wait, with: record, stamp, number: number) }
            }
        case .held(let number):
            if commit.commitsAtOnce(number) { return }
            let draft = draft(record, fingerprint, origin, .held)
            let endpoint = origin.endpoint
            let until = draft.facts.time.advanced(by: endpoint.arriveOptions.holdFor)
            let listener = endpoint.settings.listenerNumber
            settle(number, origin) {
                JournalRecord.writeHeld(draft, until: until, listener: listener, &$0)
            }
        case .duplicate, .conflict, .rejected, .tooLarge, .heldFull:
            break
        }
    }

    private func settle(
        _ number: UInt64,
        _ origin: Origin,
        _ write: (inout RecordWriter) -> Void,
        then: JournalBatch.Done? = nil
    ) {
        if let batch = origin.batch { return batch.add(number, write, then: then) }
        var batch = JournalBatch()
        batch.add(number, write, then: then)
        commit.append(batch)
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
    func tell(
        _ answer: CallbackAnswer,
        key: Span<UInt8>,
        _ endpoint: CallbackEndpoint,
        _ requestID: UUIDv7
    ) {
        guard answer.logLevel >= log.level else { return }
        var text: [UInt8] = []
        for index in key.indices { text.append(key[index]) }
        log(
            answer.logLevel,
            answer.logLine,
            [
                .init("request_id", requestID.text),
                .init("key", String(decoding: text, as: UTF8.self)),
                .init("endpoint", endpoint.name),
            ]
        )
    }
}
