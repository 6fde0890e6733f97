import LogKit
import Testing

@testable import SegmentLog

@Suite struct RecyclingTests {
    private let disk = MemoryDisk()

    private func fill(_ open: OpenLog, records: Int) throws(LogError) {
        for _ in 0..<records {
            var batch = LogBatch()
            batch.append([UInt8](repeating: 5, count: 3000).span)
            open.events.wait(for: try open.log.append(batch))
            if let failure = open.events.told.failure { throw failure }
        }
    }

    @Test func `released segments are used again and the directory stays small`() throws {
        let open = try OpenLog(disk)
        for _ in 0..<30 {
            try fill(open, records: 20)
            open.log.release(through: open.events.told.committed)
        }
        let names = try disk.list()
        #expect(names.count < 20)
        open.log.close()
        let again = try OpenLog(disk, after: 600)
        #expect(again.records.isEmpty)
        #expect(again.log.nextSequence == 601)
        again.log.close()
    }

    @Test func `a log that is full refuses and goes on when something is released`() throws {
        var settings = LogFixture.settings()
        settings.sizeBytesMax = UInt64(settings.segmentBytes * 4)
        let open = try OpenLog(disk, settings)
        #expect(throws: LogError.self) { try fill(open, records: 200) }
        let committed = open.events.told.committed
        #expect(committed > 20)
        #expect(committed < 40)
        open.log.release(through: committed)
        open.events.clearFailure()
        try open.log.reopen()
        try fill(open, records: 10)
        open.log.close()
        let again = try OpenLog(disk, settings)
        #expect(again.log.nextSequence == committed + 11)
        again.log.close()
    }

    @Test func `a log that is full to the last block can be opened, read and released`() throws {
        var settings = LogFixture.settings()
        settings.sizeBytesMax = UInt64(settings.segmentBytes * 4)
        let first = try OpenLog(disk, settings)
        #expect(throws: LogError.self) { try fill(first, records: 200) }
        let committed = first.events.told.committed
        first.log.close()
        for _ in 0..<10 {
            let open = try OpenLog(disk, settings)
            #expect(open.log.nextSequence == committed + 1)
            open.log.close()
        }
        let last = try OpenLog(disk, settings, after: committed)
        try fill(last, records: 20)
        last.log.close()
    }

    @Test func `a log that lacks what its owner needs is refused`() throws {
        let open = try OpenLog(disk)
        try fill(open, records: 30)
        open.log.release(through: 25)
        try fill(open, records: 10)
        open.log.close()
        let first = try SegmentLog.check(files: disk).firstSequence
        #expect(first > 10)
        #expect(throws: LogError.recordsMissing(needed: 6, first: first)) {
            _ = try OpenLog(disk, after: 5)
        }
        let again = try OpenLog(disk, after: 25)
        #expect(again.records.count == 15)
        again.log.close()
    }

    @Test func `segments of another size are read, and not used again`() throws {
        let open = try OpenLog(disk)
        try fill(open, records: 30)
        open.log.close()
        let larger = LogFixture.settings(segmentBlocks: 16)
        let second = try OpenLog(disk, larger)
        #expect(second.records.count == 30)
        try fill(second, records: 40)
        second.log.release(through: 70)
        second.log.close()
        let third = try OpenLog(disk, larger, after: 70)
        #expect(third.log.nextSequence == 71)
        third.log.close()
    }
}
