import Journal
import LogKit
import Primitives
import TestKit
import Testing

@Suite struct DurableJournalTests {
    @Test func `records are settled in the order of their numbers, final before anybody is told`()
        throws
    {
        let fixture = try JournalFixture(MemoryDisk())
        defer { fixture.journal.close() }
        let first = fixture.draw()
        for text in ["b", "c", "d"] { fixture.append(text) }
        #expect(fixture.told.withLock { $0.settled.isEmpty })
        fixture.append("a", number: first)
        #expect(try fixture.verdict(4))
        let told = fixture.told.withLock { $0 }
        #expect(told.order == [1, 2, 3, 4])
        #expect(told.early == 0)
        #expect(told.handedOn == [1, 2, 3, 4])
    }

    @Test func `a record that is too large for the log goes alone, not with its batch`() throws {
        let disk = MemoryDisk()
        let fixture = try JournalFixture(disk)
        let numbers = (0..<3).map { _ in fixture.draw() }
        #expect(fixture.journal.status(of: numbers[2]) == nil)
        let large = String(repeating: "x", count: fixture.journal.recordBytesMax)
        fixture.append([("a", numbers[0]), (large, numbers[1]), ("c", numbers[2])])
        #expect(try numbers.map { try fixture.verdict($0) } == [true, false, true])
        #expect(numbers.map { fixture.journal.status(of: $0) } == [true, false, true])
        #expect(fixture.told.withLock { $0.order } == numbers)
        #expect(fixture.told.withLock { $0.handedOn } == [numbers[0], numbers[2]])
        fixture.journal.close()
        disk.restart()
        let again = try JournalFixture(disk)
        #expect(again.told.withLock { $0.replayed.keys.sorted() } == [numbers[0], numbers[2]])
        again.journal.close()
    }

    @Test func `whoever waits for a number is told, before and after it is settled`() throws {
        let fixture = try JournalFixture(MemoryDisk())
        defer { fixture.journal.close() }
        let heard = Watched<[String]>([])
        let first = fixture.draw()
        fixture.journal.whenSettled(first) { isCommitted in
            heard.withLock { $0.append("before \(isCommitted)") }
        }
        fixture.append("a", number: first)
        #expect(try fixture.verdict(first))
        fixture.journal.whenSettled(first) { isCommitted in
            heard.withLock { $0.append("after \(isCommitted)") }
        }
        let all = heard.wait(until: .standard) { $0.count == 2 ? $0.sorted() : nil }
        #expect(all == ["after true", "before true"])
    }

    @Test func `what was settled is there after a restart, under its number`() throws {
        let disk = MemoryDisk()
        let fixture = try JournalFixture(disk)
        for text in ["a", "b", "c"] { fixture.append(text) }
        #expect(try fixture.verdict(3))
        fixture.journal.close()
        disk.restart()
        let again = try JournalFixture(disk)
        defer { again.journal.close() }
        #expect(again.told.withLock { $0.replayed.keys.sorted() } == [1, 2, 3])
        #expect(again.append("d") == 4)
        #expect(try again.verdict(4))
    }

    @Test(arguments: 1...12)
    func `a disk that fails once is told, and the journal goes on by itself`(call: Int) throws {
        let disk = MemoryDisk()
        let fixture = try JournalFixture(disk)
        #expect(try fixture.verdict(fixture.append("before")))
        disk.fail(at: call, code: 5)
        var last: UInt64 = 0
        for index in 0..<20 {
            last = fixture.append("during \(index)")
            _ = try fixture.verdict(last)
        }
        // The first record that the open journal takes after that is settled.
        try fixture.wait("recovering") { _ in fixture.journal.refusal == nil }
        let after = fixture.append("after")
        #expect(try fixture.verdict(after))
        fixture.journal.close()
        disk.restart()
        let again = try JournalFixture(disk)
        defer { again.journal.close() }
        let told = fixture.told.withLock { $0 }
        let replayed = again.told.withLock { $0.replayed }
        #expect(told.early == 0)
        for (number, isCommitted) in told.settled {
            #expect((replayed[number] != nil) == isCommitted, "record \(number)")
        }
    }

    @Test(arguments: 0..<40)
    func `with faults and cuts at random nothing that was told is untrue`(seed: UInt64) throws {
        var random = SplitMix(seed: seed)
        let disk = MemoryDisk(seed: seed)
        var committed: Set<UInt64> = []
        for _ in 0..<6 {
            let fixture: JournalFixture
            do {
                fixture = try JournalFixture(disk)
            } catch {
                guard disk.isOff else { throw error }
                disk.restart()
                continue
            }
            let replayed = fixture.told.withLock { Set($0.replayed.keys) }
            #expect(
                committed.isSubset(of: replayed),
                "seed \(seed) lost \(committed.subtracting(replayed))"
            )
            if Bool.random(using: &random) {
                disk.fail(at: Int.random(in: 1...6, using: &random), code: 28)
            }
            if Bool.random(using: &random) {
                disk.cut(after: Int.random(in: 1...40, using: &random))
            }
            var drawn: [UInt64] = []
            for _ in 0..<Int.random(in: 1...30, using: &random) {
                // Sometimes two numbers are drawn and their records come the other way round.
                let pair = (0..<Int.random(in: 1...3, using: &random)).map { _ in fixture.draw() }
                for number in pair.reversed() { fixture.append("r", number: number) }
                drawn += pair
                if disk.isOff { break }
                for number in pair { _ = try? fixture.verdict(number, unless: disk) }
            }
            disk.cutNow()
            fixture.journal.close()
            let told = fixture.told.withLock { $0 }
            #expect(told.early == 0)
            committed.formUnion(told.settled.filter(\.value).keys)
            disk.restart()
        }
    }
}

extension JournalFixture {
    /// Waits until a number is settled, or the power is gone.
    func verdict(_ number: UInt64, unless disk: MemoryDisk) throws -> Bool {
        try wait("settling \(number)") { $0.settled[number] != nil || disk.isOff }
        return told.withLock { $0.settled[number] ?? false }
    }
}
