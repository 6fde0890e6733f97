internal import HTTPEngine
internal import JSONWire
internal import Journal
internal import Listeners
internal import Primitives
internal import Runs
internal import Workflows

/// Cancelling runs, and answering what they ask.
extension ControllerAPI {
    /// Cancels a run and answers with its state, at its end unless the request would not wait for that.
    func cancel(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let asked = try BodyMap.flag(BodyMap.read(body), "wait_for_completion")
        let waits = try Self.flag(request, "wait_for_completion") ?? asked ?? true
        withRun(request, exchange, fields) { [self] (run, pending) throws(Problem) in
            let isAsked = engine.cancel(run.id, reason: "cancelled through the API") {
                [alarms, engine] outcome in
                if let problem = outcome.problem(engine.commit) {
                    return Reply.problem(problem).adding(fields).give(pending)
                }
                guard waits else { return Self.state(of: run, fields).give(pending) }
                PatientAnswer(exchange: pending, patience: nil, alarms: alarms)
                    .wait(for: run) { _ in
                        Self.state(of: run, fields)
                    } late: {
                        Self.state(of: run, fields)
                    }
            }
            if !isAsked { throw Self.finished }
        }
    }

    /// Answers what a run asks a person, and tells its state after that.
    func resume(
        _ request: borrowing Request,
        _ body: RawSpan,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) throws(Problem) {
        let given = try BodyMap.read(body)
        withRun(request, exchange, fields) { [engine] (run, pending) throws(Problem) in
            let view = run.view
            if view.status.isFinished { throw Self.finished }
            let answers = try Self.answers(given, to: view.interrupts)
            let problem = Lock<Problem?>(nil)
            let left = Countdown(answers.count) {
                let reply = problem.withLock { $0 }.map { Reply.problem($0).adding(fields) }
                (reply ?? Self.state(of: run, fields)).give(pending)
            }
            for answer in answers {
                engine.answer(run, interrupt: answer.id, answer.value) { outcome in
                    if let found = outcome.problem(engine.commit) {
                        problem.withLock { $0 = found }
                    }
                    left.count()
                }
            }
        }
    }

    /// Lets a failed run go on from its failed step, and tells its state once it does.
    func retry(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) {
        withRun(request, exchange, fields) { [engine] (run, pending) throws(Problem) in
            engine.retry(run.id) { outcome in
                let reply = outcome.problem(engine.commit).map {
                    Reply.problem($0).adding(fields)
                }
                (reply ?? Self.state(of: run, fields)).give(pending)
            }
        }
    }

    private static func state(of run: RunActor, _ fields: ControllerHandler.Fields) -> Reply {
        Reply.response(.json(200, RunReport.of(run).jsonBytes)).adding(fields)
    }

    fileprivate static var notFailed: Problem {
        Problem(
            status: 409,
            code: .taskNotFailed,
            detail:
                "Only a task that has failed, and was not started by another task, can be retried."
        )
    }

    fileprivate static var finished: Problem {
        Problem(status: 409, code: .taskFinished, detail: "The task has already finished.")
    }

    private typealias Answer = (id: String, value: JSONValue?)

    /// The answers of a body, all of them to questions that are open.
    private static func answers(
        _ body: JSONObject,
        to open: [InterruptView]
    ) throws(Problem) -> [Answer] {
        let known = ["job_id", "run_id", "answer"]
        if let unknown = body.members.first(where: { !known.contains($0.name) }) {
            throw BodyMap.invalid(
                "Unknown member `\(unknown.name.prefix(64))`; known are \(known.joined(separator: ", "))."
            )
        }
        guard !open.isEmpty else {
            throw Problem(
                status: 409,
                code: .notInterrupted,
                detail: "The task is not waiting for an answer."
            )
        }
        if let job = try BodyMap.text(body, "job_id") {
            guard let asked = open.first(where: { $0.step == job }) else {
                throw notAsked(job, open)
            }
            return [(asked.id, body["answer"])]
        }
        guard case .object(let answers)? = body["answer"], !answers.isEmpty else {
            throw BodyMap.invalid(
                "`answer` must be an object from interrupt_id to the answer, or `job_id` must name the job."
            )
        }
        for member in answers.members where !open.contains(where: { $0.id == member.name }) {
            throw notAsked(member.name, open)
        }
        return answers.members.map { ($0.name, $0.value) }
    }

    private static func notAsked(_ name: String, _ open: [InterruptView]) -> Problem {
        Problem(
            status: 409,
            code: .notInterrupted,
            detail: "There is no question `\(name.prefix(128))`; open are "
                + open.map { "\($0.id) (job \($0.step))" }.joined(separator: ", ") + "."
        )
    }
}

extension SteeringOutcome {
    /// Why it was not done, as an HTTP answer; nil where it was.
    fileprivate func problem(_ commit: JournalCommit) -> Problem? {
        switch self {
        case .stored: nil
        case .notStored(let number):
            number.map { commit.notStored($0) } ?? RequestRecorder.notStored
        case .tooLarge:
            Problem(
                status: 413,
                code: .stateTooLarge,
                detail: "The answer is too large to be stored."
            )
        case .over: ControllerAPI.finished
        case .notFailed: ControllerAPI.notFailed
        case .refused(let refusal): refusal.problem
        }
    }
}
