internal import Primitives
internal import Workflows

/// The surroundings of the runs of a server: the machine's clocks and random source, the deadline clock, the components.
struct ServerSurroundings: RunSurroundings {
    /// Carries calls out.
    let components: ComponentRunner
    /// Wakes runs.
    let timers: DeadlineClock
    /// Has things done later.
    let alarms: Alarms
    private let words = RandomPool()

    /// Takes what carries calls out and wakes runs.
    init(components: ComponentRunner, timers: DeadlineClock, alarms: Alarms) {
        self.components = components
        self.timers = timers
        self.alarms = alarms
    }

    var wall: WallTime { .now() }

    var now: Instant { .now() }

    var random: (UInt64, UInt64) {
        words.pair()
    }

    func set(_ timer: RunTimer, at moment: WallTime) {
        timers.set(timer, at: moment)
    }

    func cancel(_ timer: RunTimer) {
        timers.cancel(timer)
    }

    func after(_ delay: Nanoseconds, _ body: @escaping @Sendable () -> Void) {
        alarms.after(delay, body)
    }

    func run(_ call: ComponentCall, for attempt: AttemptRef, of cell: RunCell) {
        components.run(call, for: attempt, of: cell)
    }

    func abandon(_ attempt: AttemptRef, of cell: RunCell) {
        components.abandon(attempt, of: cell)
    }

    func admitChild(
        of attempt: AttemptRef,
        of cell: RunCell,
        start: @escaping @Sendable () -> Void
    ) {
        components.admitChild(of: attempt, of: cell, start: start)
    }

    func adoptChild(of attempt: AttemptRef, of cell: RunCell) {
        components.adoptChild(of: attempt, of: cell)
    }

    func allAdopted() {
        components.openGates()
    }

    func childEnded(of attempt: AttemptRef, of run: UUIDv7) {
        components.childEnded(of: attempt, of: run)
    }
}
