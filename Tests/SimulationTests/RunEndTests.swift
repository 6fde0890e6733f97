import Executor
import JSONWire
import Primitives
import Rendezvous
import Runs
import Testing

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
}
