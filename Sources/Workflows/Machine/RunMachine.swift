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
// What one event sets off is done in one turn. Steps that may begin stand in a queue (`Transition`), first come, first served;
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
// Where to read on: how a run begins, and which event goes where, is in this file. A step from its begin to its end, and
// what it calls: +Steps. Waiting for callbacks: +Waiting; polls: +Polling. Tries, `on_error`, timeouts and the end of the
// run: +Ending. Steps inside of steps, and routers: +Items. What others see of a run, and what people are asked: +View.

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

extension RunMachine {
    /// How many steps one run may start.
    static let startsMax = 10_000

    /// Takes an event in; what it sets off is queued in the turn.
    private mutating func handle(_ event: RunEvent, _ turn: inout Transition) {
        if case .start(let input, let requestID) = event {
            begin(input, requestID, &turn)
            return
        }
        if case .cancel(let reason) = event {
            finish(.cancelled(reason: reason), &turn)
            return
        }
        guard isStarted else { return }
        switch event {
        case .start, .cancel, .retry: break
        case .responded(let ref, let outcome): responded(ref, outcome, &turn)
        case .callback(let ref, let callback): calledBack(ref, callback, &turn)
        case .waitExpired(let ref): waitExpired(ref, &turn)
        case .waitRefused(let ref, let code): waitRefused(ref, code, &turn)
        case .timer(let timer): timerFired(timer, &turn)
        case .childEnded(let ref, let outcome): childEnded(ref, outcome, &turn)
        case .answered(let id, let answer): answered(id, answer, &turn)
        }
    }

    /// Begins what is queued until nothing is left, then ends the run where nothing is under way.
    private mutating func settle(_ turn: inout Transition) {
        while !isOver, let work = turn.next() {
            switch work {
            case .start(let place): start(place, &turn)
            case .pump(let place): pump(place, &turn)
            case .iterate(let place): iterate(place, &turn)
            }
        }
        guard !isOver, isStarted else { return }
        if weight > plan.stateBytesMax + carried {
            finish(.failed(tooLarge), &turn)
        } else if liveCount == 0 {
            complete(&turn)
        }
    }

    /// Why a run fails that holds more than it may.
    private var tooLarge: RunFailure {
        let bound = "more than the \(plan.stateBytesMax) that it may (executor.max_state_size)"
        guard let step = instance(at: Int(heaviest.place)) else {
            return RunFailure(
                code: .stateTooLarge,
                message: "the run holds \(weight) bytes of values, \(bound)"
            )
        }
        let place = Int(heaviest.place)
        return RunFailure(
            StepFailure(
                code: .stateTooLarge,
                message: "the run holds \(weight) bytes of values, \(bound); "
                    + "this step was given \(heaviest.bytes) of them last",
                step: name(place),
                attempt: Int(step.tries),
                component: component(of: ref(place))
            )
        )
    }

    private mutating func begin(_ input: JSONValue, _ requestID: String?, _ turn: inout Transition)
    {
        guard !isStarted else { return }
        isStarted = true
        self.input = input
        self.requestID = requestID
        weight = Weight.of(input)
        places = [Int32](repeating: -1, count: plan.steps.count)
        steps.reserveCapacity(plan.topCount)
        note(.runStarted, &turn)
        if let timeout = plan.timeout {
            turn.effects.append(.setTimer(runTimer, at: turn.stamp.wall.advanced(by: timeout)))
        }
        for place in 0..<plan.topCount {
            steps.append(StepInstance(plan: Int32(place)))
            places[place] = Int32(place)
        }
        for place in 0..<plan.topCount {
            let step = plan.steps[place]
            if !step.isRouted, step.dependencies.isEmpty { turn.queue.append(.start(place)) }
        }
    }

    private mutating func timerFired(_ timer: TimerRef, _ turn: inout Transition) {
        let ref = timer.attempt
        switch timer.purpose {
        case .runTimeout: runTimedOut(&turn)
        case .stepTimeout:
            guard steps.indices.contains(ref.step), Int(steps[ref.step].starts) == ref.attempt,
                steps[ref.step].status == .running || steps[ref.step].status == .waiting
            else { return }
            stepTimedOut(ref.step, &turn)
        case .retry:
            guard isCurrent(ref, .pausing) else { return }
            beginTry(ref.step, &turn)
        case .delay:
            guard isCurrent(ref, .delaying) else { return }
            delayEnded(ref.step, &turn)
        case .poll:
            guard isCurrent(ref, .polling) else { return }
            poll(ref.step, &turn)
        }
    }

    /// Whether a ref names the present try of a step that is at a stage.
    func isCurrent(_ ref: AttemptRef, _ stage: StepInstance.Stage) -> Bool {
        // Looked at in its place, as everywhere where one or two facts of a step are wanted: a copy costs more than they.
        guard steps.indices.contains(ref.step) else { return false }
        return Int(steps[ref.step].serial) == ref.attempt && steps[ref.step].stage == stage
    }

    /// The instance at a place; nil outside.
    func instance(at place: Int) -> StepInstance? {
        steps.indices.contains(place) ? steps[place] : nil
    }

    /// The timer of the workflow's own `timeout`.
    var runTimer: TimerRef {
        TimerRef(attempt: AttemptRef(step: -1, attempt: 0), purpose: .runTimeout)
    }

    /// The present try of a step.
    func ref(_ place: Int) -> AttemptRef {
        AttemptRef(step: place, attempt: Int(steps[place].serial))
    }

    /// The step as people see it: its id, and the place of its item.
    func name(_ place: Int) -> String {
        guard steps.indices.contains(place) else { return "" }
        let plan = plan.steps[Int(steps[place].plan)]
        let parent = Int(steps[place].parent)
        guard case .body = plan.role, parent >= 0 else { return plan.id }
        return name(parent) + "[\(steps[place].item)]"
    }

    /// Adds a fact of the run to the history.
    func note(_ kind: HistoryEntry.Kind, _ turn: inout Transition) {
        turn.effects.append(
            .history(
                HistoryEntry(
                    time: turn.stamp.wall,
                    step: nil,
                    attempt: 0,
                    component: nil,
                    kind: kind
                )
            )
        )
    }

    /// Adds a fact of a step to the history.
    func note(_ kind: HistoryEntry.Kind, _ place: Int, _ turn: inout Transition) {
        turn.effects.append(
            .history(
                HistoryEntry(
                    time: turn.stamp.wall,
                    step: name(place),
                    attempt: Int(steps[place].tries),
                    component: plan.steps[Int(steps[place].plan)].component?.id,
                    kind: kind
                )
            )
        )
    }

    /// A scope of a step's own expressions.
    ///
    /// It holds the run as it stands: while a scope has a name and lives, the first change of a step copies all of them.
    func scope(
        _ place: Int?,
        _ turn: borrowing Transition,
        output: JSONValue? = nil,
        failure: StepFailure? = nil
    ) -> StepScope {
        StepScope(
            run: self,
            instance: place,
            gateways: turn.stamp.gateways,
            now: turn.stamp.wall,
            output: output,
            failure: failure
        )
    }
}
