import JSONWire
import Journal
import Primitives
import Rendezvous
import Storage
import TestKit
import Testing
import Workflows

@testable import Store

/// Runs share rows: each is found whatever else is in its chunk, and however often that is cut.
@Suite struct RunChunksTests {
    /// A run's id with the same time and the same first random bits as others.
    private static func twin(_ number: Int) -> UUIDv7 {
        UUIDv7(time: Make.time, random: (7, UInt64(number) << 2))
    }

    private static func event(_ run: UUIDv7, bytes: Int) -> JournalRecord {
        .advanced(run, .cancel(reason: String(repeating: "x", count: bytes)), Make.stamp())
    }

    /// Rows of a table, as they are in the file.
    private func count(_ fixture: StoreFixture, _ sql: String) throws -> Int64? {
        var file = DatabaseSettings(path: fixture.directory.path("s") + "/store.db")
        file.applicationID = StoreSchema.applicationID
        return try Database(file).integer("SELECT \(sql)")
    }

    @Test func `runs are found in any order, in chunks of a page's size`() throws {
        let fixture = try StoreFixture()
        let numbers = (0..<600).map { ($0 * 331) % 600 }
        try fixture.take(.text(Make.plan(1), [1]))
        for start in stride(from: 0, to: 600, by: 50) {
            try fixture.take([.began(numbers[start..<start + 50].map { Make.birth($0) }, [])])
        }
        for number in numbers { try fixture.take(Self.event(Make.run(number), bytes: number)) }
        #expect(try fixture.store.check() == [])
        for number in numbers {
            #expect(try fixture.store.run(Make.run(number))?.events.count == 2)
        }
        #expect(
            try fixture.store.runs(RunQuery()).map(\.id) == (549..<600).reversed().map(Make.run)
        )
        #expect(try #require(try count(fixture, "count(*) FROM run_chunks")) > 30)
        #expect(try #require(try count(fixture, "max(length(content)) FROM run_chunks")) < 8200)
    }

    @Test func `runs with the same key lie in one chunk, however many they are`() throws {
        let fixture = try StoreFixture()
        let ids = (0..<100).map(Self.twin)
        try fixture.take(.text(Make.plan(1), [1]), .began(ids.map(Make.birth(of:)), []))
        try fixture.take(
            .began([Make.birth(of: Self.twin(100))], []),
            Self.event(ids[50], bytes: 2000)
        )
        #expect(try count(fixture, "count(*) FROM run_chunks") == 1)
        #expect(try fixture.store.check() == [])
        #expect(try fixture.store.run(ids[50])?.events.count == 2)
        #expect(try fixture.store.run(Self.twin(100)) != nil)
        #expect(try fixture.store.run(Self.twin(101)) == nil)
    }

    @Test func `large events move out of the chunk and are read in their order`() throws {
        let fixture = try StoreFixture()
        try fixture.take(.text(Make.plan(1), [1]), .began([Make.birth(1), Make.birth(2)], []))
        let sizes = [10, 5000, 20, 30, 3000, 3000, 40]
        for size in sizes { try fixture.take(Self.event(Make.run(1), bytes: size)) }
        try fixture.take(Self.event(Make.run(2), bytes: 50))
        let stored = try #require(try fixture.store.run(Make.run(1)))
        let found = stored.events.dropFirst().map { row in
            if case .cancel(let reason) = row.event { reason.utf8.count } else { 0 }
        }
        #expect(Array(found) == sizes)
        #expect(try count(fixture, "count(*) FROM run_events") == 2)
        #expect(try fixture.store.stats().runEvents == 10)
        #expect(try fixture.store.check() == [])
    }

    @Test func `a record of a run that is not known changes nothing`() throws {
        let fixture = try StoreFixture()
        try fixture.take(
            .advanced(Make.run(1), .retry, Make.stamp()),
            .finished(Make.run(2), .failed, Make.time)
        )
        #expect(try fixture.store.run(Make.run(1)) == nil)
        #expect(try fixture.store.openRunCount() == 0)
        #expect(try count(fixture, "count(*) FROM run_chunks") == 0)
    }
}
