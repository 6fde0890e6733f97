internal import Journal
internal import Primitives

/// Puts the runs of a chunk together anew, and cuts them into chunks of a good size.
///
/// A page of SQLite takes one chunk of runs that have ended, or two of runs that still grow.
struct RunChunkBuilder {
    /// The runs as bytes, one after the other.
    private(set) var out = RecordWriter()
    private var entries: [Entry] = []
    private var fields = RecordWriter()

    /// A chunk is cut where it would have more bytes than this.
    private static let bytesMax = 8000
    /// One that is cut has about so many afterwards.
    private static let cutBytes = 5000
    /// A chunk at the end takes no further open run when it has so many: they grow.
    private static let fillBytes = 3000

    /// A run that was added.
    private struct Entry {
        let start: Int
        let key: Int64
        let isOpen: Bool
        let isActive: Bool
        let isNew: Bool
    }

    /// A chunk as it is to be written.
    struct Piece {
        /// Where it lies.
        var range: Range<Int>
        /// The key of its first run.
        let first: Int64
        /// Whether a run in it has not ended.
        var isOpen = false
        /// Whether a run in it has to go on by itself.
        var isActive = false
    }

    /// Begins anew.
    mutating func clear() {
        out.clear()
        entries.removeAll(keepingCapacity: true)
    }

    /// Adds a run as it stands in another chunk.
    mutating func copy(_ place: ChunkPlaces.Place, from chunk: [UInt8]) {
        let standing = RunRow.standing(chunk[place.fields.lowerBound])
        entries.append(
            Entry(
                start: out.bytes.count,
                key: place.id.chunkKey,
                isOpen: standing.isOpen,
                isActive: standing.isActive,
                isNew: false
            )
        )
        out.raw(chunk[place.whole])
    }

    /// Adds a run.
    mutating func add(_ row: RunRow, isNew: Bool) {
        entries.append(
            Entry(
                start: out.bytes.count,
                key: row.id.chunkKey,
                isOpen: row.status == nil,
                isActive: row.isActive,
                isNew: isNew
            )
        )
        row.write(to: &out, by: &fields)
    }

    /// What was added, as chunks; none where nothing was.
    func pieces() -> [Piece] {
        let lastOld = entries.lastIndex { !$0.isNew } ?? -1
        let isLarge = end(of: lastOld) > Self.bytesMax
        var pieces: [Piece] = []
        for (index, entry) in entries.enumerated() {
            let end = end(of: index)
            let bytesMax: Int
            if index > lastOld {
                bytesMax = entry.isOpen ? Self.fillBytes : Self.bytesMax
            } else {
                bytesMax = isLarge ? Self.cutBytes : .max
            }
            let isFull = pieces.last.map { end - $0.range.lowerBound > bytesMax } ?? true
            if isFull, index == 0 || entries[index - 1].key != entry.key {
                pieces.append(Piece(range: entry.start..<end, first: entry.key))
            }
            let last = pieces.count - 1
            pieces[last].range = pieces[last].range.lowerBound..<end
            if entry.isOpen { pieces[last].isOpen = true }
            if entry.isActive { pieces[last].isActive = true }
        }
        return pieces
    }

    private func end(of index: Int) -> Int {
        if index < 0 { return 0 }
        return index + 1 < entries.count ? entries[index + 1].start : out.bytes.count
    }
}
