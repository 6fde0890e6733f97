package import Executor
internal import Expressions
internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
package import Journal
internal import Loops
package import Primitives
internal import Rendezvous
package import Runs

/// Decides whole requests of callback endpoints, one callback or many, on a loop or on a worker.
///
/// May be used on any thread; one for the process.
package final class CallbackDesk: Sendable {
    private let intake: CallbackIntake
    private let settlement: Settlement
    private let gateways: GatewayBoard
    private let pool: WorkerPool
    private let ledger: LedgerDesk

    /// Makes a desk before the intake.
    package init(
        intake: CallbackIntake,
        settlement: Settlement,
        gateways: GatewayBoard,
        pool: WorkerPool,
        ledger: LedgerDesk
    ) {
        self.ledger = ledger
        self.intake = intake
        self.settlement = settlement
        self.gateways = gateways
        self.pool = pool
    }

    /// Makes the turns of one loop.
    func turn(on loop: EventLoop) -> LoopTurn {
        intake.turn(on: loop, ledger: ledger)
    }

    /// Whether a decision's answer may leave at once.
    func isSettled(_ decision: CallbackDecision) -> Bool {
        settlement.isSettled(decision.number)
    }

    /// What the ledger will keep of a request; nil where nothing is written.
    ///
    /// `known` are the calling loop's own.
    func trace(_ request: borrowing Request, known: KnownHeads) -> RequestTrace? {
        ledger.trace(request, known: known)
    }

    /// Has the ledger note a request of a listener for a path where nothing is.
    func noteMissed(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ listener: String,
        _ problem: Problem
    ) {
        ledger.noteRefused(request, body: body, endpoint: listener, problem)
    }

    /// Has the ledger note a request that never came to be decided.
    func noteRefused(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ endpoint: CallbackEndpoint,
        _ problem: Problem
    ) {
        ledger.noteRefused(
            request,
            body: body,
            endpoint: endpoint.settings.name,
            problem,
            without: endpoint.settings.rules.redacted
        )
    }

    /// Decides a request; `scanner` and `turn` are the calling thread's own.
    func decide(
        _ form: RequestBody,
        _ sent: RawSpan,
        _ head: Head,
        now: Instant,
        scanner: JSONScanner,
        turn: LoopTurn?
    ) -> CallbackDecision {
        let copy =
            head.trace == nil
            ? [] : ledger.kept(sent, form, without: head.endpoint.settings.rules.redacted)
        return form.withDecoded(sent, limit: head.endpoint.bodyBytesMax) { form, body, problem in
            if let problem {
                noteRefused(head, copy, problem)
                return .refused(problem)
            }
            return decide(form, body, copy, head, now: now, scanner: scanner, turn: turn)
        }
    }

    /// Decides a request whose body is decoded; the ledger keeps `copy` of it.
    private func decide(
        _ form: RequestBody,
        _ body: RawSpan,
        _ copy: [UInt8],
        _ head: Head,
        now: Instant,
        scanner: JSONScanner,
        turn: LoopTurn?
    ) -> CallbackDecision {
        // Of a bulk request each item has a record of its own.
        let size = head.endpoint.isBulk ? 0 : body.byteCount
        if let refusal = ledger.refusal(callbackBytes: size) {
            noteRefused(head, copy, refusal)
            return .refused(refusal)
        }
        let single = head.endpoint.isBulk ? nil : head.entry(body: copy)
        let call = Call(
            origin: CallbackIntake.Origin(
                endpoint: head.endpoint,
                requestID: head.requestID,
                now: now,
                entry: single,
                notesItems: head.endpoint.isBulk && head.trace != nil,
                facts: head.facts,
                isReplay: head.trace?.replayOf != nil,
                turn: turn
            ),
            hasLines: form.isLines,
            mistake: form.mistake(body)
        )
        var decision =
            if call.hasLines, !head.endpoint.isBulk {
                CallbackDecision.refused(RequestBody.linesRefused)
            } else {
                form.withTree(body, scanner: scanner) { tree -> CallbackDecision in
                    switch tree {
                    case .success(let root): return decide(root, body, call)
                    case .failure(let problem): return .refused(problem)
                    }
                }
            }
        if let fate = decision.fate, let trace = head.trace {
            let name = head.endpoint.settings.name
            let entry = ledger.note(trace, head.requestID, name, body: copy, fate)
            // What is acknowledged stands in the ledger before the answer leaves.
            if case .fast = decision.answer, decision.number != 0 {
                decision.number = max(decision.number, entry)
            }
        }
        return decision
    }

    private func noteRefused(_ head: Head, _ copy: [UInt8], _ problem: Problem) {
        guard let trace = head.trace else { return }
        let fate = RequestFate(status: .rejected, code: problem.code, note: problem.detail)
        let kept = LedgerDesk.keptOfRefused(copy)
        ledger.note(trace, head.requestID, head.endpoint.settings.name, body: kept, fate)
    }

    /// A request without its body.
    struct Head: Sendable {
        /// The parts that the endpoint's expressions read.
        let facts: RequestFacts
        /// Where it came in.
        let endpoint: CallbackEndpoint
        /// The request's id.
        let requestID: UUIDv7
        /// What the ledger keeps of it.
        let trace: RequestTrace?

        fileprivate func entry(body: [UInt8]) -> ArrivalRequest? {
            trace.map { ArrivalRequest(trace: $0, body: body) }
        }
    }

    /// Decides a large request on a worker and answers it from there.
    func takeOnWorker(
        _ form: RequestBody,
        _ body: KeptBody,
        _ head: Head,
        _ line: ProblemReport.Line,
        exchange: PendingExchange
    ) {
        pool.submit(
            Work { [self] in
                let turn = intake.turn(on: nil, ledger: ledger)
                let decision = body.bytes.withRawSpan { body in
                    decide(
                        form,
                        body,
                        head,
                        now: .now(),
                        scanner: JSONScanner(),
                        turn: turn
                    )
                }
                turn.end()
                answer(decision.naming(line), exchange)
            }
        )
    }

    /// Answers when what the decision rests on is settled: 503 where it could not be.
    private func answer(_ decision: CallbackDecision, _ exchange: PendingExchange) {
        whenSettled(decision) { $0.give(exchange) }
    }

    /// Header fields of every 2xx.
    var answerFields: [(name: String, value: String)] { ledger.answerFields }

    /// Decides a request of the ledger again; `tell` is given the answer when it is settled.
    package func replay(
        _ request: ReceivedRequest,
        as id: UUIDv7,
        at endpoint: CallbackEndpoint,
        _ tell: @escaping @Sendable (Reply) -> Void
    ) {
        let head = Head(
            facts: request.facts(
                endpoint.settings.pattern,
                as: id,
                counted: endpoint.settings.countedHeaders
            ),
            endpoint: endpoint,
            requestID: id,
            trace: RequestTrace(replaying: request)
        )
        let decision = request.body.withRawSpan { body in
            decide(
                request.form(endpoint.settings.rules.body),
                body,
                head,
                now: .now(),
                scanner: JSONScanner(),
                turn: nil
            )
        }
        whenSettled(decision, tell)
    }

    private func whenSettled(
        _ decision: CallbackDecision,
        _ tell: @escaping @Sendable (Reply) -> Void
    ) {
        settlement.whenSettled(decision.number) { [ledger, settlement] isCommitted in
            let fields = ledger.answerFields
            tell(decision.reply(isCommitted: isCommitted, settlement, fields: fields))
        }
    }

    /// What stays the same over all items of a request.
    private struct Call {
        let origin: CallbackIntake.Origin
        /// Whether the body is a row of JSON texts, which are the items wherever another body has them.
        let hasLines: Bool
        /// That the body looks like JSON and was read as something else.
        let mistake: RequestBody.Mistake?

        var endpoint: CallbackEndpoint { origin.endpoint }
    }

    private func decide(
        _ root: ListenerScope.Tree,
        _ body: RawSpan,
        _ call: Call
    ) -> CallbackDecision {
        do throws(Problem) {
            if !call.endpoint.isBulk, let taken = try takeQuickly(root, root: root, call) {
                return decision(taken, call)
            }
            let item =
                call.hasLines
                ? root : try scope(root, item: root, call).item(named: call.endpoint.item)
            if call.endpoint.isBulk { return try decideBulk(item, root: root, call) }
            let scope = scope(root, item: item, call)
            let reading = try CallbackReading(scope, endpoint: call.endpoint)
            try refuse(reading, because: call.mistake, call.endpoint)
            try call.endpoint.keyRates?.take(reading.key.span)
            if let identity = try call.endpoint.deduplication?.identity(scope) {
                return decision(take(reading, identity.span, isNamed: true, call), call)
            }
            return body.withBytes { bytes in
                decision(take(reading, bytes, isNamed: false, call), call)
            }
        } catch {
            return .refused(call.mistake?.explaining(error) ?? error)
        }
    }

    /// Refuses what was read in a body that was meant as JSON and read as something else: what it says is not what was read,
    /// and a status that is not found would be a success.
    private func refuse(
        _ reading: CallbackReading,
        because mistake: RequestBody.Mistake?,
        _ endpoint: CallbackEndpoint
    ) throws(Problem) {
        guard let mistake else { return }
        let lacksStatus = endpoint.status != nil && reading.status == nil
        if lacksStatus || mistake.isForm && endpoint.readsBody { throw mistake.problem }
    }

    private func decideBulk(
        _ list: ListenerScope.Tree,
        root: ListenerScope.Tree,
        _ call: Call
    ) throws(Problem) -> CallbackDecision {
        let items = try list.items(max: call.endpoint.itemsMax)
        var tally = BulkTally()
        var ahead: [CallbackIntake.Sought?] = []
        for (index, item) in items.enumerated() {
            let place = index % Self.soughtAhead
            if place == 0 { seek(items[index...].prefix(Self.soughtAhead), root, call, &ahead) }
            if index % Self.handedOnTogether == 0 { handOn(call) }
            do throws(Problem) {
                if place < ahead.count, let sought = ahead[place],
                    let taken = intake.take(sought, call.origin)
                {
                    tally.count(taken, index: index)
                    continue
                }
                if let taken = try takeQuickly(item, root: root, call) {
                    tally.count(taken, index: index)
                    continue
                }
                let scope = scope(root, item: item, call)
                let reading = try CallbackReading(scope, endpoint: call.endpoint)
                try call.endpoint.keyRates?.take(reading.key.span)
                let identity = try call.endpoint.deduplication?.identity(scope)
                let taken =
                    identity.map { take(reading, $0.span, isNamed: true, call) }
                    ?? item.withJSONBytes { take(reading, $0, isNamed: false, call) }
                tally.count(taken, index: index)
            } catch {
                tally.reject(error, index: index)
            }
        }
        return tally.decision(status: call.endpoint.respondStatus)
    }

    private func decision(_ taken: CallbackIntake.Taken, _ call: Call) -> CallbackDecision {
        CallbackDecision(taken, status: call.endpoint.respondStatus)
    }

    /// For how many items of a bulk the keys are looked for together.
    private static var soughtAhead: Int { 16 }

    /// How many items of a bulk that is decided on a worker go on together, while what they brought is still near.
    private static var handedOnTogether: Int { 256 }

    private func handOn(_ call: Call) {
        if let turn = call.origin.turn, turn.isEndedByHand { turn.end() }
    }

    private func seek(
        _ items: ArraySlice<ListenerScope.Tree>,
        _ root: ListenerScope.Tree,
        _ call: Call,
        _ sought: inout [CallbackIntake.Sought?]
    ) {
        guard let paths = call.endpoint.quick, case .json(let body) = root else { return }
        intake.seek(paths, body: body, items: items, call.endpoint, into: &sought)
    }

    private func take(
        _ reading: CallbackReading,
        _ bytes: Span<UInt8>,
        isNamed: Bool,
        _ call: Call
    ) -> CallbackIntake.Taken {
        intake.take(reading, bytes: bytes, isNamed: isNamed, call.origin)
    }

    /// Takes a callback the quick way; nil where its endpoint or its form asks for the long one.
    private func takeQuickly(
        _ item: ListenerScope.Tree,
        root: ListenerScope.Tree,
        _ call: Call
    ) throws(Problem) -> CallbackIntake.Taken? {
        guard let paths = call.endpoint.quick, case .json(let body) = root,
            case .json(let item) = item
        else { return nil }
        return try intake.takeQuickly(
            paths,
            body: body,
            item: item,
            call.origin
        )
    }

    private func scope(
        _ root: ListenerScope.Tree,
        item: ListenerScope.Tree,
        _ call: Call
    ) -> ListenerScope {
        ListenerScope(body: root, item: item, facts: call.origin.facts, gateways: gateways.values)
    }
}

extension ListenerScope.Tree {
    /// Lends the bytes a fingerprint is made of: the JSON text as it came, or as it is written for another form.
    package func withJSONBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        switch self {
        case .json(let element): element.withRawBytes(body)
        case .value(let value): body(value.jsonBytes.span)
        }
    }
}
