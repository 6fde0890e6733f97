internal import Primitives

/// Requests that lie together in one row, ascending by number.
struct RequestChunk {
    /// The requests.
    private(set) var entries: [LedgerEntry] = []
    private var byteCount = 0

    /// The most requests of a chunk.
    private static let countMax = 1024
    /// A chunk takes no more when it has this many bytes.
    private static let bytesMax = 256 << 10

    /// Whether it takes no more.
    var isFull: Bool { entries.count >= Self.countMax || byteCount >= Self.bytesMax }

    /// Adds a request with a higher number than all before.
    mutating func add(_ entry: LedgerEntry) {
        entries.append(entry)
        byteCount += entry.request.body.count + entry.request.headers.count + 256
    }

    /// Splits requests into chunks.
    static func chunks(of entries: [LedgerEntry]) -> [RequestChunk] {
        var chunks: [RequestChunk] = []
        var chunk = RequestChunk()
        for entry in entries {
            chunk.add(entry)
            guard chunk.isFull else { continue }
            chunks.append(chunk)
            chunk = RequestChunk()
        }
        if !chunk.entries.isEmpty { chunks.append(chunk) }
        return chunks
    }

    /// The lowest number; 0 where it is empty.
    var first: UInt64 { entries.first?.number ?? 0 }
    /// The highest number; 0 where it is empty.
    var last: UInt64 { entries.last?.number ?? 0 }
    /// When the first of them came.
    var oldest: Int64 { entries.reduce(.max) { min($0, $1.request.time.milliseconds) } }
    /// When the last of them came.
    var newest: Int64 { entries.reduce(.min) { max($0, $1.request.time.milliseconds) } }
    /// How many may go before the others.
    var passingCount: Int { entries.count { $0.isPassing } }

    /// The chunk as bytes.
    var bytes: [UInt8] {
        var out = RecordWriter()
        for entry in entries { entry.write(to: &out) }
        return out.bytes
    }

    /// Reads the requests of a chunk.
    static func entries(in bytes: [UInt8]) throws(RecordReader.Damage) -> [LedgerEntry] {
        var reader = RecordReader(bytes)
        var entries: [LedgerEntry] = []
        while !reader.isAtEnd { entries.append(try LedgerEntry(&reader)) }
        return entries
    }
}
