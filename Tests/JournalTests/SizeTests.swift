import Journal
import LogKit
import TestKit
import Testing

/// What the journal and what comes behind it may take on the disk together.
@Suite struct SizeTests {
    @Test func `new work is refused while log and database take too much`() throws {
        let rig = try JournalRig(MemoryDisk(), sizeBytesMax: 10 << 20)
        defer { rig.journal.close() }
        #expect(try rig.verdict(rig.append("first")))
        #expect(rig.journal.refusal == nil)
        rig.setFollowerSize(11 << 20)
        #expect(try rig.verdict(rig.append("what a run has to note is always taken")))
        #expect(rig.journal.refusal == "the store has its full size")
        // A little less is not enough: it would be refused again at once.
        rig.setFollowerSize((10 << 20) - (512 << 10))
        #expect(rig.journal.refusal != nil)
        rig.setFollowerSize(9 << 20)
        #expect(rig.journal.refusal == nil)
        rig.setFollowerSize((10 << 20) - (512 << 10))
        #expect(try rig.verdict(rig.append("below the bound again")))
        #expect(rig.journal.refusal == nil)
    }
}
