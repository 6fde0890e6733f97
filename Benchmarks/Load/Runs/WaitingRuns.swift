import JSONWire
import Primitives

/// Starts runs that wait, one for each key, before anything is measured.
struct WaitingRuns {
    /// The ids of the runs in the order of their keys, 36 bytes each.
    private(set) var ids: [UInt8] = []
    /// How many there are.
    private(set) var count = 0

    private static let batch = 50_000

    /// Starts the runs and waits until all of them wait.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - plan: Their keys, and where they are started.
    ///   - start: The bulk trigger.
    ///   - control: Who asks.
    /// - Throws: ``Mistake`` when they cannot be started, or do not come to wait in two minutes.
    init(
        _ count: Int,
        of plan: LoadPlan,
        by start: Target,
        _ control: Control
    ) throws(Mistake) {
        let moment = WallTime.now()
        ids.reserveCapacity(count * 36)
        while self.count < count {
            let part = min(Self.batch, count - self.count)
            let answer = try control.ask(
                "POST",
                start.url,
                body: Self.body(plan.tag, plan.first + self.count, part)
            )
            try note(answer, part)
        }
        guard let controller = plan.controller else { return }
        try Self.waitUntilSettled(since: moment, controller, control)
    }

    /// Waits until no run that was started since a moment has anything to do.
    ///
    /// - Throws: ``Mistake`` after two minutes.
    static func waitUntilSettled(
        since moment: WallTime,
        _ controller: Target,
        _ control: Control
    ) throws(Mistake) {
        let url = "\(controller.url)/tasks?status=pending,running&limit=1&since=\(moment.rfc3339)"
        let giveUp = Instant.now().advanced(by: .seconds(120))
        while true {
            let answer = try control.ask("GET", url)
            if case .array(let tasks)? = answer["tasks"], tasks.isEmpty { return }
            if Instant.now() > giveUp { throw Mistake("runs still work after two minutes") }
        }
    }

    private mutating func note(_ answer: JSONValue, _ part: Int) throws(Mistake) {
        guard case .array(let tasks)? = answer["tasks"], tasks.count == part else {
            throw Mistake("--start did not start \(part) runs; is it a bulk trigger?")
        }
        for task in tasks {
            guard let id = task["task_id"]?.string, id.utf8.count == 36 else {
                throw Mistake("--start gave a run without an id")
            }
            ids += Array(id.utf8)
            count += 1
        }
    }

    private static func body(_ tag: String, _ first: Int, _ count: Int) -> [UInt8] {
        var body = Array(#"{"items":["#.utf8)
        for number in first..<first + count {
            if number > first { body.append(UInt8(ascii: ",")) }
            let key = RequestTemplate.key(tag: tag, number: number)
            body += Array(#"{"key":""#.utf8) + Array(key.utf8) + Array(#""}"#.utf8)
        }
        return body + Array("]}".utf8)
    }
}
