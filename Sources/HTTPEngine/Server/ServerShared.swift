internal import Loops
internal import Primitives
internal import Synchronization

/// What all loops of a server share.
final class ServerShared: Sendable {
    /// The sites.
    let sites: [SiteShared]
    /// The addresses, each with its sites.
    let tables: [SiteTable]
    /// The memory for bodies.
    let bodyMemory: BodyMemory
    /// The bound of answers that are not read.
    let answerMemory: AnswerMemory
    /// Memory of bodies that are over.
    let bodyShelf: BodyBufferPool
    /// Where lines go.
    let log: Log
    /// Where the time comes from.
    let clock: ServerClock
    /// How often time is looked at.
    let tick: Nanoseconds
    private let openCount = Atomic<Int>(0)
    private let drain = Lock(Drain())
    /// In a drain: the busy connections of each loop that has any.
    private let busy = Lock([Int: Int]())

    /// Until when open requests may finish, and who is told when they have.
    private struct Drain: Sendable {
        var deadline: Instant?
        var onDrained: (@Sendable (Int) -> Void)?
    }

    init(
        sites: [SiteShared],
        tables: [SiteTable],
        bodyMemory: BodyMemory,
        answerMemory: AnswerMemory,
        log: Log,
        clock: ServerClock,
        tick: Nanoseconds
    ) {
        self.sites = sites
        self.tables = tables
        self.bodyMemory = bodyMemory
        self.answerMemory = answerMemory
        bodyShelf = BodyBufferPool(bytesMax: bodyMemory.bytesMax / 4)
        self.log = log
        self.clock = clock
        self.tick = tick
    }

    /// Connections over all loops.
    var connectionsCount: Int { openCount.load(ordering: .relaxed) }

    /// Counts a connection.
    func connectionOpened() {
        openCount.wrappingAdd(1, ordering: .relaxed)
    }

    /// Counts a connection less; the last one ends a drain.
    func connectionClosed() {
        let left = openCount.wrappingSubtract(1, ordering: .acquiringAndReleasing).newValue
        if left == 0 { endDrain() }
    }

    /// Notes how many connections of a loop have something under way; says whether any of any loop has.
    func noteBusy(_ count: Int, loop: Int) -> Bool {
        busy.withLock { busy in
            busy[loop] = count > 0 ? count : nil
            return !busy.isEmpty
        }
    }

    /// Begins to wait for the last connection.
    func beginDrain(until deadline: Instant, _ onDrained: @escaping @Sendable (Int) -> Void) {
        drain.withLock { $0 = Drain(deadline: deadline, onDrained: onDrained) }
    }

    /// Ends a drain where nothing is left or the deadline is over.
    func checkDrain(_ now: Instant) {
        let deadline = drain.withLock { $0.deadline }
        guard let deadline, connectionsCount == 0 || now >= deadline else { return }
        endDrain()
    }

    /// Tells who waits that the drain is over.
    func endDrain() {
        let body = drain.withLock { drain in
            let body = drain.onDrained
            drain = Drain()
            return body
        }
        body?(connectionsCount)
    }
}

/// How many requests for unknown paths are written down in a second: scanners send many, and none of them matters much.
///
/// On any thread.
final class UnknownPace: Sendable {
    /// The present second.
    private struct State: Sendable {
        var second: Int64 = 0
        var count = 0
        var skipped = 0
    }

    private let state = Lock(State())

    /// Counts one; false where it is one too many.
    func takes(_ now: WallTime) -> Bool {
        let present = now.milliseconds / 1000
        return state.withLock { state in
            if present != state.second { (state.second, state.count) = (present, 0) }
            guard state.count < Site.unknownPerSecondMax else {
                state.skipped += 1
                return false
            }
            state.count += 1
            return true
        }
    }

    /// How many were too many since this was asked for the last time.
    func takeSkipped() -> Int {
        state.withLock { state in
            defer { state.skipped = 0 }
            return state.skipped
        }
    }
}

/// Makes the requests' ids on one loop, without a system call each.
struct RequestIDs {
    // SplitMix64, seeded from the system: the ids must differ, they need not be secret.
    private var state: UInt64

    init() {
        var source = SystemRandomNumberGenerator()
        state = source.next()
    }

    /// A new id.
    mutating func next(at time: WallTime) -> UUIDv7 {
        UUIDv7(time: time, random: (draw(), draw()))
    }

    private mutating func draw() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
