import Executor
import JSONWire
import Primitives
import Rendezvous
import Runs
import TestKit
import Testing
import Workflows

/// The end of a run and the ends of its waits, while the journal fails in between.
@Suite struct RunEndTests {
    /// A world with a run that waits for two callbacks, all of it settled.
    private static func waiting() throws -> (World, UUIDv7) {
        let world = World(seed: 2, sabotage: .none)
        world.start()
        let order = RunEngine.Order(workflow: "each", input: .object(["key": .string("k0")]))
        let run = try world.life.engine.start(order, requestID: nil)
        world.settleAll()
        try #require(world.life.table.counts.waiters == 2)
        return (world, run)
    }

    /// Has the run cancelled while the records of its waits' ends are refused, and that of its own end could be taken.
    private static func cancel(_ run: UUIDv7, in world: World) {
        let life = world.life
        _ = life.engine.cancel(run, reason: "no more")
        life.pool.doOne(0)
        life.journal.commit(.max)
        world.meanwhile = [{ life.journal.fail() }, { life.journal.recover {} }]
        life.pool.doOne(0)
        world.meanwhile = []
        life.journal.recover {}
        life.journal.commit(.max)
    }

    @Test func `it is noted after the ends of its waits`() throws {
        let (world, run) = try Self.waiting()
        Self.cancel(run, in: world)
        world.settleAll()
        #expect(world.violation == nil)
        #expect(world.life.table.counts.waiters == 0)
        #expect(world.store.runs[run]?.isFinished == true)
    }

    @Test func `after a crash in between nothing waits for a run that has ended`() throws {
        let (world, run) = try Self.waiting()
        Self.cancel(run, in: world)
        world.crash()
        world.settleAll()
        #expect(world.violation == nil)
        #expect(world.life.table.counts.waiters == 0)
        #expect(world.store.runs[run]?.isFinished == true)
    }

    /// Retries a run on a thread of its own, while another one is somewhere in the middle of its end.
    private final class Retry {
        private let isReturned = Watched(false)
        private let isStored = Watched(false)
        private var thread: WorkerThread?

        /// Begins, and gives the retry the time to get through where nothing keeps it back.
        func begin(_ run: UUIDv7, _ engine: RunEngine) {
            thread = WorkerThread(name: "retry") { [isReturned, isStored] in
                engine.retry(run) { result in
                    if case .stored = result { isStored.withLock { $0 = true } }
                }
                isReturned.withLock { $0 = true }
            }
            _ = isReturned.wait(until: .milliseconds(100)) { $0 ? true : nil }
        }

        /// Waits until it has returned.
        func join() {
            thread?.join()
            thread = nil
        }

        /// Whether it was told that the retry is stored.
        var wasStored: Bool { isStored.withLock { $0 } }
    }

    /// Lets a run fail and retries it when it asks for the time for the `moment`-th time; false where it does so less often.
    private static func retry(at moment: Int) throws -> Bool {
        let world = World(seed: 2, sabotage: .none)
        world.start()
        let life = world.life
        let order = RunEngine.Order(workflow: "branches", input: .object(["key": .string("k0")]))
        let run = try life.engine.start(order, requestID: nil)
        world.settleAll()
        let last = life.surroundings.flights.popLast()
        let flight = try #require(last)
        let failure = CallFailure(code: .connectFailed, message: "no")
        flight.cell.send(.event(.responded(flight.attempt, .failure(failure))))
        let retry = Retry()
        var asked = 0
        life.surroundings.onClock = {
            asked += 1
            if asked == moment { retry.begin(run, life.engine) }
        }
        while !life.isIdle || life.journal.waitingCount > 0 {
            while !life.isIdle {
                life.pool.doOne(0)
                retry.join()
            }
            life.journal.commit(.max)
            retry.join()
        }
        life.surroundings.onClock = nil
        world.settleAll()
        world.crash()
        world.settleAll()
        #expect(world.violation == nil, "moment \(moment)")
        let isOver = world.store.runs[run]?.isFinished == true
        #expect(isOver == !retry.wasStored, "moment \(moment)")
        #expect(world.life.surroundings.flights.count == (retry.wasStored ? 1 : 0))
        return asked >= moment
    }

    @Test func `a retry in the middle of it is not lost by the note of that end`() throws {
        var moment = 1
        while try Self.retry(at: moment) { moment += 1 }
        // The failure, the end of the other wait, the end of the run.
        #expect(moment > 2)
    }
}
