import LogKit
import Testing

@testable import SegmentLog

/// Records that nobody waits for.
@Suite struct LazyRecordsTests {
    private let disk = MemoryDisk()
    private static let hour: Int64 = 3_600_000_000_000

    private func open(delay: Int64) throws -> OpenLog {
        var settings = LogFixture.settings()
        settings.numbering = .caller
        settings.lazyDelay = delay
        return try OpenLog(disk, settings)
    }

    private func batch(_ sequences: UInt64...) -> LogBatch {
        var batch = LogBatch()
        for sequence in sequences {
            batch.append(Array("\(sequence)".utf8).span, sequence: sequence)
        }
        return batch
    }

    @Test func `they are written with what comes next`() throws {
        let open = try open(delay: Self.hour)
        try open.log.append(batch(1), isLazy: true)
        try open.log.append(batch(2), isLazy: true)
        try open.log.append(batch(3))
        open.events.wait(for: 3)
        #expect(open.events.told.committed == 3 && open.events.told.batches == 1)
        // What is written leaves no hurry behind.
        try open.log.append(batch(4), isLazy: true)
        try open.log.append(batch(5), isLazy: true)
        try open.log.append(batch(6))
        open.events.wait(for: 6)
        #expect(open.events.told.committed == 6 && open.events.told.batches == 2)
        open.log.close()
    }

    @Test func `they are written after a while at the latest`() throws {
        let open = try open(delay: 1_000_000)
        for sequence in 1...20 as ClosedRange<UInt64> {
            try open.log.append(batch(sequence), isLazy: true)
            #expect(open.events.wait { $0.committed == sequence })
        }
        open.log.close()
    }

    @Test func `they are written at once where somebody begins to wait`() throws {
        let open = try open(delay: Self.hour)
        try open.log.append(batch(1, 2), isLazy: true)
        open.log.hurry(2)
        #expect(open.events.wait { $0.committed == 2 })
        // Who waits for what is written hurries nobody.
        open.log.hurry(1)
        try open.log.append(batch(3), isLazy: true)
        try open.log.append(batch(4), isLazy: true)
        try open.log.append(batch(5))
        open.events.wait(for: 5)
        #expect(open.events.told.committed == 5 && open.events.told.batches == 2)
        open.log.close()
    }

    @Test func `one that comes last of its batch lets those behind it go`() throws {
        let open = try open(delay: Self.hour)
        try open.log.append(batch(2))
        try open.log.append(batch(1), isLazy: true)
        #expect(open.events.wait { $0.committed == 2 })
        open.log.close()
    }

    @Test func `behind a gap they wait for it, and no longer`() throws {
        let open = try open(delay: 1_000_000)
        try open.log.append(batch(2), isLazy: true)
        try open.log.append(batch(4), isLazy: true)
        open.log.hurry(4)
        #expect(open.events.told.committed == 0)
        try open.log.append(batch(1), isLazy: true)
        #expect(open.events.wait { $0.committed == 2 })
        try open.log.append(batch(3), isLazy: true)
        #expect(open.events.wait { $0.committed == 4 })
        open.log.close()
    }

    @Test func `closing writes them`() throws {
        let open = try open(delay: Self.hour)
        try open.log.append(batch(1), isLazy: true)
        open.log.close()
        let again = try OpenLog(disk)
        #expect(again.texts == ["1"])
        again.log.close()
    }
}
