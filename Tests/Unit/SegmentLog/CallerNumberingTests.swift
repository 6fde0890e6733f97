import LogKit
import Testing

@testable import SegmentLog

@Suite struct CallerNumberingTests {
    private let disk = MemoryDisk()

    private func settings() -> LogSettings {
        var settings = LogFixture.settings()
        settings.numbering = .caller
        settings.sequencesAheadMax = 100
        return settings
    }

    private func batch(_ sequences: UInt64...) -> LogBatch {
        var batch = LogBatch()
        for sequence in sequences {
            batch.append(Array("\(sequence)".utf8).span, sequence: sequence)
        }
        return batch
    }

    @Test func `a record is only committed with all that have lower numbers`() throws {
        let open = try OpenLog(disk, settings())
        try open.log.append(batch(2, 4))
        #expect(open.events.told.committed == 0)
        try open.log.append(batch(1))
        open.events.wait(for: 2)
        #expect(open.events.told.committed == 2)
        try open.log.append(batch(3))
        open.events.wait(for: 4)
        open.log.close()
        let again = try OpenLog(disk, settings())
        #expect(again.texts == ["1", "2", "3", "4"])
        again.log.close()
    }

    @Test func `a number that was given up holds nobody back`() throws {
        var settings = settings()
        settings.pendingBytesMax = 64
        let open = try OpenLog(disk, settings)
        try open.log.append(batch(2))
        var skip = LogBatch()
        skip.skip(sequence: 1)
        try open.log.append(skip)
        open.events.wait(for: 2)
        #expect(open.events.told.committed == 2)
        open.log.close()
        let again = try OpenLog(disk, settings)
        #expect(again.records.keys.sorted() == [2])
        #expect(again.log.nextSequence == 3)
        again.log.close()
    }

    @Test func `a number that was taken, or is too far ahead, is refused`() throws {
        let open = try OpenLog(disk, settings())
        try open.log.append(batch(1))
        #expect(open.events.wait { $0.committed == 1 })
        #expect(throws: LogError.sequenceRefused(1, expected: 2)) { try open.log.append(batch(1)) }
        #expect(throws: LogError.sequenceRefused(102, expected: 2)) {
            try open.log.append(batch(102))
        }
        open.log.close()
    }

    @Test func `records that wait for a gap at the close are told to have failed`() throws {
        let open = try OpenLog(disk, settings())
        try open.log.append(batch(1, 3))
        open.log.close()
        #expect(open.events.told.committed == 1)
        #expect(open.events.told.failure == .closed)
        #expect(open.events.told.failedAfter == 1)
    }

    @Test func `after a failure numbering goes on behind what was drawn`() throws {
        let open = try OpenLog(disk, settings())
        try open.log.append(batch(1))
        open.events.wait(for: 1)
        disk.failNext(.sync, of: "segment-0000000000000001.log", code: 5)
        try open.log.append(batch(2))
        #expect(open.events.wait { $0.failure != nil })
        #expect(open.events.told.failedAfter == 1)
        disk.heal()
        open.events.clearFailure()
        try open.log.reopen(continuingAt: 7)
        try open.log.append(batch(8))
        try open.log.append(batch(7))
        open.events.wait(for: 8)
        open.log.close()
        let again = try OpenLog(disk, settings())
        #expect(again.records.keys.sorted() == [1, 7, 8])
        again.log.close()
    }
}
