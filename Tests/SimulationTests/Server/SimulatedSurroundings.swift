import JSONWire
import Primitives
import Workflows

@testable import Sluice

/// The surroundings of the runs of one life of the server: made-up time, timers, and services that answer when the
/// schedule says so.
final class SimulatedSurroundings: RunSurroundings, @unchecked Sendable {
    // Sendable because one thread has all of it.

    /// A call that has not been answered.
    struct Flight {
        let attempt: AttemptRef
        let cell: RunCell
    }

    private unowned let world: World
    private(set) var timers: [RunTimer: WallTime] = [:]
    var flights: [Flight] = []
    private var begun: Set<RunTimer.Call> = []

    init(_ world: World) {
        self.world = world
    }

    var wall: WallTime { world.wall }
    var now: Instant { world.now }
    var random: (UInt64, UInt64) { (world.random.next(), world.random.next()) }

    func set(_ timer: RunTimer, at moment: WallTime) {
        timers[timer] = moment
    }

    func cancel(_ timer: RunTimer) {
        timers[timer] = nil
    }

    func run(_ call: ComponentCall, for attempt: AttemptRef, of cell: RunCell) {
        if case .log = call { return }
        let isFirst = begun.insert(RunTimer.Call(run: cell.id, attempt: attempt)).inserted
        world.callBegins(cell.id, attempt, isFirst: isFirst)
        flights.append(Flight(attempt: attempt, cell: cell))
    }

    func abandon(_ attempt: AttemptRef, of cell: RunCell) {
        flights.removeAll { $0.cell === cell && $0.attempt == attempt }
    }

    func admitChild(
        of attempt: AttemptRef,
        of cell: RunCell,
        start: @escaping @Sendable () -> Void
    ) {
        start()
    }

    func adoptChild(of attempt: AttemptRef, of cell: RunCell) {}

    func allAdopted() {}

    func childEnded(of attempt: AttemptRef, of run: UUIDv7) {}

    /// Takes out the timers that are due, the earliest first.
    func takeDue() -> [RunTimer] {
        let due = timers.filter { $0.value <= wall }.sorted { left, right in
            (left.value, left.key.run, left.key.timer.attempt.step, left.key.timer.attempt.attempt)
                < (
                    right.value, right.key.run, right.key.timer.attempt.step,
                    right.key.timer.attempt.attempt
                )
        }
        for (timer, _) in due { timers[timer] = nil }
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
