internal import Journal
internal import Primitives

/// The runs of a chunk, ascending by id: where each lies.
struct ChunkPlaces {
    private var reader: RecordReader

    /// Goes over a chunk.
    init(_ chunk: [UInt8]) {
        reader = RecordReader(chunk)
    }

    /// Where a run lies.
    struct Place {
        /// The run.
        let id: UUIDv7
        /// All of it.
        let whole: Range<Int>
        /// What ``RunRow`` reads.
        let fields: Range<Int>
    }

    /// The next run; nil behind the last.
    mutating func next() throws(RecordReader.Damage) -> Place? {
        guard !reader.isAtEnd else { return nil }
        let start = reader.offset
        let id = try reader.id()
        let fields = try reader.blobRange()
        return Place(id: id, whole: start..<fields.upperBound, fields: fields)
    }

    /// The run with an id; nil where it is not in the chunk.
    mutating func find(_ id: UUIDv7) throws(RecordReader.Damage) -> Place? {
        while let place = try next() {
            if place.id == id { return place }
        }
        return nil
    }
}

extension UUIDv7 {
    /// What chunks of runs are found by: the time and the first random bits.
    ///
    /// Runs that have it in common lie in one chunk.
    var chunkKey: Int64 { Int64(bitPattern: high >> 1) }
}
