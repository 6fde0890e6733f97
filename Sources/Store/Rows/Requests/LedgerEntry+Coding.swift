internal import Journal
internal import Primitives

/// What stands before an entry of the ledger in its chunk, in one byte.
enum EntryMark {
    /// The run it went to.
    static let run: UInt8 = 1
    /// The node that decided it, where it is not the single one.
    static let node: UInt8 = 2
}

extension LedgerEntry {
    /// Reads an entry from a chunk.
    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        number = try reader.number()
        let marks = try reader.byte()
        guard marks & ~(EntryMark.run | EntryMark.node) == 0 else {
            throw RecordReader.Damage(reason: "an entry of the ledger has something unknown")
        }
        node = try marks & EntryMark.node == 0 ? .single : reader.node()
        run = marks & EntryMark.run == 0 ? nil : try reader.id()
        guard let known = ReceivedRequest.Status(rawValue: try reader.byte()) else {
            throw RecordReader.Damage(reason: "a request has no known status")
        }
        status = known
        request = try ReceivedRequest(&reader)
    }

    /// The entry with what became of it since.
    func becoming(_ fate: RequestFateRow) -> LedgerEntry {
        LedgerEntry(
            request: request,
            status: fate.status,
            run: fate.run ?? run,
            number: number,
            node: node
        )
    }
}
