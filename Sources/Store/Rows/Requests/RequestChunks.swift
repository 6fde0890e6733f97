internal import Journal
internal import Primitives
internal import Storage

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
    ///
    /// - Parameters:
    ///   - number: Its number.
    ///   - run: The run it went to; nil where it went to none.
    ///   - status: What became of it.
    ///   - request: Where it lies in `record`.
    ///   - record: What it came in.
    mutating func add(
        _ number: UInt64,
        run: UUIDv7?,
        _ status: ReceivedRequest.Status,
        _ request: RequestSummary,
        in record: [UInt8]
    ) {
        let isFull =
            all.last.map { $0.count >= Self.countMax || $0.out.bytes.count >= Self.bytesMax }
        if isFull ?? true { all.append(Chunk(first: number)) }
        all[all.count - 1].add(number, run, status, request, record)
    }

    /// Adds a request with a higher number than all before.
    mutating func add(
        _ number: UInt64,
        run: UUIDv7?,
        _ status: ReceivedRequest.Status,
        _ request: ReceivedRequest
    ) throws(StorageError) {
        var out = RecordWriter()
        request.write(to: &out)
        var reader = RecordReader(out.bytes)
        let outline = try StorageError.damage { () throws(RecordReader.Damage) in
            try RequestSummary(&reader)
        }
        add(number, run: run, status, outline, in: out.bytes)
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
    fileprivate mutating func add(
        _ number: UInt64,
        _ run: UUIDv7?,
        _ status: ReceivedRequest.Status,
        _ request: RequestSummary,
        _ record: [UInt8]
    ) {
        out.number(number)
        out.optional(run) { $0.id($1) }
        out.byte(status.rawValue)
        out.raw(record[request.range])
        RequestFingerprints.add(
            request.id,
            key: record.span.extracting(request.key),
            items: record.span.extracting(request.items),
            run,
            to: &prints
        )
        last = number
        oldest = min(oldest, request.time.milliseconds)
        newest = max(newest, request.time.milliseconds)
        count += 1
        passingCount += status.isPassing ? 1 : 0
    }
}
