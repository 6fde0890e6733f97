internal import Journal
internal import Primitives

/// Where a request lies in a record, and what its chunk has to tell of it.
struct RequestSummary {
    /// All of it.
    let range: Range<Int>
    /// Its id.
    let id: UUIDv7
    /// When it came.
    let time: WallTime
    /// Its body.
    let body: Range<Int>
    /// What became of it.
    let status: ReceivedRequest.Status
    /// The key it was read to have; empty where there is none or many.
    let key: Range<Int>
    /// The prints of its items' keys (``ItemPrints``); empty where it has none.
    let items: Range<Int>

    /// Goes over a request.
    init(_ reader: inout RecordReader) throws(RecordReader.Damage) {
        let start = reader.offset
        id = try reader.id()
        time = try reader.time()
        // Endpoint, method, target, peer, header fields.
        for _ in 0..<5 { _ = try reader.blobRange() }
        body = try reader.blobRange()
        guard let known = ReceivedRequest.Status(rawValue: try reader.byte()) else {
            throw RecordReader.Damage(reason: "a request has no known status")
        }
        status = known
        // Code, note.
        for _ in 0..<2 { _ = try reader.blobRange() }
        key = try reader.blobRange()
        let marks = try ReceivedRequest.Marks(&reader)
        if marks.contains(.replay) { try reader.skip(16) }
        let hasItems = marks.contains(.items)
        items = hasItems ? try reader.blobRange() : reader.offset..<reader.offset
        if marks.contains(.verdict) { try SenderVerdict.skip(&reader) }
        if marks.contains(.later) { _ = try reader.blobRange() }
        range = start..<reader.offset
    }
}

extension ReceivedRequest.Status {
    /// Whether a request is kept for a shorter time than others, or may come to be.
    var isPassing: Bool {
        switch self {
        case .rejected, .expired, .held, .handshake: true
        case .delivered, .progress, .duplicate, .triggered, .bulk: false
        }
    }
}
