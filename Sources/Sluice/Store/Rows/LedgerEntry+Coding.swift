internal import Primitives

extension LedgerEntry {
    /// Writes the entry into a chunk.
    func write(to out: inout RecordWriter) {
        out.number(number)
        out.optional(run) { $0.id($1) }
        out.byte(status.rawValue)
        request.write(to: &out)
    }

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

    /// Whether it is kept for a shorter time than others, or may come to be.
    var isPassing: Bool {
        switch status {
        case .rejected, .expired, .held: true
        case .delivered, .progress, .duplicate, .triggered, .bulk: false
        }
    }
}
