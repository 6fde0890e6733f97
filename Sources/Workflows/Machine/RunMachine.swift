package import JSONWire
package import Primitives

// A run as a state machine
// ------------------------
//
// A run is one value. An event comes in with a stamp, the value changes, and a list of effects comes out:
//
//     event + stamp ──► apply ──► effects, in order
//
// The machine performs none of them. It has no clock, no randomness and no I/O: the time, the random bits and the
// gateways' addresses of an event are its stamp. So the same events with the same stamps lead to the same run, and that is
// how a run survives: its events are journaled, not its state. After a restart they are applied again, their effects are
// dropped, and what of them is still open is worked out and taken up (Resumption in Runs). Three things follow:
//
// - An effect is carried out only when its event is settled in the journal. Nothing happens for what may be forgotten.
// - What a step does must depend on the event, its stamp and the plan alone. The order in which a dictionary hands out
//   its keys is an example of what must not decide anything.
// - A change here that makes the same events lead elsewhere breaks runs that are under way. The plan is compiled again
//   from the text that the run began with; the order of its steps is part of this contract too.
//
// A run is made of step instances. Those of the workflow's own steps exist from the start, in the plan's order; the
// instances of a `do` and of the steps in `on_error` come when they are needed. Each has a status, which people see, and
// while it is under way a stage, which says what it is busy with:
//
//     status:  pending ──► running ⇄ waiting ──► completed | failed | skipped | cancelled
//                │                                  ▲
//                └── skipped or cancelled without having begun
//
//     stage:   askedBefore ──► the try begins (idle)
//
//              idle ──► calling ──► idle                        a call whose response ends it
//                          │  └───► awaiting ──► idle           a callback ends it; it may come while the call is out
//                          └──────► polling ⇄ pollCalling ──► idle     asking ends it
//              idle ──► awaiting, delaying, child, items ──► idle      work that calls nothing
//              idle ──► pausing ──► the next try (`retry`)             the try failed
//              idle ──► handling ──► the step is over                  the last try failed, and `on_error` has steps
//
//              the work is done ──► askedAfter ──► the step is over
//
// `waiting` is the status of a step at `awaiting`, for people; a step at any other stage is `running`.
//
// A try has a number that its step never uses again. Call, wait, timer and child run carry it (AttemptRef), and so do the
// events that answer them: `isCurrent` compares number and stage, and an event of a try that is over changes nothing. That
// is why nobody needs to know whether an abandoned call will still answer, and why the same answer twice does no harm.
//
// What one event sets off is done in one turn. Steps that may begin stand in a queue (`Turn`), first come, first served;
// `settle` empties it, and then asks whether the run is over: it holds more than it may, or nothing is under way any more.
//
// What always holds:
//
// - `liveCount` is the number of instances that have begun and are not over. When it is 0 after a turn, the run ends.
// - A run that has ended answers every event with no effect, but for `retry` where it failed.
// - `finished` is the last effect of a life, and before it everything that is open is taken back: waits, timers, calls,
//   child runs.
// - A wait is registered before the call that makes somebody answer it, so that no callback can come too early. The order
//   of the effects is the order in which they are carried out.
// - `weight` is the size of all values that the run holds, within ``WorkflowPlan/stateBytesMax``; what a callback brought
//   is carried whatever the bound, because its sender was told that it is taken (`carried`).
// - A step begins at most `max_run_count` times, all steps of a run together ``startsMax`` times: a circle of routes ends.
//
// What a component's action does is its type's business: the machine asks it (``ComponentType/call(_:)``), hands out the
// call, whatever it is, and takes the outcome in. It knows calls as ``ComponentCall`` alone. How an action ends (with its
// response, a callback, or a poll) is the same for all types (``Completion``).
//
// Not done here: bounds and rates of components (who carries the calls out has them stand in line), the matching of
// callbacks (the waiter table), delivery of results, keeping history. The machine does not know whether it runs in a
// server, a workflow test or a simulation.
//
// Where to read on, by the question: how a run begins, which event goes where: +Events. A step from its begin to its end:
// +Steps, +Work. Waiting for callbacks: +Waiting, +Callbacks. Polls: +Polling. Tries and `on_error`: +Failing, +Again.
// Steps inside of steps: +Items, +Series. Routers: +Routing. People: +Asking. The end: +Ending. What others see: +View,
// +Standing.

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
        var turn = Turn(stamp)
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
