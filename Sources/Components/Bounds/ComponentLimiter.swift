internal import Loops
internal import Primitives
internal import Workflows

/// The bounds of one component: how many of its calls are under way at once, and how often one may begin.
///
/// What finds no place waits; runs take turns. Nothing begins before it is opened: what was under way before a restart has its
/// place first. May be used on any thread.
final class ComponentLimiter: Sendable {
    /// A call that waits for its place.
    private struct Entry {
        let flight: CallHandle
        let begin: @Sendable () -> Void
    }

    /// What the lock guards.
    private struct State {
        var queue = FairQueue<Entry>()
        var busy = 0
        var pacer: RatePacer?
        var isAlarmSet = false
        var isOpen = false
    }

    private let busyMax: Int
    private let clock: LoopPort
    private let state: SleepingLock<State>

    /// Makes the gate of a component; nil where it has no bounds.
    init?(_ plan: ComponentPlan, clock: LoopPort) {
        guard plan.maxConcurrentCount > 0 || plan.rateLimit != nil else { return nil }
        busyMax = plan.maxConcurrentCount > 0 ? plan.maxConcurrentCount : .max
        self.clock = clock
        state = SleepingLock(State(pacer: plan.rateLimit.map { RatePacer($0) }))
    }

    /// Calls `begin` when the flight has a place: at once, or later on another thread.
    func enter(_ flight: CallHandle, _ begin: @escaping @Sendable () -> Void) {
        state.withLock { $0.queue.append(Entry(flight: flight, begin: begin), of: flight.run) }
        pump()
    }

    /// Counts a flight that has begun already.
    func adopt(_ flight: CallHandle) {
        state.withLock { state in
            state.busy += 1
            flight.hasPlace()
        }
    }

    /// Lets what waits begin.
    func open() {
        state.withLock { $0.isOpen = true }
        pump()
    }

    /// Forgets what waits: nothing will begin any more.
    func letGo() {
        let queue = state.withLock { state in
            defer { state.queue = FairQueue() }
            return state.queue
        }
        _ = consume queue
    }

    /// Takes a flight that has not begun out of the queue.
    func withdraw(_ flight: CallHandle) {
        state.withLock { $0.queue.remove(of: flight.run) { $0.flight === flight } }
    }

    /// Gives the place of a flight that had begun to the next one.
    func leave() {
        state.withLock { $0.busy -= 1 }
        pump()
    }

    private func pump() {
        let (ready, alarm) = state.withLock { take(&$0) }
        if let alarm {
            clock.post { loop in
                loop.schedule(after: alarm.since(.now())) { [self] in
                    state.withLock { $0.isAlarmSet = false }
                    pump()
                }
            }
        }
        for begin in ready { begin() }
    }

    private func take(_ state: inout State) -> ([@Sendable () -> Void], alarm: Instant?) {
        var ready: [@Sendable () -> Void] = []
        while state.isOpen, state.busy < busyMax, state.queue.count > 0 {
            if let due = state.pacer?.take(.now()) {
                defer { state.isAlarmSet = true }
                return (ready, state.isAlarmSet ? nil : due)
            }
            guard let entry = state.queue.popFirst() else { break }
            state.busy += 1
            // Noted under the lock, so that whoever abandons it knows whether it has a place.
            entry.flight.hasPlace()
            ready.append(entry.begin)
        }
        return (ready, nil)
    }
}
