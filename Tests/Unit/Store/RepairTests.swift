import Journal
import Primitives
import Storage
import TestKit
import Testing

@testable import Store

/// A damaged store says what it would give up, and is sound afterwards.
@Suite struct RepairTests {
    private func fixture() throws -> StoreFixture {
        let fixture = try StoreFixture()
        let late = Make.time.advanced(by: .seconds(3600))
        try fixture.take(.text(Make.plan(1), [1]), .began([Make.birth(1)], []))
        try fixture.take(
            .held(Make.arrival(1, key: Make.key("a"), .held), until: late, listener: 0),
            .held(Make.arrival(2, key: Make.key("b"), .held), until: late, listener: 0)
        )
        try fixture.store.noteLog()
        return fixture
    }

    private func repair(_ fixture: StoreFixture) throws -> [String] {
        fixture.store.close()
        let repair = try StoreRepair(directory: fixture.directory.path("s"))
        try repair.apply()
        #expect(try StoreRepair(directory: fixture.directory.path("s")).steps.isEmpty)
        return repair.steps.map(\.text)
    }

    @Test func `a damaged row is removed, the others stay`() throws {
        let fixture = try fixture()
        try fixture.tamper("UPDATE held SET until = until + 1 WHERE number = 3")
        try fixture.tamper("DELETE FROM properties")
        let told = try repair(fixture)
        #expect(told.count == 1)
        #expect(told.first?.contains("a row of `held` is damaged (3)") ?? false, "\(told)")
        try fixture.reopen()
        #expect(try fixture.store.check() == [])
        #expect(try fixture.held().map(\.number) == [4])
        #expect(try fixture.store.run(Make.run(1)) != nil)
    }

    @Test func `a damaged chunk of runs goes, with its runs named, and the counts fit`() throws {
        let fixture = try fixture()
        try fixture.tamper("UPDATE run_chunks SET active = 1 - active")
        try fixture.tamper("DELETE FROM properties")
        let told = try repair(fixture)
        #expect(told.first?.contains(Make.run(1).text) ?? false, "\(told)")
        try fixture.reopen()
        #expect(try fixture.store.check() == [])
        #expect(try fixture.store.run(Make.run(1)) == nil)
        #expect(try fixture.store.openRunCount() == 0)
    }

    @Test func `the row of the store itself is made anew, with the secrets from beside it`() throws
    {
        let fixture = try fixture()
        let secrets = fixture.store.secrets
        try fixture.tamper("UPDATE store SET mask_key = x'00'")
        try fixture.tamper("DELETE FROM properties")
        _ = try repair(fixture)
        try fixture.reopen()
        #expect(fixture.store.secrets == secrets)
        #expect(fixture.store.completeThrough == 4)
        #expect(try fixture.store.check() == [])
    }

    @Test func `a log that is missing is gone on without when that is agreed to`() throws {
        let fixture = try fixture()
        let told = try repair(fixture)
        #expect(told.count == 1 && told[0].hasPrefix("The log is missing"), "\(told)")
        try fixture.reopen()
        #expect(!fixture.store.hadLog)
    }

    @Test func `what a database's pages say is told as sentences`() throws {
        let fixture = try fixture()
        fixture.store.close()
        let folder = fixture.directory.path("s")
        let file = DatabaseSettings(path: folder + "/store.db", owner: StoreSchema.applicationID)
        _ = try Database(file).checkpoint(.truncate)
        var bytes = try Files.bytes(file.path)
        let page = StoreSchema.pageBytes
        try #require(bytes.count > 4 * page)
        for index in 3 * page..<3 * page + 200 { bytes[index] ^= 0x41 }
        try Files.write(bytes, to: file.path)
        Files.removeTree(folder + "/log")
        let told = try StoreInspection.check(directory: folder)
        #expect(!told.isEmpty)
        for line in told {
            let isSentence =
                !line.contains("***") && !line.contains("COMMIT") && !line.contains("\n")
            #expect(isSentence, "\(line)")
        }
        try Files.write([], to: file.path)
        for suffix in ["-wal", "-shm"] { Files.removeTree(file.path + suffix) }
        let empty = try StoreInspection.check(directory: folder)
        #expect(
            empty.first?.contains("store.db is empty; `sluice store repair`") ?? false,
            "\(empty)"
        )
    }
}
