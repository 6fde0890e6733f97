internal import HTTPEngine
internal import JSONWire
internal import Primitives
internal import Workflows

/// Cancelling runs, and answering what they ask.
extension ControllerDesk {
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
            guard engine.cancel(run.id, reason: "cancelled through the API") else {
                throw Self.finished
            }
            guard waits else {
                return Reply.response(.json(200, RunReport.of(run).jsonBytes)).adding(fields)
                    .give(pending)
            }
            PatientAnswer(exchange: pending, patience: nil, alarms: alarms)
                .wait(for: run) { _ in
                    .response(.json(200, RunReport.of(run).jsonBytes)).adding(fields)
                } late: {
                    .response(.json(200, RunReport.of(run).jsonBytes))
                }
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
        withRun(request, exchange, fields) { (run, pending) throws(Problem) in
            let view = run.view
            if view.status.isFinished { throw Self.finished }
            for answer in try Self.answers(given, to: view.interrupts) {
                run.send(.event(.answered(interrupt: answer.id, answer.value)))
            }
            run.send(
                .reached {
                    Reply.response(.json(200, RunReport.of(run).jsonBytes)).adding(fields)
                        .give(pending)
                }
            )
        }
    }

    /// Lets a failed run go on from its failed step, and tells its state once it does.
    func retry(
        _ request: borrowing Request,
        _ exchange: borrowing Exchange,
        _ fields: ControllerHandler.Fields
    ) {
        withRun(request, exchange, fields) { [self] (run, pending) throws(Problem) in
            let isTakenUp: Bool
            do throws(StartRefusal) {
                isTakenUp = try engine.retry(run.id)
            } catch {
                throw error.problem
            }
            guard isTakenUp else { throw Self.notFailed }
            run.send(
                .reached {
                    Reply.response(.json(200, RunReport.of(run).jsonBytes)).adding(fields)
                        .give(pending)
                }
            )
        }
    }

    private static var notFailed: Problem {
        Problem(
            status: 409,
            code: .taskNotFailed,
            detail:
                "only a task that has failed, and that no other task started, can be tried again"
        )
    }

    private static var finished: Problem {
        Problem(status: 409, code: .taskFinished, detail: "the task has finished already")
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
                "unknown member '\(unknown.name.prefix(64))'; known are \(known.joined(separator: ", "))"
            )
        }
        guard !open.isEmpty else {
            throw Problem(
                status: 409,
                code: .notInterrupted,
                detail: "the task asks nothing at present"
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
            detail: "nothing is asked at '\(name.prefix(128))'; open are "
                + open.map { "\($0.id) (job \($0.step))" }.joined(separator: ", ")
        )
    }
}
