package import Primitives
package import Workflows

/// What a run engine has of the world outside: time, chance, timers, and those who carry calls out.
///
/// A server has the machine's; a simulation makes them up, so that the same seed makes the same world. May be used on
/// any thread.
package protocol RunEnvironment: Sendable {
    /// The present moment of the calendar.
    var wall: WallTime { get }

    /// The present moment of the monotonic clock.
    var now: Instant { get }

    /// 128 random bits, new ones every time.
    var random: (UInt64, UInt64) { get }

    /// Has a run woken at a moment; a timer that is set already is moved.
    func set(_ timer: RunTimer, at moment: WallTime)

    /// Takes a timer back; nothing happens where it fired already.
    func cancel(_ timer: RunTimer)

    /// Has something done after a while, once; never where nothing moves any more.
    func after(_ delay: Nanoseconds, _ body: @escaping @Sendable () -> Void)

    /// Begins a call; its result reaches the run as `responded`.
    func run(_ call: any ComponentCall, for attempt: AttemptRef, of cell: RunActor)

    /// Ends a call whose result nobody wants any more.
    func abandon(_ attempt: AttemptRef, of cell: RunActor)

    /// Begins a child run, as soon as its component's bounds allow.
    func admitChild(
        of attempt: AttemptRef,
        of cell: RunActor,
        start: @escaping @Sendable () -> Void
    )

    /// Counts a child run in that is under way already.
    func adoptChild(of attempt: AttemptRef, of cell: RunActor)

    /// All child runs that are under way already are counted in: whatever stands behind bounds may begin.
    func allAdopted()

    /// Counts a child run off.
    func childEnded(of attempt: AttemptRef, of run: UUIDv7)
}

extension RunEnvironment {
    /// The monotonic moment at which the calendar will say `moment`, as things stand now.
    package func instant(of moment: WallTime) -> Instant {
        now.advanced(by: .milliseconds(moment.milliseconds - wall.milliseconds))
    }
}
