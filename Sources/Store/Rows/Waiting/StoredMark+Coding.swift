internal import Journal
internal import Primitives
internal import Rendezvous

extension StoredMark {
    /// Says beside how a wait ended that the fingerprint was made by the rule of version 1.
    static let olderPrintBit: UInt8 = 0x80
    /// Says beside how a wait ended that the node which decided it follows.
    static let nodeBit: UInt8 = 0x40

    /// Reads a mark as ``MarkDraft`` writes it.
    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        number = try reader.number()
        key = try WaitKey(&reader)
        let word = try reader.byte()
        isOlderPrint = word & Self.olderPrintBit != 0
        node = try word & Self.nodeBit == 0 ? .single : reader.node()
        guard let how = EndedHow(rawValue: word & ~(Self.olderPrintBit | Self.nodeBit)) else {
            throw RecordReader.Damage(reason: "a wait ended in no known way")
        }
        self.how = how
        fingerprint = try reader.optional { (reader) throws(RecordReader.Damage) in
            try reader.fingerprint()
        }
        until = try reader.time()
        reusesKey = try reader.flag()
        wait = try WaitID(&reader)
        time = try reader.time()
    }

    /// Reads all marks of a chunk.
    static func all(in bytes: [UInt8]) throws(RecordReader.Damage) -> [StoredMark] {
        var reader = RecordReader(bytes)
        var marks: [StoredMark] = []
        while !reader.isAtEnd { marks.append(try StoredMark(&reader)) }
        return marks
    }
}
