internal import JSONWire
internal import TestKit

/// What a client of the controller does with one run: it answers its question, cancels it, or has it tried again.
enum Errand: String, Sendable, CaseIterable {
    case ask, park, again
}

/// Runs errands, one after the other.
final class Clerk {
    private let records: SenderRecords
    private let line: SenderLine
    private let isStopping: @Sendable () -> Bool

    init(_ plan: CrashPlan, _ records: SenderRecords, isStopping: @escaping @Sendable () -> Bool) {
        self.records = records
        self.isStopping = isStopping
        line = SenderLine(port: plan.controllerPort, records: records)
    }

    /// Runs errands until it is told to stop; the last one is brought to its end.
    func work() {
        var turn = Int.random(in: 0..<3)
        while !isStopping() {
            run(Errand.allCases[turn % 3], records.beginErrand())
            turn += 1
        }
    }

    private func run(_ errand: Errand, _ number: Int) {
        let started = line.post(
            "/workflows/runs",
            #"{"workflow_id":"\#(errand.rawValue)","input":{"n":\#(number)},"#
                + #""wait_for_completion":false}"#,
            headers: [("Idempotency-Key", "\"errand-\(number)\"")]
        )
        guard let task = started.flatMap({ SenderLine.text($0, "task_id") }) else { return }
        records.changeErrand(number) { $0 = .init(errand: errand, task: task) }
        switch errand {
        case .ask:
            guard wait(for: "interrupted", task) else { return }
            let answer = #"{"job_id":"asked","answer":{"n":\#(number),"v":"answer-\#(number)"}}"#
            if line.post("/tasks/\(task)/resume", answer, orFinal: [409]) == nil { return }
        case .park:
            if line.post("/tasks/\(task)/cancel", "{}", orFinal: [409]) == nil { return }
        case .again:
            guard wait(for: "failed", task) else { return }
            records.changeErrand(number) { $0.mayPass = true }
            if line.post("/tasks/\(task)/retry", "{}", orFinal: [409]) == nil { return }
        }
        records.changeErrand(number) { $0.isDone = true }
    }

    /// Waits until the run stands so.
    private func wait(for status: String, _ task: String) -> Bool {
        let patience = Deadline.seconds(60)
        while !patience.hasPassed {
            guard let reply = line.get("/tasks/\(task)") else { break }
            if SenderLine.text(reply, "status") == status { return true }
            if reply.status == 404 {
                records.complain("the run \(task) is unknown: \(reply.text)")
                return false
            }
            pause(milliseconds: 10)
        }
        records.complain("the run \(task) does not get to \(status)")
        return false
    }
}

/// Sends each request once and never again, so that it is known of each what became of it.
final class OneShotSender {
    private let records: SenderRecords
    private let triggers: SenderLine
    private let callbacks: SenderLine
    private let isStopping: @Sendable () -> Bool

    init(_ plan: CrashPlan, _ records: SenderRecords, isStopping: @escaping @Sendable () -> Bool) {
        self.records = records
        self.isStopping = isStopping
        triggers = SenderLine(port: plan.triggerPort, records: records)
        callbacks = SenderLine(port: plan.callbackPort, records: records)
    }

    /// Sends until it is told to stop.
    func work() {
        while !isStopping() {
            let number = records.beginShot()
            let reply =
                switch number % 3 {
                case 0: triggers.once("/probe", #"{"n":\#(number)}"#)
                case 1: callbacks.once("/done", #"{"id":"shot-\#(number)","v":1}"#)
                default: callbacks.once("/batch", #"{"results":[{"id":"shot-\#(number)","v":1}]}"#)
                }
            records.endShot(number, Self.outcome(reply))
            pause(milliseconds: reply == nil || reply?.status == 503 ? 5 : 25)
        }
    }

    private static func outcome(_ reply: HTTPReply?) -> SenderRecords.Outcome {
        guard let reply else { return .unknown }
        if (200..<300).contains(reply.status) { return .acknowledged }
        guard reply.status == 503, !reply.text.contains("outcome_unknown") else { return .unknown }
        return .refused
    }
}
