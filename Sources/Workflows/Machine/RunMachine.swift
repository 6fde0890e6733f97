package import JSONWire
package import Primitives

/// One run: a value that events move, and that says what is to be done.
///
/// Pure: no I/O, no clock, no randomness; everything of that kind comes in a ``Stamp``. The same events with the
/// same stamps always lead to the same state and effects. The owner sees to it that events come one at a time.
package struct RunMachine: Sendable {
    /// The plan it follows.
    package let plan: WorkflowPlan
    /// The run's id (`task_id`).
    package let id: UUIDv7
    /// The run's input; null before the start.
    package internal(set) var input: JSONValue = .null
    /// How it ended; nil while it has not.
    package internal(set) var outcome: RunOutcome?
    /// When it ended; nil while it has not, or goes on again.
    package internal(set) var endedAt: WallTime?

    var requestID: String?
    var isStarted = false
    var startedCount = 0
    /// How many step instances are under way.
    var liveCount = 0
    /// The bytes of the values that it holds.
    var weight = 0
    /// The bytes that callbacks brought: each was told that it is taken, and is carried whatever the bound.
    var carried = 0
    /// The step that was given most by the present event.
    var heaviest: (place: Int32, bytes: Int) = (-1, 0)
    var steps: [StepInstance] = []
    /// The instance of every plan step that is no body; -1 before there is one.
    var places: [Int32] = []
    /// Instances of bodies that are free to be used again.
    var free: [Int32] = []

    /// Makes a run that has not begun; ``RunEvent/start(input:requestID:)`` begins it.
    package init(plan: WorkflowPlan, id: UUIDv7) {
        self.plan = plan
        self.id = id
    }

    /// When the run was made, as its id tells.
    var madeAt: WallTime { WallTime(milliseconds: Int64(clamping: id.high >> 16)) }

    /// Whether it has ended; a comparison with nil would copy the outcome.
    package var isOver: Bool {
        if case .some = outcome { true } else { false }
    }

    /// Takes one event in and says what is to be done, in order.
    ///
    /// An event of a try that is over changes nothing; a finished run does nothing more, unless it failed and is taken
    /// up again.
    /// - Complexity: O(steps that move), plus the expressions they evaluate.
    package mutating func apply(_ event: RunEvent, stamp: Stamp) -> [Effect] {
        var turn = Transition(stamp)
        heaviest = (-1, 0)
        if case .retry = event {
            takeUpAgain(&turn)
        } else {
            guard !isOver else { return [] }
            handle(event, &turn)
        }
        settle(&turn)
        return turn.effects
    }

    /// The run as the API shows it.
    package var state: RunState { view() }
}
