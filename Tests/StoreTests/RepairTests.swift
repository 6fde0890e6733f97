import Journal
import Primitives
import Storage
import TestKit
import Testing

@testable import Store

/// A damaged store says what it would give up, and is sound afterwards.
@Suite struct RepairTests {
    private func bench() throws -> Bench {
        let bench = try Bench()
        let late = Make.time.advanced(by: .seconds(3600))
        try bench.take(.text(Make.plan(1), [1]), .began([Make.birth(1)], []))
        try bench.take(
            .held(Make.arrival(1, key: Make.key("a"), .held), until: late, listener: 0),
            .held(Make.arrival(2, key: Make.key("b"), .held), until: late, listener: 0)
        )
        try bench.store.noteLog()
        return bench
    }

    private func repair(_ bench: Bench) throws -> [String] {
        bench.store.close()
        let repair = try StoreRepair(directory: bench.directory.path("s"))
        try repair.apply()
        #expect(try StoreRepair(directory: bench.directory.path("s")).steps.isEmpty)
        return repair.steps.map(\.text)
    }

    @Test func `a damaged row is removed, the others stay`() throws {
        let bench = try bench()
        try bench.tamper("UPDATE held SET until = until + 1 WHERE number = 3")
        try bench.tamper("DELETE FROM properties")
        let told = try repair(bench)
        #expect(told.count == 1)
        #expect(told.first?.contains("a row of `held` is damaged (3)") ?? false, "\(told)")
        try bench.reopen()
        #expect(try bench.store.check() == [])
        #expect(try bench.held().map(\.number) == [4])
        #expect(try bench.store.run(Make.run(1)) != nil)
    }

    @Test func `a damaged chunk of runs goes, with its runs named, and the counts fit`() throws {
        let bench = try bench()
        try bench.tamper("UPDATE run_chunks SET active = 1 - active")
        try bench.tamper("DELETE FROM properties")
        let told = try repair(bench)
        #expect(told.first?.contains(Make.run(1).text) ?? false, "\(told)")
        try bench.reopen()
        #expect(try bench.store.check() == [])
        #expect(try bench.store.run(Make.run(1)) == nil)
        #expect(try bench.store.openRunCount() == 0)
    }

    @Test func `the row of the store itself is made anew, with the secrets from beside it`() throws
    {
        let bench = try bench()
        let secrets = bench.store.secrets
        try bench.tamper("UPDATE store SET mask_key = x'00'")
        try bench.tamper("DELETE FROM properties")
        _ = try repair(bench)
        try bench.reopen()
        #expect(bench.store.secrets == secrets)
        #expect(bench.store.completeThrough == 4)
        #expect(try bench.store.check() == [])
    }

    @Test func `a log that is missing is gone on without when that is agreed to`() throws {
        let bench = try bench()
        let told = try repair(bench)
        #expect(told.count == 1 && told[0].hasPrefix("The log is missing"), "\(told)")
        try bench.reopen()
        #expect(!bench.store.hadLog)
    }

    @Test func `what a database's pages say is told as sentences`() throws {
        let bench = try bench()
        bench.store.close()
        let folder = bench.directory.path("s")
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
