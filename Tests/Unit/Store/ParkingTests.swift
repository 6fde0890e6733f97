import Journal
import Primitives
import Rendezvous
import Store
import Testing
import Workflows

/// Runs that only wait do not go on after a restart; any event of theirs takes that back.
@Suite struct ParkingTests {
    private func waiting(_ fixture: StoreFixture) throws {
        try fixture.take(
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time)
        )
    }

    private var delivered: JournalRecord {
        .delivered(Make.wait(1), Make.arrival(1, key: Make.key("a"), .delivered), Make.stamp())
    }

    @Test func `a run that was noted does not go on`() throws {
        let fixture = try StoreFixture()
        try waiting(fixture)
        fixture.store.notePark(Make.run(1), after: 2)
        try fixture.store.flush()
        #expect(try fixture.store.runsToResume().isEmpty)
        try fixture.reopen()
        #expect(try fixture.store.runsToResume().isEmpty)
        #expect(try fixture.store.openRunCount() == 1)
    }

    @Test func `an event after the note has it go on`() throws {
        let fixture = try StoreFixture()
        try waiting(fixture)
        fixture.store.notePark(Make.run(1), after: 2)
        try fixture.store.flush()
        try fixture.take(delivered)
        #expect(try fixture.store.runsToResume() == [Make.run(1)])
    }

    @Test func `a note that comes after a later event is void`() throws {
        let fixture = try StoreFixture()
        try waiting(fixture)
        try fixture.take(delivered)
        fixture.store.notePark(Make.run(1), after: 2)
        try fixture.store.flush()
        #expect(try fixture.store.runsToResume() == [Make.run(1)])
    }

    @Test func `a note that is overtaken in one batch is void`() throws {
        let fixture = try StoreFixture()
        fixture.store.notePark(Make.run(1), after: 2)
        try fixture.take(
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time),
            delivered
        )
        #expect(try fixture.store.runsToResume() == [Make.run(1)])
    }

    @Test func `a note waits until the store is complete that far`() throws {
        let fixture = try StoreFixture()
        fixture.store.notePark(Make.run(1), after: 2)
        try fixture.take(.began([Make.birth(1)], []))
        #expect(try fixture.store.runsToResume() == [Make.run(1)])
        try fixture.take(.waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time))
        #expect(try fixture.store.runsToResume().isEmpty)
    }

    @Test func `an ended run is not made active by a late event`() throws {
        let fixture = try StoreFixture()
        try waiting(fixture)
        try fixture.take(.finished(Make.run(1), .failed, Make.time))
        try fixture.take(.advanced(Make.run(1), .cancel(reason: "late"), Make.stamp()))
        #expect(try fixture.store.runsToResume().isEmpty)
    }
}
