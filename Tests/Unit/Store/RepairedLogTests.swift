import Primitives
import SegmentLog
import TestKit
import Testing

@testable import Journal
@testable import Store

/// What a repair says and does where the log matters, and what a check tells of it.
@Suite struct RepairedLogTests {
    private let directory: TemporaryDirectory
    private var path: String { directory.path("s") }

    init() throws { directory = try TemporaryDirectory() }

    private func settings(segmentBlocks: Int) -> LogSettings {
        var settings = LogSettings()
        settings.segmentBytes = segmentBlocks * 4096
        settings.numbering = .caller
        return settings
    }

    /// Makes a store whose database has the first `stored` of `count` records, and a log that has let go of those up to
    /// `released`.
    private func make(count: Int, stored: Int, released: Int = 0) throws {
        let store = try Store(directory: path, settings: StoreSettings(), log: .silent)
        let files = try POSIXFileSystem(directory: path + "/log")
        let parked = Watched<UInt64>(0)
        let log = try SegmentLog(
            settings: settings(segmentBlocks: 8),
            files: files,
            replay: { _, _ in true },
            onEvent: { event in
                if case .committed(let through) = event { parked.withLock { $0 = through } }
            }
        )
        for number in 1...UInt64(count) {
            let numbered = NumberedRecord(number: number, record: .received(request(number)))
            var batch = LogBatch()
            batch.append(Array(numbered.bytes).span, sequence: number)
            try log.append(batch)
            _ = parked.wait(until: .standard) { $0 >= number ? true : nil }
            if number <= stored { store.take([numbered], through: number) }
        }
        try store.flush()
        try store.noteLog()
        log.release(through: UInt64(released))
        if released > 0 {
            try eventually("segments to be let go of") {
                try !files.list().contains("segment-0000000000000001.log")
            }
        }
        log.close()
        store.close()
    }

    private func request(_ number: UInt64) -> ReceivedRequest {
        ReceivedRequest(
            id: .fresh(),
            time: .now(),
            endpoint: "POST :8090/a",
            method: "POST",
            target: "/a",
            peer: "127.0.0.1",
            headers: [],
            body: [UInt8](repeating: 0x61, count: 3000),
            status: .progress,
            code: "",
            note: "\(number)",
            key: [],
            replayOf: nil
        )
    }

    private func segments() throws -> [String] {
        try Files.below(path + "/log").filter { $0.hasPrefix("segment-") }
    }

    private func flip(_ name: String, at offset: Int, count: Int = 8) throws {
        var bytes = try Files.bytes(path + "/" + name)
        for index in offset..<offset + count { bytes[index] ^= 0x41 }
        try Files.write(bytes, to: path + "/" + name)
    }

    private func remove(_ names: String...) {
        for name in names { Files.removeTree(path + "/" + name) }
    }

    private func loseDatabase() { remove("store.db", "store.db-wal", "store.db-shm") }

    /// Repairs it; gives the steps and notes.
    private func repair() throws -> (steps: [String], notes: [String]) {
        let told = try applied()
        // It has let go of the lock.
        let again = try StoreRepair(directory: path)
        #expect(again.steps.isEmpty, "\(again.steps.map(\.text))")
        return told
    }

    private func applied() throws -> (steps: [String], notes: [String]) {
        let repair = try StoreRepair(directory: path)
        try repair.apply()
        return (repair.steps.map(\.text), repair.notes)
    }

    private func requests() throws -> Int {
        try StoreInspection(directory: path).stats().requests
    }

    @Test func `a sound store is sound, and needs no repair`() throws {
        try make(count: 20, stored: 10)
        #expect(try StoreInspection.check(directory: path) == [])
        let told = try repair()
        #expect(told.steps.isEmpty && told.notes.isEmpty)
    }

