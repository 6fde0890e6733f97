import Journal
import LogKit
import TestKit
import Testing

/// What the journal and what comes behind it may take on the disk together.
@Suite struct SizeTests {
    @Test func `new work is refused while log and database take too much`() throws {
        let fixture = try JournalFixture(MemoryDisk(), sizeBytesMax: 10 << 20)
        defer { fixture.journal.close() }
        #expect(try fixture.verdict(fixture.append("first")))
        #expect(fixture.journal.refusal == nil)
        fixture.setFollowerSize(11 << 20)
        #expect(try fixture.verdict(fixture.append("what a run has to note is always taken")))
        #expect(fixture.journal.refusal == "the store has its full size")
        // A little less is not enough: it would be refused again at once.
        fixture.setFollowerSize((10 << 20) - (512 << 10))
        #expect(fixture.journal.refusal != nil)
        fixture.setFollowerSize(9 << 20)
        #expect(fixture.journal.refusal == nil)
        fixture.setFollowerSize((10 << 20) - (512 << 10))
        #expect(try fixture.verdict(fixture.append("below the bound again")))
        #expect(fixture.journal.refusal == nil)
    }
}
