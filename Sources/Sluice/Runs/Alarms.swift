internal import Primitives
internal import Synchronization

/// Things to be done later, once: on any thread set and cancelled, done on the deadline clock's.
final class Alarms: Sendable {
    /// What is done; it must not block.
    typealias Body = @Sendable () -> Void
    /// Which alarm.
    typealias Handle = TimerWheel<Body>.Handle

    private let wheel = Mutex(Wheel())

    /// Makes alarms of which none is set.
    init() {}

    /// How many are set.
    var count: Int { wheel.withLock { $0.wheel.count } }

    /// Has `body` done after a while; about 20 ms late at most.
    @discardableResult
    func after(_ delay: Nanoseconds, _ body: @escaping Body) -> Handle {
        let due = Instant.now().advanced(by: delay)
        return wheel.withLock { $0.wheel.insert(deadline: due, body) }
    }

    /// Takes an alarm back; nothing happens where it rang already.
    func cancel(_ handle: Handle) {
        wheel.withLock { _ = $0.wheel.cancel(handle) }
    }

    /// Does what is due by now.
    func ring(now: Instant) {
        let due = wheel.withLock { $0.wheel.count == 0 ? [] : $0.wheel.advance(to: now) }
        for body in due { body() }
    }

    /// A wheel by reference: it cannot be copied.
    private final class Wheel {
        var wheel = TimerWheel<Body>(start: .now())
    }
}
