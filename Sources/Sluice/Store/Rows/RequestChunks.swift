internal import Primitives

/// Requests of a batch, ascending by number, put together in rows.
struct RequestChunks {
    /// The chunks; the last one takes more.
    private(set) var all: [Chunk] = []

    /// The most requests of a chunk.
    private static let countMax = 1024
    /// A chunk takes no more when it has this many bytes.
    private static let bytesMax = 256 << 10

    /// One row, written out as its requests come.
    struct Chunk {
        /// The requests as bytes.
        fileprivate(set) var out = RecordWriter()
        /// Their prints.
        fileprivate(set) var prints: [UInt8] = []
        /// The lowest number.
        fileprivate(set) var first: UInt64
        /// The highest number.
        fileprivate(set) var last: UInt64 = 0
        /// When the first of them came.
        fileprivate(set) var oldest = Int64.max
        /// When the last of them came.
        fileprivate(set) var newest = Int64.min
        /// How many they are.
        fileprivate(set) var count = 0
        /// How many of them may go before the others.
        fileprivate(set) var passingCount = 0
    }

    /// Adds a request with a higher number than all before.
    mutating func add(_ entry: LedgerEntry) {
        let isFull =
            all.last.map { $0.count >= Self.countMax || $0.out.bytes.count >= Self.bytesMax }
        if isFull ?? true { all.append(Chunk(first: entry.number)) }
        all[all.count - 1].add(entry)
    }

    /// Reads the requests of a chunk.
    static func entries(in bytes: [UInt8]) throws(RecordReader.Damage) -> [LedgerEntry] {
        var reader = RecordReader(bytes)
        var entries: [LedgerEntry] = []
        while !reader.isAtEnd { entries.append(try LedgerEntry(&reader)) }
        return entries
    }
}

extension RequestChunks.Chunk {
    fileprivate mutating func add(_ entry: LedgerEntry) {
        entry.write(to: &out)
        RequestPrints.add(entry, to: &prints)
        last = entry.number
        oldest = min(oldest, entry.request.time.milliseconds)
        newest = max(newest, entry.request.time.milliseconds)
        count += 1
        passingCount += entry.isPassing ? 1 : 0
    }
}
