internal import JSONWire
internal import TestKit

/// Looks after the trial whether everything that was acknowledged has come to its end, once.
final class Inquest {
    private let records: SenderRecords
    private let line: SenderLine

    /// What was found.
    struct Verdict {
        var runs = 0
        var lost = 0
        var doubled = 0
        var wrong = 0
        /// What was refused for good and is there nevertheless.
        var phantoms = 0
        var errands = 0
        var details: [String] = []

        var isClean: Bool { runs > 0 && lost == 0 && doubled == 0 && wrong == 0 && phantoms == 0 }

        mutating func lose(_ text: String) {
            lost += 1
            if details.count < 20 { details.append("lost: \(text)") }
        }

        mutating func double(_ text: String) {
            doubled += 1
            if details.count < 20 { details.append("doubled: \(text)") }
        }
    }

    init(_ plan: CrashPlan, _ records: SenderRecords) {
        self.records = records
        line = SenderLine(port: plan.controllerPort, records: records)
    }

    /// Judges what was sent once: what was acknowledged is there, and what was refused is not.
    private func judgeShots(_ shots: [Int: SenderRecords.Outcome], _ verdict: inout Verdict) {
        for (number, outcome) in shots where outcome != .unknown {
            guard let reply = line.get("/explain?key=shot-\(number)"), let story = parsed(reply),
                case .array(let waits)? = story["waits"], case .array(let held)? = story["held"]
            else {
                verdict.lose("nothing is told of the key shot-\(number)")
                continue
            }
            let count = waits.count + held.count
            if outcome == .acknowledged, count == 0 { verdict.lose("shot-\(number) is gone") }
            if count > 1 { verdict.double("shot-\(number) is there \(count) times") }
            if outcome == .refused, count > 0 {
                verdict.phantoms += 1
                verdict.details.append(
                    "phantom: shot-\(number) was refused: \(story.jsonText.prefix(300))"
                )
            }
        }
    }

    /// Judges what was asked of the controller.
    private func judgeErrands(
        _ errands: [Int: SenderRecords.ErrandState],
        _ verdict: inout Verdict
    ) {
        for (number, state) in errands where state.isDone {
            verdict.errands += 1
            guard let task = state.task, let reply = line.get("/tasks/\(task)"),
                let found = parsed(reply)?["status"]?.string
            else {
                verdict.lose("the run of errand \(number) is unknown")
                continue
            }
            let wanted = state.errand == .park ? "cancelled" : "completed"
            if found != wanted {
                verdict.lose(
                    "errand \(number) (\(state.errand)) is \(found), not \(wanted): \(task)"
                )
            }
            if state.errand == .ask, state.mark != "answer-\(number)" {
                verdict.lose("the answer of errand \(number) came as \(state.mark ?? "nothing")")
            }
        }
    }

    /// Waits until no run is open and no result waits to be sent.
    func waitForEnd(isIdle: () -> Bool) throws(KitError) {
        // Runs of other workflows may wait for what nobody sends.
        let open = "/tasks?status=pending,running,waiting,interrupted&workflow_id=order&limit=1"
        let deadline = Deadline.seconds(180)
        while !deadline.hasPassed {
            if isIdle(), let reply = line.get(open), tasks(reply)?.isEmpty == true { return }
            pause(milliseconds: 50)
        }
        // What has not ended by now is found run by run.
    }

    /// Judges every order.
    func judge() -> Verdict {
        let book = records.book.withLock { $0 }
        var verdict = Verdict()
        verdict.wrong = book.complaintCount
        for (number, order) in book.orders.sorted(by: { $0.key < $1.key }) {
            judge(number, order, &verdict)
        }
        judgeShots(book.shots, &verdict)
        judgeErrands(book.errands, &verdict)
        return verdict
    }

    private func judge(_ number: Int, _ order: SenderRecords.Order, _ verdict: inout Verdict) {
        let runs = order.tasks.union(order.askedBy)
        if runs.count > 1 { verdict.double("order \(number) has the runs \(runs.sorted())") }
        if order.attempts.count > 1 {
            verdict.double("order \(number) was asked for under \(order.attempts.sorted())")
        }
        if order.notes.count > 1 {
            verdict.double("order \(number) was noted under \(order.notes.sorted())")
        }
        guard let task = order.tasks.first else {
            return verdict.lose("order \(number) was never started")
        }
        verdict.runs += 1
        guard let reply = line.get("/tasks/\(task)?history=true"), reply.status == 200,
            let state = parsed(reply)
        else {
            return verdict.lose("the run of order \(number), \(task), is unknown")
        }
        check(state, number, order, task, &verdict)
    }

    private func check(
        _ state: JSONValue,
        _ number: Int,
        _ order: SenderRecords.Order,
        _ task: String,
        _ verdict: inout Verdict
    ) {
        let expected = JSONValue.object([
            "paid": .string("paid-\(number)"), "made": .string("made-\(number)"),
        ])
        if !order.isPaid { verdict.lose("the payment of order \(number) was never taken") }
        if state["status"]?.string != "completed" || state["output"] != expected {
            verdict.lose("order \(number) did not come to its end: \(state.jsonText.prefix(600))")
        }
        if order.notes.isEmpty { verdict.lose("order \(number) was never noted") }
        guard case .array(let history)? = state["history"] else {
            return verdict.lose("order \(number) has no history")
        }
        for step in ["paid", "made"] {
            let count = history.count {
                $0["kind"]?.string == "resumed" && $0["step"]?.string == step
            }
            if count > 1 { verdict.double("order \(number) was resumed \(count) times at \(step)") }
        }
    }

    private func parsed(_ reply: HTTPReply) -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue.parse(reply.body)
        } catch {
            return nil
        }
    }

    private func tasks(_ reply: HTTPReply) -> [JSONValue]? {
        guard case .array(let tasks)? = parsed(reply)?["tasks"] else { return nil }
        return tasks
    }
}
