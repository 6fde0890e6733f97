import Primitives
import Rendezvous
import Runs
import Testing
import Workflows

@testable import Journal
@testable import Listeners
@testable import Sluice
@testable import Store

/// What was written when the clock was ahead is kept as long as if it had come at the restart, and no longer.
@Suite struct ClockAheadTests {
    private static let ahead = Nanoseconds.seconds(365 * 86_400)
    private static let held = Nanoseconds.seconds(600)
    private static let window = Nanoseconds.seconds(3600)

    /// Fills a store at a moment, and gives what a start has of it so long after the right moment.
    private func counts(
        of time: WallTime,
        after delay: Nanoseconds
    ) throws -> (held: Int, marks: Int, claims: Int) {
        let fixture = try StoreFixture()
        let run = UUIDv7(time: time, random: (1, 7))
        let claim = Claim(
            key: Make.plan(1),
            payload: Make.plan(2),
            until: time.advanced(by: Self.window),
            answer: ClaimAnswer.bytes(of: run)
        )
        try fixture.take(.text(Make.plan(1), [1]), .began([Make.birth(of: run)], [claim]))
        let wait = WaitID(run: run, step: 1, attempt: 1)
        try fixture.take(
            .delivered(
                wait,
                Make.arrival(1, key: Make.key("a"), .delivered, time: time),
                Make.stamp(time)
            ),
            .delivered(
                WaitID(run: run, step: 2, attempt: 1),
                Make.arrival(2, key: Make.key("b"), nil, reusesKey: true, time: time),
                Make.stamp(time)
            ),
            .held(
                Make.arrival(3, key: Make.key("c"), .held, time: time),
                until: time.advanced(by: Self.held),
                listener: 0
            )
        )
        let surroundings = StillSurroundings()
        let table = WaiterTable(
            configuration: WaiterTable.Configuration(
                shards: 1,
                rememberFor: fixture.settings.rememberFor,
                rememberedCountMax: 100,
                seed: (1, 2),
                start: surroundings.now,
                lastNumber: 10
            )
        )
        let claims = ClaimTable(key: (1, 2), bytesMax: 1 << 20)
        _ = try Recovery(
            store: fixture.store,
            table: table,
            claims: claims,
            surroundings: surroundings,
            owners: HeldOwners([]),
            log: .silent
        ).restoreTable()
        let later = surroundings.now.advanced(by: delay)
        _ = table.expire(now: later)
        claims.sweep(now: later, .silent)
        let left = table.counts
        return (left.held, left.marks, claims.count)
    }

    @Test(arguments: [Nanoseconds(0), ahead])
    func `it goes when its time is over from now on`(_ ahead: Nanoseconds) throws {
        let time = Make.time.advanced(by: ahead)
        let early = try counts(of: time, after: .seconds(300))
        #expect(early == (1, 2, 1))
        let between = try counts(of: time, after: .seconds(700))
        #expect(between == (0, 2, 1))
        let late = try counts(of: time, after: .seconds(3700))
        #expect(late == (0, 0, 0))
    }
}

/// A machine on which nothing happens.
private struct StillSurroundings: RunEnvironment {
    let wall = Make.time
    let now = Instant.now()
    var random: (UInt64, UInt64) { (1, 2) }

    func set(_ timer: RunTimer, at moment: WallTime) {}
    func cancel(_ timer: RunTimer) {}
    func after(_ delay: Nanoseconds, _ body: @escaping @Sendable () -> Void) {}
    func run(_ call: any ComponentCall, for attempt: AttemptRef, of cell: RunActor) {}
    func abandon(_ attempt: AttemptRef, of cell: RunActor) {}
    func admitChild(
        of attempt: AttemptRef,
        of cell: RunActor,
        start: @escaping @Sendable () -> Void
    ) {}
    func adoptChild(of attempt: AttemptRef, of cell: RunActor) {}
    func allAdopted() {}
    func childEnded(of attempt: AttemptRef, of run: UUIDv7) {}
}
