internal import Journal
internal import Primitives

/// Ends of waits of a batch, ascending by number, put together in rows.
struct MarkChunks {
    /// The chunks; the last one takes more.
    private(set) var all: [Chunk] = []

    /// A chunk with this many marks takes no further number.
    private static let countMax = 4096

    /// One row, written out as its marks come.
    struct Chunk {
        /// The marks as bytes.
        fileprivate(set) var out = RecordWriter()
        /// The highest number.
        fileprivate(set) var last: UInt64 = 0
        /// When the last of them is forgotten.
        fileprivate(set) var latest = Int64.min
        /// How many they are.
        fileprivate(set) var count = 0
    }

    /// Adds a mark whose number is not lower than those before.
    mutating func add(_ number: UInt64, _ until: WallTime, _ mark: ArraySlice<UInt8>) {
        // The row's key is its highest number: all ends of one number stay together.
        let isFull = all.last.map { $0.count >= Self.countMax && $0.last != number }
        if isFull ?? true { all.append(Chunk()) }
        all[all.count - 1].add(number, until, mark)
    }
}

extension MarkChunks.Chunk {
    fileprivate mutating func add(
        _ number: UInt64,
        _ until: WallTime,
        _ mark: ArraySlice<UInt8>
    ) {
        out.raw(mark)
        last = number
        latest = max(latest, until.milliseconds)
        count += 1
    }
}
