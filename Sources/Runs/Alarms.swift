package import Primitives

/// Things to be done later, once: on any thread set and cancelled, done on the deadline clock's.
package final class Alarms: Sendable {
    /// What is done; it must not block.
    package typealias Body = @Sendable () -> Void
    /// Which alarm.
    package typealias Handle = TimerWheel<Body>.Handle

    private let wheel = SleepingLock(Wheel())
    /// What is answered where the server goes down before that.
    package let farewells = PendingAnswers()

    /// Makes alarms of which none is set.
    package init() {}

    /// How many are set.
    var count: Int { wheel.withLock { $0.wheel.count } }

    /// Has `body` done after a while; about 20 ms late at most.
    ///
    /// - Returns: Nil once it is stopped: then nothing is done.
    @discardableResult
    package func after(_ delay: Nanoseconds, _ body: @escaping Body) -> Handle? {
        let due = Instant.now().advanced(by: delay)
        return wheel.withLock { $0.isStopped ? nil : $0.wheel.insert(deadline: due, body) }
    }

    /// Takes an alarm back.
    ///
    /// - Returns: False where it rang already, or none was set.
    @discardableResult
    package func cancel(_ handle: Handle?) -> Bool {
        guard let handle else { return false }
        return wheel.withLock { $0.wheel.cancel(handle) != nil }
    }

    /// Forgets all that is set, with whatever it holds, and takes nothing more.
    package func stop() {
        wheel.withLock { state in
            state.isStopped = true
            // What the bodies hold may answer when it goes, and sets no alarm by that.
            state.wheel = TimerWheel(start: .now())
        }
    }

    /// Does what is due by now.
    package func ring(now: Instant) {
        let due = wheel.withLock { $0.wheel.count == 0 ? [] : $0.wheel.advance(to: now) }
        for body in due { body() }
    }

    /// A wheel by reference: it cannot be copied.
    private final class Wheel {
        var wheel = TimerWheel<Body>(start: .now())
        var isStopped = false
    }
}
