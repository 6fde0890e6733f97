import Executor
import JSONWire
import Journal
import Primitives
import Rendezvous
import Testing

@testable import Listeners
@testable import Runs

/// What was decided in a turn, and when it goes on.
@Suite struct CallbackBatchTests {
    private static let listeners = #"""
          - type: http-callback
            port: 8090
            callbacks: [ { path: /a, identify_by: "${body.id}" } ]
        """#

    /// Starts a run that waits for a key.
    private func start(_ key: String, _ fixture: ListenerFixture) throws -> UUIDv7 {
        let order = RunEngine.Order(
            workflow: "waits",
            input: .object(["key": .string(key)])
        )
        let id = try fixture.engine.start(order, requestID: nil)
        fixture.work()
        return id
    }

    private func isOver(_ run: UUIDv7, _ fixture: ListenerFixture) -> Bool {
        fixture.work()
        return fixture.engine.registry.find(run)?.toldOutcome != nil
    }

    @Test func `without a store runs get their callbacks together when the turn ends`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let runs = try ["x", "y"].map { try start($0, fixture) }
        for key in ["x", "y"] {
            let told = fixture.decide(#"{"id":"\#(key)"}"#, at: fixture.endpoints[0]).told
            #expect(told == #"200 {"status":"delivered"}"#)
        }
        #expect(runs.map { isOver($0, fixture) } == [false, false])
        fixture.batch.end()
        #expect(fixture.pool.queuedCount == 2)
        #expect(runs.map { isOver($0, fixture) } == [true, true])
    }

    @Test func `with a journal a run gets its callback when the record is committed`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        let run = try startJournaled("x", fixture, journal)
        let decision = fixture.decide(#"{"id":"x"}"#, at: fixture.endpoints[0])
        let before = journal.records.count
        fixture.batch.end()
        #expect(journal.records.count == before + 1)
        guard case .delivered(let wait, let arrival, _)? = journal.records.last else {
            Issue.record("no record of a delivery")
            return
        }
        #expect(wait.run == run && arrival.callback.resultBytes == Array(#"{"id":"x"}"#.utf8))
        #expect(!isOver(run, fixture))
        #expect(journal.status(of: decision.number) == nil)
        journal.settle(true)
        fixture.work()
        journal.settle(true)
        #expect(isOver(run, fixture))
    }

    @Test func `what is not committed is taken back, and the run waits on`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        let run = try startJournaled("x", fixture, journal)
        _ = fixture.decide(#"{"id":"x"}"#, at: fixture.endpoints[0])
        fixture.batch.end()
        journal.settle(false)
        #expect(!isOver(run, fixture))
        let again = fixture.decide(#"{"id":"x"}"#, at: fixture.endpoints[0])
        #expect(again.told == #"200 {"status":"delivered"}"#)
    }

    @Test func `held ones are written with the moment up to which they are held`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        let start = WallTime.now()
        _ = fixture.decide(#"{"id":"early"}"#, at: fixture.endpoints[0])
        #expect(journal.records.isEmpty)
        fixture.batch.end()
        guard case .held(let arrival, let until, _)? = journal.records.first else {
            Issue.record("no record of a held callback")
            return
        }
        #expect(arrival.callback.key.bytes == Array("early".utf8))
        #expect(until.milliseconds > start.milliseconds)
    }

    @Test func `ending a turn without decisions does nothing`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        fixture.batch.end()
        #expect(journal.records.isEmpty && fixture.pool.queuedCount == 0)
    }

    /// Starts a run and settles all that it has written until it waits.
    private func startJournaled(
        _ key: String,
        _ fixture: ListenerFixture,
        _ journal: ManualJournal
    ) throws -> UUIDv7 {
        let run = try start(key, fixture)
        for _ in 0..<8 {
            journal.settle(true)
            fixture.work()
        }
        return run
    }
}
