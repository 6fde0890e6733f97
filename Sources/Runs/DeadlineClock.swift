package import Loops
package import Primitives
package import Workflows

/// A timer a run set.
package struct RunTimer: Hashable, Sendable {
    /// The run.
    package let run: UUIDv7
    /// Which of its timers.
    package let timer: TimerRef
}

/// Wakes runs at the moments they asked for and sweeps the waiter table when a deadline passes.
///
/// One loop of its own keeps one timer armed for the next moment; setting and cancelling may come from any thread.
package final class DeadlineClock: Sendable {
    /// What is done when a timer of a run is due.
    package typealias Fire = @Sendable (RunTimer) -> Void
    /// What is done on every sweep.
    package typealias Sweep = @Sendable (Instant) -> Void

    private let group: LoopGroup
    private let timers = SleepingLock(Timers())

    /// How often the waiter table is swept: a wait ends at most this much after its deadline.
    private static let sweepPeriod = Nanoseconds.milliseconds(20)

    /// Starts the clock's own loop.
    package init() throws(LoopError) {
        group = try LoopGroup(threads: 1, name: "deadlines")
    }

    /// Begins to wake; set timers that are due already fire on the first turn.
    package func start(fire: @escaping Fire, sweep: @escaping Sweep) {
        group.ports[0].post { [self] loop in
            _ = loop.every(Self.sweepPeriod) { [self] in
                let now = Instant.now()
                for timer in takeDue(now) { fire(timer) }
                sweep(now)
            }
        }
    }

    /// Sets a timer; one that is set already is moved.
    package func set(_ timer: RunTimer, at moment: WallTime) {
        let due = Instant.now().advanced(until: moment)
        timers.withLock { timers in
            if let handle = timers.handles.removeValue(forKey: timer) {
                timers.wheel.cancel(handle)
            }
            timers.handles[timer] = timers.wheel.insert(deadline: due, timer)
        }
    }

    /// Takes a timer back; nothing happens where it fired already.
    package func cancel(_ timer: RunTimer) {
        timers.withLock { timers in
            guard let handle = timers.handles.removeValue(forKey: timer) else { return }
            timers.wheel.cancel(handle)
        }
    }

    /// Ends the clock's thread.
    package func stop() {
        group.stop()
    }

    private func takeDue(_ now: Instant) -> [RunTimer] {
        timers.withLock { timers in
            let due = timers.wheel.advance(to: now)
            for timer in due { timers.handles[timer] = nil }
            return due
        }
    }

    /// The timers that are set.
    private final class Timers {
        var wheel = TimerWheel<RunTimer>(start: .now())
        var handles: [RunTimer: TimerWheel<RunTimer>.Handle] = [:]
    }
}

extension Instant {
    /// The monotonic moment at which the calendar will say `moment`, as things stand now.
    package func advanced(until moment: WallTime) -> Instant {
        advanced(by: .milliseconds(moment.milliseconds - WallTime.now().milliseconds))
    }
}
