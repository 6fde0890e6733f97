package import Primitives
package import Runs
package import Workflows

/// The surroundings of the runs of a server: the machine's clocks and random source, the deadline clock, the components.
package struct ServerEnvironment: RunEnvironment {
    /// Carries calls out.
    package let components: ComponentRunner
    /// Wakes runs.
    let timers: DeadlineClock
    /// Has things done later.
    let alarms: Alarms
    private let words = RandomPool()

    /// Takes what carries calls out and wakes runs.
    package init(components: ComponentRunner, timers: DeadlineClock, alarms: Alarms) {
        self.components = components
        self.timers = timers
        self.alarms = alarms
    }

    package var wall: WallTime { .now() }

    package var now: Instant { .now() }

    package var random: (UInt64, UInt64) {
        words.pair()
    }

    package func set(_ timer: RunTimer, at moment: WallTime) {
        timers.set(timer, at: moment)
    }

    package func cancel(_ timer: RunTimer) {
        timers.cancel(timer)
    }

    package func after(_ delay: Nanoseconds, _ body: @escaping @Sendable () -> Void) {
        alarms.after(delay, body)
    }

    package func run(_ call: any ComponentCall, for attempt: AttemptRef, of cell: RunActor) {
        components.run(call, for: attempt, of: cell)
    }

    package func abandon(_ attempt: AttemptRef, of cell: RunActor) {
        components.abandon(attempt, of: cell)
    }

    package func admitChild(
        of attempt: AttemptRef,
        of cell: RunActor,
        start: @escaping @Sendable () -> Void
    ) {
        components.admitChild(of: attempt, of: cell, start: start)
    }

    package func adoptChild(of attempt: AttemptRef, of cell: RunActor) {
        components.adoptChild(of: attempt, of: cell)
    }

    package func allAdopted() {
        components.openGates()
    }

    package func childEnded(of attempt: AttemptRef, of run: UUIDv7) {
        components.childEnded(of: attempt, of: run)
    }
}
