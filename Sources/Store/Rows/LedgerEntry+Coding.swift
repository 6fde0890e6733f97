internal import Journal
internal import Primitives

extension LedgerEntry {
    /// Reads an entry from a chunk.
    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        number = try reader.number()
        run = try reader.optional { (reader) throws(RecordReader.Damage) in try reader.id() }
        guard let known = ReceivedRequest.Status(rawValue: try reader.byte()) else {
            throw RecordReader.Damage(reason: "a request has no known status")
        }
        status = known
        request = try ReceivedRequest(&reader)
    }

    /// The entry with what became of it since.
    func becoming(_ fate: RequestFateRow) -> LedgerEntry {
        LedgerEntry(request: request, status: fate.status, run: fate.run ?? run, number: number)
    }
}
