import LogKit
import Testing

@testable import SegmentLog

@Suite struct SegmentStockTests {
    private let disk = MemoryDisk()

    private func stock() -> SegmentStock {
        SegmentStock(settings: LogFixture.settings().checked, files: disk, state: .init())
    }

    /// Every file with a segment's name has that segment's header.
    private func checkHeaders() throws {
        for name in try disk.list() {
            guard let number = SegmentName.segmentNumber(name) else { continue }
            _ = try FoundSegment(name: name, number: number, files: disk, isWriting: false)
        }
    }

    @Test func `segments are numbered one after the other`() throws {
        let stock = stock()
        for number in 1...5 as ClosedRange<UInt64> {
            stock.work()
            #expect(try stock.take().number == number)
        }
        try checkHeaders()
    }

    @Test(arguments: 1...8)
    func `a segment that could not be finished is never taken for a spare`(_ call: Int) throws {
        let stock = stock()
        for _ in 0..<3 { _ = try stock.take() }
        disk.fail(at: call, code: 5)
        stock.work()
        #expect(disk.heal() != nil)
        stock.seal(.init(number: 1, end: 10))
        stock.release(through: 9)
        #expect(try stock.take().number == 4)
        stock.seal(.init(number: 2, end: 20))
        stock.release(through: 19)
        for number in 5...7 as ClosedRange<UInt64> { #expect(try stock.take().number == number) }
        try checkHeaders()
        #expect(stock.recycleFailure == nil)
    }
}
