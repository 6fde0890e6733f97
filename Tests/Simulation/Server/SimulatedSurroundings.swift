import JSONWire
import LogKit
import Primitives
import Runs
import Workflows

/// The surroundings of the runs of one life of the server: made-up time, timers, and services that answer when the
/// schedule says so.
final class SimulatedSurroundings: RunEnvironment, @unchecked Sendable {
    // Sendable because one thread has all of it.

    /// A call that has not been answered.
    struct CallHandle {
        let attempt: AttemptRef
        let cell: RunActor
    }

    private unowned let world: World
    /// When timers are due, in milliseconds of the world's own time: what the calendar says later changes nothing.
    private(set) var timers: [RunTimer: Int64] = [:]
    /// Which moments of the calendar they were set for.
    private var moments: [RunTimer: WallTime] = [:]
    var flights: [CallHandle] = []
    /// What is to be done later, in the order it was asked for.
    private(set) var alarms: [(due: Int64, body: @Sendable () -> Void)] = []
    private var begun: Set<RunTimer.Call> = []

    init(_ world: World) {
        self.world = world
    }

    /// Called whenever a run asks for the time.
    var onClock: (() -> Void)?

    var wall: WallTime {
        onClock?()
        return world.wall
    }
    var now: Instant { world.now }
    /// Where few ended runs stay in memory their ids are so that they push each other out.
    var random: (UInt64, UInt64) {
        let (first, second) = (world.random.next(), world.random.next())
        return (first, world.executor.endedRunsMax == 1 ? second & ~0xFF : second)
    }

    func set(_ timer: RunTimer, at moment: WallTime) {
        timers[timer] = world.time + moment.milliseconds - wall.milliseconds
        moments[timer] = moment
    }

    func cancel(_ timer: RunTimer) {
        timers[timer] = nil
    }

    func after(_ delay: Nanoseconds, _ body: @escaping @Sendable () -> Void) {
        alarms.append((world.time + delay.millisecondsRoundedUp, body))
    }

    func run(_ call: any ComponentCall, for attempt: AttemptRef, of cell: RunActor) {
        guard call.isAnswered else { return }
        let isFirst = begun.insert(RunTimer.Call(run: cell.id, attempt: attempt)).inserted
        world.callBegins(cell.id, attempt, isFirst: isFirst)
        flights.append(CallHandle(attempt: attempt, cell: cell))
    }

    func abandon(_ attempt: AttemptRef, of cell: RunActor) {
        flights.removeAll { $0.cell === cell && $0.attempt == attempt }
    }

    func admitChild(
        of attempt: AttemptRef,
        of cell: RunActor,
        start: @escaping @Sendable () -> Void
    ) {
        start()
    }

    func adoptChild(of attempt: AttemptRef, of cell: RunActor) {}

    func allAdopted() {}

    func childEnded(of attempt: AttemptRef, of run: UUIDv7) {}

    /// Takes out what is to be done by now.
    func takeDueAlarms() -> [@Sendable () -> Void] {
        let due = alarms.filter { $0.due <= world.time }
        alarms.removeAll { $0.due <= world.time }
        return due.map(\.body)
    }

    /// Forgets what was to be done later.
    func dropAlarms() { alarms = [] }

    /// Takes out the timers that are due, the earliest first.
    func takeDue() -> [RunTimer] {
        let byCalendar = world.sabotage == .firesByTheCalendar
        let due = timers.filter { timer, due in
            byCalendar ? moments[timer].map { $0 <= wall } ?? false : due <= world.time
        }.sorted { left, right in
            (left.value, left.key.run, left.key.timer.attempt.step, left.key.timer.attempt.attempt)
                < (
                    right.value, right.key.run, right.key.timer.attempt.step,
                    right.key.timer.attempt.attempt
                )
        }
        for (timer, moment) in due {
            timers[timer] = nil
            if moment > world.time { world.violate("a timer fires before its time has passed") }
        }
        return due.map(\.key)
    }
}

extension RunTimer {
    /// A call of a try of a run's step.
    struct Call: Hashable {
        let run: UUIDv7
        let attempt: AttemptRef
    }
}
