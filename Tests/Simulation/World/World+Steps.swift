import Executor
import JSONWire
import Journal
import Primitives
import Runs
import Workflows

/// What may happen next.
extension World {
    private enum Step: CaseIterable {
        case startRun, job, answerCall, letter, commit, fail, recover, time, cancel, answerQuestion
        case retry, absorb, crash, look, breakStore, mendStore
        case setClock, damage, repair

        /// How often it happens, among all.
        var weight: Int {
            switch self {
            case .startRun: 6
            case .job: 34
            case .answerCall: 12
            case .letter: 14
            case .commit: 14
            case .fail: 1
            case .recover: 5
            case .time: 5
            case .cancel: 1
            case .answerQuestion: 3
            case .retry: 1
            case .absorb: 5
            case .crash: 2
            case .look: 3
            case .breakStore: 1
            case .mendStore: 4
            case .setClock: 1
            case .damage: 1
            case .repair: 3
            }
        }
    }

    private static let steps = Step.allCases.flatMap { Array(repeating: $0, count: $0.weight) }

    /// Does one thing.
    func takeStep() {
        switch Self.steps[draw(Self.steps.count)] {
        case .startRun: startRuns()
        case .job: doJob()
        case .answerCall: answerCall(failing: chance(1, in: 5))
        case .letter: sendLetter()
        case .commit: life.journal.commit(1 + draw(8))
        case .fail: breakJournal()
        case .recover: life.journal.recover { [unowned self] in sendLetter() }
        case .time: passTime(pick([1, 500, 2_000, 10_000, 40_000]) ?? 1)
        case .cancel: cancel()
        case .answerQuestion: answerQuestions(all: false)
        case .retry: retry()
        case .absorb: store.absorb(1 + draw(10))
        case .crash: crash()
        case .look: look()
        case .breakStore: isStoreBroken = true
        case .mendStore: isStoreBroken = false
        case .setClock: setClock()
        case .damage: if let run = pick(ledger.order) { store.damaged.insert(run) }
        case .repair: store.damaged = []
        }
    }

    /// Does what a worker would: any of the queued jobs.
    func doJob() {
        let count = life.pool.queuedCount
        guard count > 0 else { return }
        life.pool.doOne(draw(count))
    }

    private func breakJournal() {
        life.journal.commit(draw(4))
        say("the journal fails")
        tally.failures += 1
        life.journal.fail(leaving: draw(4))
    }

    private func startRuns() {
        guard ledger.order.count < 40 else { return }
        let count = chance(1, in: 8) ? 2 : 1
        let orders = (0..<count).map { _ in
            RunEngine.Order(
                workflow: pick(SamplePlans.workflows),
                input: .object(["key": .string(pick(SamplePlans.keys) ?? "")])
            )
        }
        do throws(StartRefusal) {
            let started = try life.engine.start(orders, requestID: nil)
            say("asked for \(count) runs under \(started.number)")
            life.commit.whenSettled(started.number) { [unowned self] isCommitted in
                guard isCommitted else { return }
                for id in started.ids where ledger.shadows[id] == nil {
                    violate("a run that was acknowledged is not on the disk")
                }
            }
        } catch {
            say("runs refused: \(error.message)")
        }
    }

    /// A service answers one of the calls that are open.
    func answerCall(failing: Bool) {
        let flights = life.surroundings.flights
        guard !flights.isEmpty else { return }
        let flight = life.surroundings.flights.remove(at: draw(flights.count))
        let outcome: CallOutcome
        if failing {
            outcome = .failure(CallFailure(code: .connectFailed, message: "no"))
        } else {
            let job = "job-\(draw(12))"
            if chance(1, in: 2) { keys.append(Array(job.utf8)) }
            outcome = .success(.object(["id": .string(job)]), status: 200)
        }
        say("answer to \(flight.cell.id.text.suffix(4)) \(flight.attempt), failing: \(failing)")
        flight.cell.send(.event(.responded(flight.attempt, outcome)))
    }

    /// Lets time pass, and what is due happen.
    func passTime(_ milliseconds: Int64) {
        time += milliseconds
        say("time passes")
        for timer in life.surroundings.takeDue() {
            life.engine.post(.timer(timer.timer), to: timer.run)
        }
        for body in life.surroundings.takeDueAlarms() { body() }
        life.engine.expire(now: now)
    }

    /// Somebody sets the clock, forward or back, by less than what is remembered of ends.
    private func setClock() {
        clockOffset = Int64(draw(41) - 20) * 60_000
        say("the clock is set, \(clockOffset) ms ahead")
    }

    /// A person looks at a run, which brings it into memory where it is not.
    func look() {
        guard let run = pick(ledger.order) else { return }
        say("look at \(run.text.suffix(4))")
        life.engine.find(run) { _ in }
    }
}
