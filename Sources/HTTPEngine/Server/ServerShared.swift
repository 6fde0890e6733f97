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
    let bodyShelf: BodyShelf
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
        bodyShelf = BodyShelf(bytesMax: bodyMemory.bytesMax / 4)
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
