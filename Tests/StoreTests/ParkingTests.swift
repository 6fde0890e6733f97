import Journal
import Primitives
import Rendezvous
import Store
import Testing
import Workflows

/// Runs that only wait do not go on after a restart; any event of theirs takes that back.
@Suite struct ParkingTests {
    private func waiting(_ bench: Bench) throws {
        try bench.take(
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time)
        )
    }

    private var delivered: JournalRecord {
        .delivered(Make.wait(1), Make.arrival(1, key: Make.key("a"), .delivered), Make.stamp())
    }

    @Test func `a run that was noted does not go on`() throws {
        let bench = try Bench()
        try waiting(bench)
        bench.store.notePark(Make.run(1), after: 2)
        try bench.store.flush()
        #expect(try bench.store.runsToResume().isEmpty)
        try bench.reopen()
        #expect(try bench.store.runsToResume().isEmpty)
        #expect(try bench.store.openRunCount() == 1)
    }

    @Test func `an event after the note has it go on`() throws {
        let bench = try Bench()
        try waiting(bench)
        bench.store.notePark(Make.run(1), after: 2)
        try bench.store.flush()
        try bench.take(delivered)
        #expect(try bench.store.runsToResume() == [Make.run(1)])
    }

    @Test func `a note that comes after a later event is void`() throws {
        let bench = try Bench()
        try waiting(bench)
        try bench.take(delivered)
        bench.store.notePark(Make.run(1), after: 2)
        try bench.store.flush()
        #expect(try bench.store.runsToResume() == [Make.run(1)])
    }

    @Test func `a note that is overtaken in one batch is void`() throws {
        let bench = try Bench()
        bench.store.notePark(Make.run(1), after: 2)
        try bench.take(
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time),
            delivered
        )
        #expect(try bench.store.runsToResume() == [Make.run(1)])
    }

    @Test func `a note waits until the store is complete that far`() throws {
        let bench = try Bench()
        bench.store.notePark(Make.run(1), after: 2)
        try bench.take(.began([Make.birth(1)], []))
        #expect(try bench.store.runsToResume() == [Make.run(1)])
        try bench.take(.waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time))
        #expect(try bench.store.runsToResume().isEmpty)
    }

    @Test func `an ended run is not made active by a late event`() throws {
        let bench = try Bench()
        try waiting(bench)
        try bench.take(.finished(Make.run(1), .failed, Make.time))
        try bench.take(.advanced(Make.run(1), .cancel(reason: "late"), Make.stamp()))
        #expect(try bench.store.runsToResume().isEmpty)
    }
}
