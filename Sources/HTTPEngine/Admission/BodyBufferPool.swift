internal import HTTPWire
internal import Primitives

/// Memory that large bodies lay in, kept for the next ones: the system would give it anew page by page, and clear each.
///
/// What lies here is bounded, and goes when nobody wanted it for a while. On any thread.
final class BodyBufferPool: Sendable {
    /// Memory without a body, and since when.
    private struct Piece: Sendable {
        var bytes: [UInt8]
        let since: Instant
    }

    /// Pieces up to this are not kept: bodies that they would hold ask for none.
    static let pieceBytesMin = BodyCapacity.trustedBytes * 2
    /// How long a piece lies before it is given back to the system.
    static let keptFor = Nanoseconds.seconds(10)

    private let bytesMax: Int
    private let pieces = Lock([Piece]())

    /// Makes an empty shelf for so many bytes.
    init(bytesMax: Int) {
        self.bytesMax = max(0, bytesMax)
    }

    /// Bytes that lie here.
    var keptBytes: Int {
        pieces.withLock { pieces in pieces.reduce(0) { $0 + $1.bytes.capacity } }
    }

    /// Empty memory for a body: a kept piece that holds all of it, else a new one of what it has earned.
    func take(_ room: BodyCapacity) -> [UInt8]? {
        if var kept = pieces.withLock({ Self.fitting(room, in: &$0) }) {
            // Nobody reads it any more: nothing is copied, and no byte of before can be seen in an empty array.
            kept.removeAll(keepingCapacity: true)
            return kept
        }
        guard room.earned > 0 else { return nil }
        var new: [UInt8] = []
        new.reserveCapacity(room.earned)
        return new
    }

    /// Takes memory back, with whatever lies in it.
    func give(_ bytes: consuming [UInt8], at now: Instant) {
        let capacity = bytes.capacity
        guard capacity >= Self.pieceBytesMin, capacity <= bytesMax else { return }
        let piece = Piece(bytes: bytes, since: now)
        // What goes is given back to the system outside the lock.
        _ = pieces.withLock { pieces -> [Piece] in
            var room = bytesMax - pieces.reduce(0) { $0 + $1.bytes.capacity }
            var left: [Piece] = []
            while room < capacity, let oldest = pieces.first {
                room += oldest.bytes.capacity
                left.append(oldest)
                pieces.removeFirst()
            }
            pieces.append(piece)
            return left
        }
    }

    /// Lets go of what nobody wanted for a while.
    func age(_ now: Instant) {
        _ = pieces.withLock { pieces -> [Piece] in
            guard let oldest = pieces.first, now.since(oldest.since) >= Self.keptFor else {
                return []
            }
            let old = pieces
            pieces = old.filter { now.since($0.since) < Self.keptFor }
            return old
        }
    }

    /// The latest piece that holds the body and is not far too large for it: what was used last is near the processor.
    private static func fitting(_ room: BodyCapacity, in pieces: inout [Piece]) -> [UInt8]? {
        let place = pieces.lastIndex { piece in
            piece.bytes.capacity >= room.announced && piece.bytes.capacity >> 2 <= room.announced
        }
        return place.map { pieces.remove(at: $0).bytes }
    }
}