    @Test func `a log that is missing beside a store that knows of it is told`() throws {
        try make(count: 20, stored: 10)
        remove("log")
        let told = try StoreInspection.check(directory: path)
        #expect(told.count == 1 && told[0].contains("is missing, and what was accepted last"))
        #expect(try repair().steps.map { $0.hasPrefix("The log is missing") } == [true])
        #expect(try StoreInspection.check(directory: path) == [])
    }

    @Test(arguments: ["missing", "damaged", "another store's"])
    func `secrets that are missing, damaged or others are told, and written anew`(
        _ what: String
    ) throws {
        try make(count: 2, stored: 2)
        let sound = try Files.bytes(path + "/secrets")
        switch what {
        case "missing": remove("secrets")
        case "damaged": try flip("secrets", at: 40, count: 1)
        default:
            let other = try TemporaryDirectory()
            let store = try Store(
                directory: other.path("s"),
                settings: StoreSettings(),
                log: .silent
            )
            store.close()
            try Files.write(Files.bytes(other.path("s") + "/secrets"), to: path + "/secrets")
        }
        let told = try StoreInspection.check(directory: path)
        let word = what == "another store's" ? "belongs to another store" : "is \(what)"
        #expect(told.count == 1 && told[0].contains("/secrets \(word)"), "\(told)")
        let steps = try repair().steps
        #expect(steps.count == 1 && steps[0].hasSuffix("Nothing is given up."), "\(steps)")
        #expect(try Files.bytes(path + "/secrets") == sound)
        #expect(try StoreInspection.check(directory: path) == [])
    }

    @Test func `a database that is lost is made anew from a whole log`() throws {
        try make(count: 20, stored: 20)
        loseDatabase()
        let told = try StoreInspection.check(directory: path)
        #expect(told.count == 1 && told[0].contains("store.db is missing; `sluice store repair`"))
        let steps = try repair().steps
        #expect(
            steps == ["store.db is missing: it is made anew from the log. Nothing is given up."]
        )
    }

    @Test func `of a database that is lost what the log has let go of is given up, and no more`()
        throws
    {
        try make(count: 40, stored: 40, released: 30)
        loseDatabase()
        let steps = try repair().steps
        #expect(steps.count == 1, "\(steps)")
        #expect(steps[0].contains("Given up is all that was stored before record "), "\(steps)")
        let settings = StoreSettings()
        let store = try Store(directory: path, settings: settings, log: .silent)
        defer { store.close() }
        // A server takes the rest out of the log.
        let first = store.completeThrough
        #expect(first > 1 && first <= 30)
        let report = try SegmentLog.check(
            files: POSIXFileSystem(directory: path + "/log"),
            after: first
        )
        #expect(report.nextSequence == 41)
    }

    @Test
    func
        `what comes before damage in the middle of a log is saved, also without a database`()
        throws
    {
        try make(count: 20, stored: 3)
        // A record that the store does not have.
        let second = try #require(segments().dropFirst().first)
        try flip("log/" + second, at: 2 * 4096 + 64)
        let steps = try repair().steps
        #expect(steps.count == 1 && steps[0].contains(" records before that place"), "\(steps)")
        let saved = try requests()
        #expect(saved > 3 && saved < 20)
        // The same without a database.
        Files.removeTree(path)
        try make(count: 20, stored: 3)
        try flip("log/" + second, at: 2 * 4096 + 64)
        loseDatabase()
        let told = try repair().steps
        #expect(told.count == 2, "\(told)")
        #expect(
            told[0] == "store.db is missing: it is made anew from what can be read of the log."
        )
        #expect(!told[1].contains("Given up is everything"))
        #expect(try requests() > 3)
    }

    @Test func `damage of the log that the store has is noted, and nothing is repaired`() throws {
        try make(count: 20, stored: 20)
        let first = try #require(segments().first)
        try flip("log/" + first, at: 2 * 4096 + 64)
        let told = try repair()
        #expect(told.steps.isEmpty, "\(told.steps)")
        #expect(told.notes.count == 1 && told.notes[0].contains("a start passes over it"))
    }
}
