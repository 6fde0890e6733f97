import LogKit
import Testing

@testable import SegmentLog

@Suite struct SegmentLogTests {
    private let disk = MemoryDisk()

    @Test func `records come back in order after a restart`() throws {
        let first = try OpenLog(disk)
        try first.commit("a", "", "c")
        first.log.close()
        let second = try OpenLog(disk)
        #expect(second.texts == ["a", "", "c"])
        #expect(second.log.nextSequence == 4)
        #expect(second.log.report.torn == nil)
        try second.commit("d")
        second.log.close()
        let third = try OpenLog(disk, after: 2)
        #expect(third.texts == ["c", "d"])
        third.log.close()
    }

    @Test func `a second opener is refused with the first one's process`() throws {
        let first = try OpenLog(disk)
        #expect(throws: LogError.locked(by: 4711)) { _ = try OpenLog(disk) }
        first.log.close()
    }

    @Test func `a record may be as long as a segment holds and no longer`() throws {
        let open = try OpenLog(disk)
        let limit = open.log.settings.recordBytesMax
        for count in [limit, limit - 1, limit - 9, 5000] {
            var batch = LogBatch()
            batch.append([UInt8](repeating: 7, count: count).span)
            open.events.wait(for: try open.log.append(batch))
        }
        var batch = LogBatch()
        batch.append([UInt8](repeating: 7, count: limit + 1).span)
        #expect(throws: LogError.recordTooLarge(bytes: limit + 1, limitBytes: limit)) {
            try open.log.append(batch)
        }
        open.log.close()
        let again = try OpenLog(disk)
        #expect(
            again.records.sorted { $0.key < $1.key }.map(\.value.count)
                == [limit, limit - 1, limit - 9, 5000]
        )
        again.log.close()
    }

    @Test func `more than may wait is refused and fits again once there is room`() throws {
        var settings = LogFixture.settings()
        settings.pendingBytesMax = 100
        let open = try OpenLog(disk, settings)
        #expect(throws: LogError.pendingFull(limitBytes: 100)) {
            try open.log.append(LogFixture.batch("a", "b", "c"))
        }
        for _ in 0..<20 { try open.commit("a") }
        #expect(open.log.pendingBytes == 0)
        open.log.close()
    }

    @Test func `a closed log takes nothing`() throws {
        let open = try OpenLog(disk)
        open.log.close()
        open.log.close()
        #expect(throws: LogError.closed) { try open.log.append(LogFixture.batch("a")) }
        #expect(open.log.failure == .closed)
    }

    @Test func `what waits is written before the log closes`() throws {
        let open = try OpenLog(disk)
        for number in 0..<200 { try open.log.append(LogFixture.batch("\(number)")) }
        open.log.close()
        #expect(open.events.told.committed == 200)
        let again = try OpenLog(disk)
        #expect(again.texts == (0..<200).map(String.init))
        again.log.close()
    }

    @Test func `sequences begin where the caller wants them`() throws {
        var settings = LogFixture.settings()
        let first = try OpenLog(disk, settings)
        try first.commit("a")
        first.log.close()
        settings.sequenceMin = 1000
        let second = try OpenLog(disk, settings, after: 1)
        try second.commit("b")
        second.log.close()
        let third = try OpenLog(disk)
        #expect(third.records.keys.sorted() == [1, 1000])
        third.log.close()
    }

    @Test func `a refused record stops the start`() throws {
        let open = try OpenLog(disk)
        try open.commit("a", "b")
        open.log.close()
        #expect(throws: LogError.replayStopped(sequence: 2)) {
            try SegmentLog(
                settings: LogFixture.settings(),
                files: disk,
                replay: { sequence, _ in sequence < 2 },
                onEvent: { _ in }
            )
        }
        try OpenLog(disk).log.close()
    }

    @Test func `relaxed records are acknowledged first and synced soon after`() throws {
        var settings = LogFixture.settings()
        settings.durability = .relaxed
        settings.relaxedSyncDelay = 20_000_000
        let open = try OpenLog(disk, settings)
        try open.commit("a")
        #expect(open.events.told.committed == 1)
        #expect(open.events.wait { $0.synced == 1 })
        try open.log.append(LogFixture.batch("b"))
        open.log.close()
        #expect(open.events.told.synced == 2)
    }

    @Test func `a log can be checked while it is open`() throws {
        let open = try OpenLog(disk)
        try open.commit("a", "b")
        let report = try SegmentLog.check(files: disk)
        #expect(report.records == 2)
        #expect(report.nextSequence == 3)
        #expect(report.segments == 1)
        open.log.close()
    }
}
