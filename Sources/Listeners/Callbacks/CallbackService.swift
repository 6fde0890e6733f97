package import Executor
internal import Expressions
internal import HTTPEngine
internal import HTTPWire
package import JSONWire
package import Journal
package import Loops
package import Primitives
internal import Rendezvous
package import Runs

/// Decides whole requests of callback endpoints, one callback or many, on a loop or on a worker.
///
/// May be used on any thread; one for the process.
package final class CallbackService: Sendable {
    private let matcher: CallbackMatcher
    private let commit: JournalCommit
    private let gateways: GatewayAddresses
    private let pool: WorkerPool
    private let recorder: RequestRecorder

    /// Makes a service before the matcher.
    package init(
        matcher: CallbackMatcher,
        commit: JournalCommit,
        gateways: GatewayAddresses,
        pool: WorkerPool,
        recorder: RequestRecorder
    ) {
        self.recorder = recorder
        self.matcher = matcher
        self.commit = commit
        self.gateways = gateways
        self.pool = pool
    }

    /// Makes the batches of one loop; without one, of a thread that ends each batch itself.
    package func batch(on loop: EventLoop?) -> CallbackBatch {
        matcher.batch(on: loop, recorder: recorder)
    }

    /// Whether a decision's answer may leave at once.
    func isSettled(_ decision: CallbackDecision) -> Bool {
        commit.isSettled(decision.number)
    }

    /// What the ledger will keep of a request; nil where nothing is written.
    ///
    /// `known` are the calling loop's own.
    func trace(_ request: borrowing Request, known: LedgerHeadCache) -> RequestTrace? {
        recorder.trace(request, known: known)
    }

    /// Has the ledger note a request of a listener for a path where nothing is.
    func noteMissed(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ listener: String,
        _ problem: Problem
    ) {
        recorder.noteRefused(request, body: body, endpoint: listener, problem)
    }

    /// Has the ledger note a request that never came to be decided.
    func noteRefused(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ endpoint: CallbackEndpoint,
        _ problem: Problem
    ) {
        recorder.noteRefused(
            request,
            body: body,
            endpoint: endpoint.settings.name,
            problem,
            without: endpoint.settings.rules.redacted
        )
    }

    /// Decides a request; `scanner` and `batch` are the calling thread's own.
    package func decide(
        _ form: RequestBody,
        _ sent: RawSpan,
        _ head: Head,
        now: Instant,
        scanner: JSONScanner,
        batch: CallbackBatch
    ) -> CallbackDecision {
        let copy =
            head.trace == nil
            ? [] : recorder.kept(sent, form, without: head.endpoint.settings.rules.redacted)
        return form.withDecoded(sent, limit: head.endpoint.bodyBytesMax) { form, body, problem in
            if let problem {
                noteRefused(head, copy, problem)
                return .refused(problem)
            }
            return decide(form, body, copy, head, now: now, scanner: scanner, batch: batch)
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
        batch: CallbackBatch
    ) -> CallbackDecision {
        // Of a bulk request each item has a record of its own.
        let size = head.endpoint.isBulk ? 0 : body.byteCount
        if let refusal = recorder.refusal(callbackBytes: size) {
            noteRefused(head, copy, refusal)
            return .refused(refusal)
        }
        let single = head.endpoint.isBulk ? nil : head.entry(body: copy)
        let call = Call(
            origin: CallbackMatcher.Origin(
                endpoint: head.endpoint,
                requestID: head.requestID,
                now: now,
                entry: single,
                notesItems: head.endpoint.isBulk && head.trace != nil,
                facts: head.facts,
                isReplay: head.trace?.replayOf != nil,
                batch: batch
            ),
            hasLines: form.isLines,
            mistake: form.mistake(body)
        )
        guard let trace = head.trace else { return decide(form, body, scanner, call) }
        var decision = decide(form, body, scanner, call)
        if let fate = decision.fate {
            let name = head.endpoint.settings.name
            let entry = recorder.note(trace, head.requestID, name, body: copy, fate)
            // What is acknowledged stands in the ledger before the answer leaves.
            if case .fast = decision.answer, decision.number != 0 {
                decision.number = max(decision.number, entry)
            }
        }
        return decision
    }

    private func decide(
        _ form: RequestBody,
        _ body: RawSpan,
        _ scanner: JSONScanner,
        _ call: Call
    ) -> CallbackDecision {
        if call.hasLines, !call.endpoint.isBulk { return .refused(RequestBody.linesRefused) }
        return form.withTree(body, scanner: scanner) { tree in
            switch tree {
            case .success(let root): decide(root, body, call)
            case .failure(let problem): .refused(problem)
            }
        }
    }

    private func noteRefused(_ head: Head, _ copy: [UInt8], _ problem: Problem) {
        guard let trace = head.trace else { return }
        let fate = RequestFate(status: .rejected, code: problem.code, note: problem.detail)
        let kept = RequestRecorder.keptOfRefused(copy)
        recorder.note(trace, head.requestID, head.endpoint.settings.name, body: kept, fate)
    }

    /// A request without its body.
    package struct Head: Sendable {
        /// The parts that the endpoint's expressions read.
        let facts: RequestFacts
        /// Where it came in.
        let endpoint: CallbackEndpoint
        /// The request's id.
        let requestID: UUIDv7
        /// What the ledger keeps of it.
        let trace: RequestTrace?

        /// Takes what came with a body.
        package init(
            facts: RequestFacts = .none,
            endpoint: CallbackEndpoint,
            requestID: UUIDv7,
            trace: RequestTrace? = nil
        ) {
            self.facts = facts
            self.endpoint = endpoint
            self.requestID = requestID
            self.trace = trace
        }

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
                let batch = batch(on: nil)
                let decision = body.bytes.withRawSpan { body in
                    decide(
                        form,
                        body,
                        head,
                        now: .now(),
                        scanner: JSONScanner(),
                        batch: batch
                    )
                }
                batch.end()
                answer(decision.naming(line), exchange)
            }
        )
    }

    /// Answers when what the decision rests on is settled: 503 where it could not be.
    private func answer(_ decision: CallbackDecision, _ exchange: PendingExchange) {
        whenSettled(decision) { $0.give(exchange) }
    }

    /// Header fields of every 2xx.
    var answerFields: [(name: String, value: String)] { recorder.answerFields }

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
        let batch = batch(on: nil)
        let decision = request.body.withRawSpan { body in
            decide(
                request.form(endpoint.settings.rules.body),
                body,
                head,
                now: .now(),
                scanner: JSONScanner(),
                batch: batch
            )
        }
        batch.end()
        whenSettled(decision, tell)
    }

    private func whenSettled(
        _ decision: CallbackDecision,
        _ tell: @escaping @Sendable (Reply) -> Void
    ) {
        commit.whenSettled(decision.number) { [recorder, commit] isCommitted in
            let fields = recorder.answerFields
            tell(decision.reply(isCommitted: isCommitted, commit, fields: fields))
        }
    }

    /// What stays the same over all items of a request.
    private struct Call {
        let origin: CallbackMatcher.Origin
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
            if call.endpoint.isBulk { return try decideBulk(root, body, call) }
            var item = root
            if let template = call.endpoint.item {
                item = try scope(root, item: root, call).item(named: template)
            }
            let callback = try read(item, of: root, call)
            matcher.prefetch(callback)
            let outcome = matcher.match(callback, body: body, call.origin)
            return CallbackDecision(outcome, status: call.endpoint.respondStatus)
        } catch {
            return .refused(call.mistake?.explaining(error) ?? error)
        }
    }

    private func decideBulk(
        _ root: ListenerScope.Tree,
        _ body: RawSpan,
        _ call: Call
    ) throws(Problem) -> CallbackDecision {
        let list =
            call.hasLines
            ? root : try scope(root, item: root, call).item(named: call.endpoint.item)
        let items = try list.items(max: call.endpoint.itemsMax)
        var tally = BulkTally()
        var ahead: [Result<Callback, Problem>] = []
        for start in stride(from: 0, to: items.count, by: Self.readAhead) {
            // One after the other each would wait for memory twice where many wait; asked for together they wait once.
            let end = min(start + Self.readAhead, items.count)
            ahead.removeAll(keepingCapacity: true)
            for index in start..<end {
                do throws(Problem) {
                    ahead.append(.success(try read(items[index], of: root, call)))
                } catch {
                    ahead.append(.failure(error))
                }
            }
            for case .success(let callback) in ahead { matcher.prefetch(callback) }
            for place in ahead.indices {
                switch ahead[place] {
                case .success(let callback):
                    let outcome = matcher.match(callback, body: body, call.origin)
                    tally.count(outcome, index: start + place)
                case .failure(let problem): tally.reject(problem, index: start + place)
                }
            }
            if end % Self.handedOnTogether == 0 { handOn(call) }
        }
        return tally.decision(status: call.endpoint.respondStatus)
    }

    /// For how many items of a bulk the keys are looked for together.
    private static var readAhead: Int { 16 }

    /// How many items of a bulk that is decided on a worker go on together, while what they brought is still near.
    private static var handedOnTogether: Int { 256 }

    private func handOn(_ call: Call) {
        if call.origin.batch.isEndedByHand { call.origin.batch.end() }
    }

    @inline(__always)
    private func read(
        _ item: ListenerScope.Tree,
        of root: ListenerScope.Tree,
        _ call: Call
    ) throws(Problem) -> Callback {
        let callback = try call.endpoint.read(
            item,
            of: root,
            mistake: call.mistake,
            matcher,
            call.origin.facts,
            gateways
        )
        if let rates = call.endpoint.keyRates {
            let refusal = callback.withKey { rates.refusal(of: $0) }
            if let refusal { throw refusal }
        }
        return callback
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
