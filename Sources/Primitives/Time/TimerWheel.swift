/// Timers by their deadline: a pure hierarchical wheel with ticks of a millisecond.
///
/// Deadlines round up to a whole millisecond since the wheel's start: never early, at most 1 ms late.
///
/// - Complexity: O(1) to insert and cancel, O(due) amortised to advance.
@usableFromInline
package struct TimerWheel<ID>: ~Copyable {
    /// Which timer; a handle of a timer that fired or was cancelled does nothing.
    @usableFromInline
    package struct Handle: Hashable, Sendable {
        @usableFromInline let place: UInt32
        @usableFromInline let generation: UInt32

        @inlinable
        init(place: UInt32, generation: UInt32) {
            self.place = place
            self.generation = generation
        }
    }

    @usableFromInline let start: Instant
    @usableFromInline var core: WheelCore
    @usableFromInline var timers: Pool<WheelTimer>
    @usableFromInline var ids: [ID?]
    @usableFromInline var generation: UInt32

    /// Makes an empty wheel; no deadline lies before `start`.
    @inlinable
    package init(start: Instant) {
        self.start = start
        core = WheelCore()
        timers = Pool()
        ids = []
        generation = 0
    }

    /// How many timers run.
    @inlinable package var count: Int { timers.count }

    /// Starts a timer.
    @inlinable
    package mutating func insert(deadline: Instant, _ id: ID) -> Handle {
        generation &+= 1
        let tick = Tick.roundedUp(deadline, since: start)
        let place = timers.allocate(
            WheelTimer(timerTick: tick, generation: generation)
        )
        if Int(place) < ids.count { ids[Int(place)] = id } else { ids.append(id) }
        core.insert(place, in: &timers)
        return Handle(place: place, generation: generation)
    }

    /// Stops a timer; gives its id, or nil when it is over already.
    @inlinable
    @discardableResult
    package mutating func cancel(_ handle: Handle) -> ID? {
        guard Int(handle.place) < ids.count, ids[Int(handle.place)] != nil,
            timers[handle.place].generation == handle.generation
        else { return nil }
        core.remove(handle.place, in: &timers)
        timers.free(handle.place)
        return ids[Int(handle.place)].take()
    }

    /// Moves the present on and gives the ids of all timers due by then, in the order of their milliseconds.
    @inlinable
    package mutating func advance(to now: Instant) -> [ID] {
        var due: [UInt32] = []
        core.advance(to: Tick.roundedDown(now, since: start), in: &timers) { due.append($0) }
        var fired: [ID] = []
        for place in due {
            timers.free(place)
            if let id = ids[Int(place)].take() { fired.append(id) }
        }
        return fired
    }

    /// A moment at or before the nearest deadline, when to advance next; nil when no timer runs.
    @inlinable package var next: Instant? {
        core.next.map { Tick.instant($0, since: start) }
    }
}

/// A plain value in a ``Pool`` that can lie in a ``WheelCore``: it carries its tick and its two links.
@usableFromInline
package protocol TimerNode: BitwiseCopyable {
    /// When it is due.
    var timerTick: UInt64 { get }
    /// The next one in its list; the wheel's own.
    var timerNext: UInt32 { get set }
    /// The one before it in its list; the wheel's own.
    var timerPrevious: UInt32 { get set }
}

/// A timer of a ``TimerWheel``; its id lies beside the pool.
@usableFromInline
struct WheelTimer: TimerNode {
    @usableFromInline var timerTick: UInt64
    @usableFromInline var timerNext: UInt32 = .max
    @usableFromInline var timerPrevious: UInt32 = .max
    /// Which use of its place it is, so that an old handle is known.
    @usableFromInline var generation: UInt32

    @inlinable
    init(timerTick: UInt64, generation: UInt32) {
        self.timerTick = timerTick
        self.generation = generation
    }
}
