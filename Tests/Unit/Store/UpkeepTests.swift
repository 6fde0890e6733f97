import Journal
import Primitives
import Rendezvous
import Storage
import TestKit
import Testing
import Workflows

@testable import Store

/// Opening, copying, counting and checking a store.
@Suite struct UpkeepTests {
    private func opening(_ path: String) -> StoreError.Kind? {
        do throws(StoreError) {
            try Store(directory: path, settings: StoreSettings(), log: .silent).close()
            return nil
        } catch {
            return error.kind
        }
    }

    @Test func `a store of a newer version is refused and says so`() throws {
        let fixture = try StoreFixture()
        fixture.store.close()
        let file = DatabaseSettings(path: fixture.directory.path("s") + "/store.db")
        var own = file
        own.applicationID = StoreSchema.applicationID
        try Database(own).execute("PRAGMA user_version = 99")
        let error = #expect(throws: StoreError.self) {
            _ = try Store(directory: fixture.directory.path("s"), settings: .init(), log: .silent)
        }
        #expect(error?.kind == .newerVersion)
        #expect(error?.description.contains("newer version") ?? false)
    }

    @Test func `what is no store is refused`() throws {
        let directory = try TemporaryDirectory()
        try Files.write(
            "this is no database, and longer than a header has to be: "
                + String(repeating: "x", count: 100),
            to: directory.path("store.db")
        )
        #expect(opening(directory.path) == .corrupt)
        let other = try TemporaryDirectory()
        var foreign = DatabaseSettings(path: other.path("store.db"))
        foreign.applicationID = 7
        try Database(foreign).execute("CREATE TABLE t (a)")
        #expect(opening(other.path) == .corrupt)
        #expect(opening("/proc/nowhere/store") == .cannotOpen)
    }

    @Test func `secrets are drawn once for a store`() throws {
        let fixture = try StoreFixture()
        let first = fixture.store.secrets
        try fixture.reopen()
        #expect(fixture.store.secrets.fingerprintKey == first.fingerprintKey)
        #expect(fixture.store.secrets.maskKey == first.maskKey)
        #expect(try StoreFixture().store.secrets.maskKey != first.maskKey)
    }

    @Test func `a backup is a store with the same content`() throws {
        let fixture = try StoreFixture()
        try fixture.take(
            .text(Make.plan(1), [1]),
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time)
        )
        let copy = try TemporaryDirectory()
        try fixture.store.backUp(to: copy.path("store.db"))
        try fixture.take(.finished(Make.run(1), .failed, Make.time))
        let store = try Store(directory: copy.path, settings: .init(), log: .silent)
        #expect(store.completeThrough == 3)
        #expect(try store.run(Make.run(1))?.waits == [Make.wait(1)])
        #expect(try store.check() == [])
        store.close()
        let error = #expect(throws: StoreError.self) {
            try fixture.store.backUp(to: copy.path("store.db"))
        }
        #expect(error?.kind == .cannotOpen)
    }

    @Test func `a backup says that it is one until a server has it`() throws {
        let fixture = try StoreFixture()
        try fixture.take(.text(Make.plan(1), [1]), .began([Make.birth(1)], []))
        try fixture.store.noteLog()
        try fixture.reopen()
        #expect(fixture.store.hadLog && !fixture.store.isBackup)
        let copy = try TemporaryDirectory()
        try fixture.store.backUp(to: copy.path("store.db"))
        let store = try Store(directory: copy.path, settings: .init(), log: .silent)
        #expect(store.isBackup && !store.hadLog)
        // With its secrets, so that senders are known again.
        #expect(store.secrets == fixture.store.secrets)
        try store.noteLog()
        store.close()
        let again = try Store(directory: copy.path, settings: .init(), log: .silent)
        #expect(!again.isBackup && again.hadLog)
        #expect(try again.check() == [])
        again.close()
    }

    @Test func `a store knows how much it takes, and that retention makes it less`() throws {
        let fixture = try StoreFixture()
        let empty = fixture.store.sizeBytes
        let old = WallTime(milliseconds: WallTime.now().milliseconds - 30 * 86_400_000)
        try fixture.take(
            (0..<200).map { .received(Make.request($0, .triggered, time: old, bodyBytes: 10_000)) }
        )
        #expect(fixture.store.sizeBytes > empty + 2_000_000)
        // What is old is looked for when a store is opened.
        try fixture.reopen()
        try eventually("the requests to go") { fixture.store.sizeBytes < empty + 1_000_000 }
    }

    @Test func `a store counts what it holds`() throws {
        let fixture = try StoreFixture()
        try fixture.take(
            .text(Make.plan(1), [1]),
            .began([Make.birth(1), Make.birth(2)], []),
            .waiting(Make.wait(1), keys: [Make.key("a")], deadline: Make.time),
            .held(Make.arrival(1, key: Make.key("h"), .held), until: Make.time, listener: 0),
            .ended(Make.wait(2), .cancelled, Make.time),
            .finished(Make.run(2), .failed, Make.time)
        )
        let stats = try fixture.store.stats()
        #expect(stats.runs == 2 && stats.openRuns == 1 && stats.runEvents == 2)
        #expect(stats.waits == 1 && stats.held == 1 && stats.marks == 0 && stats.texts == 1)
        #expect(stats.requests == 1 && stats.oldestRequest == Make.time)
        #expect(stats.newestRequest == Make.time && stats.completeThrough == 6)
        #expect(stats.schemaVersion == 3 && stats.usedBytes > 0)
        #expect(try fixture.store.usedBytes() == stats.usedBytes)
    }

    @Test func `a check tells what does not fit together`() throws {
        let fixture = try StoreFixture()
        try fixture.take(.text(Make.plan(1), [1]), .began([Make.birth(1)], []))
        #expect(try fixture.store.check() == [])
        var file = DatabaseSettings(path: fixture.directory.path("s") + "/store.db")
        file.applicationID = StoreSchema.applicationID
        try Database(file).execute("DELETE FROM run_chunks")
        #expect(try fixture.store.check().count == 2)
    }

    @Test func `the owner is told on and on how far the store is complete`() throws {
        let fixture = try StoreFixture()
        let told = SleepingLock<[UInt64]>([])
        fixture.store.start { through in told.withLock { $0.append(through) } }
        try fixture.take(.began([Make.birth(1)], []))
        fixture.store.take([], through: 8)
        try fixture.store.flush()
        try eventually { told.withLock { $0.last } == 8 }
        #expect(told.withLock { $0 } == told.withLock { $0 }.sorted())
        #expect(fixture.store.completeThrough == 8 && fixture.store.backlog.records == 0)
    }

    @Test func `a closed store refuses to wait`() throws {
        let fixture = try StoreFixture()
        fixture.store.close()
        #expect(throws: StoreError.self) { try fixture.store.flush() }
    }
}
