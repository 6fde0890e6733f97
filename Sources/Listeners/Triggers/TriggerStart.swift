internal import HTTPEngine
internal import Primitives

/// What became of a trigger request: the runs it has started, or those of the request that it repeats.
enum TriggerStart: Sendable {
    /// The run of one item.
    enum Task: Sendable {
        /// It was started.
        case started(UUIDv7)
        /// The same item was taken before, and this is its run.
        case repeated(UUIDv7)
        /// Another request is starting the same item's run.
        case underWay(ClaimFlight)
    }

    /// The runs of its items, one where it is not bulk; the number must be settled before the sender is told.
    case tasks([Task], number: UInt64)
    /// Its `Idempotency-Key` was taken before, and it was answered so.
    case repeated([UInt8])
    /// The request that its `Idempotency-Key` belongs to is under way.
    case underWay(ClaimFlight)

    /// Whether it waits for other requests, or for none.
    var waitsForOthers: Bool {
        switch self {
        case .repeated: false
        case .underWay: true
        case .tasks(let tasks, _): tasks.contains { $0.flight != nil }
        }
    }
}

extension TriggerStart {
    /// The run of a request that asks for one, and whether it was started before; nil where there are several.
    var onlyRun: (id: UUIDv7, isDuplicate: Bool)? {
        switch self {
        case .repeated(let answer): ClaimAnswer(answer).run.map { ($0, true) }
        case .tasks(let tasks, _):
            tasks.count == 1 ? tasks[0].run.map { ($0, tasks[0].isDuplicate) } : nil
        case .underWay: nil
        }
    }
}

extension TriggerStart.Task {
    /// The request under way that it waits for.
    var flight: ClaimFlight? {
        if case .underWay(let flight) = self { flight } else { nil }
    }

    /// The run; nil while another request is starting it.
    var run: UUIDv7? {
        switch self {
        case .started(let run), .repeated(let run): run
        case .underWay: nil
        }
    }

    /// Whether the run is another request's, or an earlier item's.
    var isDuplicate: Bool {
        if case .started = self { false } else { true }
    }

    /// The same once the other request is over.
    ///
    /// - Throws: What the sender is told where that one started nothing.
    func landed() throws(Problem) -> TriggerStart.Task {
        guard let flight else { return self }
        let outcome = flight.outcome ?? .refused
        if case .kept(let answer) = outcome, let run = ClaimAnswer(answer).run {
            return .repeated(run)
        }
        throw ClaimProblem.of(outcome) ?? ClaimProblem.failed
    }
}
