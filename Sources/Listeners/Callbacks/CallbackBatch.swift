internal import Executor
internal import HTTPEngine
internal import Journal
internal import Loops
internal import Primitives
internal import Rendezvous
internal import Runs
internal import Workflows

/// What one loop decided about callbacks in this turn, and the answers that rest on it.
///
/// When the turn ends, all of it goes on together: to the journal in one batch, or to the runs with one worker woken; and
/// the answers leave together when the last of them may. Bound to its loop; one without a loop belongs to a worker, which
/// ends it by hand and gives its answers itself.
package final class CallbackBatch {
    private let engine: RunEngine
    private let commit: JournalCommit
    private let recorder: RequestRecorder
    private let loop: EventLoop?
    private var matched: [RunEngine.Match] = []
    private var decided = JournalBatch()
    private var answers: [Answer] = []
    private var isEndAwaited = false

    /// An answer that is owed.
    private struct Answer: Sendable {
        let exchange: PendingExchange
        let decision: CallbackDecision

        /// Answers on the loop of the connection.
        func give(_ commit: JournalCommit, _ recorder: RequestRecorder, on loop: EventLoop) {
            guard commit.status(of: decision.number) == true, recorder.answerFields.isEmpty,
                case .fast(let status, let body) = decision.answer
            else { return give(commit, recorder) }
            exchange.respondFast(status: status, body: body.span, on: loop)
        }

        /// Answers from any thread.
        func give(_ commit: JournalCommit, _ recorder: RequestRecorder) {
            commit.whenSettled(decision.number) { isCommitted in
                let fields = recorder.answerFields
                decision.reply(isCommitted: isCommitted, commit, fields: fields).give(exchange)
            }
        }
    }

    /// Makes the turns of a loop, or of a worker.
    init(engine: RunEngine, commit: JournalCommit, recorder: RequestRecorder, loop: EventLoop?) {
        self.engine = engine
        self.commit = commit
        self.recorder = recorder
        self.loop = loop
    }

    /// Takes a callback that ended a wait: its run gets it when the match is final.
    ///
    /// `draft` is what is journaled of it.
    func deliver(
        _ callback: CallbackRecord,
        to wait: WaitID,
        under number: UInt64,
        _ draft: () -> ArrivalDraft
    ) {
        commit.follow(number) {
            keep(RunEngine.Match(wait: wait, callback: callback))
        } later: {
            let stamp = engine.freshStamp()
            let draft = draft()
            keep(number) {
                JournalRecord.writeDelivered(draft, to: wait, stamp, &$0)
            } then: { [engine] isCommitted in
                // Where it is not, the wait is open again, and the sender told to come back.
                if isCommitted { engine.resume(wait, with: callback, stamp, number: number) }
            }
        }
        awaitEnd()
    }

    /// Takes a callback that is held for a waiter to come.
    ///
    /// `draft` is what is journaled of it.
    func hold(
        under number: UInt64,
        _ endpoint: CallbackEndpoint,
        _ draft: () -> ArrivalDraft
    ) {
        commit.follow(number) {
            let draft = draft()
            let until = draft.facts.time.advanced(by: endpoint.arriveOptions.holdFor)
            let listener = endpoint.settings.listenerNumber
            keep(number) {
                JournalRecord.writeHeld(draft, until: until, listener: listener, &$0)
            }
            awaitEnd()
        }
    }

    private func keep(_ match: RunEngine.Match) {
        // Taken in hand: two short accesses to the property instead of one that is checked while it lasts.
        var all: [RunEngine.Match] = []
        swap(&all, &matched)
        if all.isEmpty { all.reserveCapacity(64) }
        all.append(match)
        swap(&all, &matched)
    }

    private func keep(
        _ number: UInt64,
        _ write: (inout RecordWriter) -> Void,
        then: JournalBatch.Done? = nil
    ) {
        var batch = JournalBatch()
        swap(&batch, &decided)
        batch.add(number, write, then: then)
        swap(&batch, &decided)
    }

    /// Takes an answer that leaves when what it rests on is settled.
    func add(_ exchange: PendingExchange, _ decision: CallbackDecision) {
        answers.append(Answer(exchange: exchange, decision: decision))
        awaitEnd()
    }

    private func awaitEnd() {
        guard let loop, !isEndAwaited else { return }
        isEndAwaited = true
        loop.defer { self.end() }
    }

    /// Whether somebody has to end it by hand.
    var isEndedByHand: Bool { loop == nil }

    /// Has what was decided since the last time go on.
    package func end() {
        isEndAwaited = false
        if !matched.isEmpty { handOver() }
        if !decided.isEmpty {
            var batch = JournalBatch(like: decided)
            swap(&batch, &decided)
            commit.append(batch)
        }
        if !answers.isEmpty { answerWhenSettled() }
    }

    private func handOver() {
        var all: [RunEngine.Match] = []
        swap(&all, &matched)
        if loop == nil { return engine.resume(all) }
        engine.pool.submit(Work { [engine, all] in engine.resume(all) })
    }

    private func answerWhenSettled() {
        var all: [Answer] = []
        swap(&all, &answers)
        let last = all.reduce(0) { max($0, $1.decision.number) }
        let (port, commit, recorder) = (loop?.port, commit, recorder)
        // Numbers are settled in order: with the last of them all are.
        commit.whenSettled(last) { [all] _ in
            let isPosted = port?.post { loop in
                for answer in all { answer.give(commit, recorder, on: loop) }
            }
            if isPosted != true { for answer in all { answer.give(commit, recorder) } }
        }
    }
}

@available(*, unavailable)
extension CallbackBatch: Sendable {}
