internal import Primitives

/// A key as nodes store it, and its place in the table.
///
/// The text form of a UUID, the key of every implicit wait, is stored as its 16 bytes. Of other keys the first 16 bytes
/// lie in the node and the rest in cells; up to 20 bytes (16 with a channel) need no cell.
struct KeyForm {
    var key0: UInt64
    var key1: UInt64
    /// Zero for a key that needs cells.
    var key2: UInt32
    /// Length and form, as the bits of ``WaiterNode/meta``.
    var shape: UInt64
    var hash: UInt64

    /// The form of a key; nil when it is empty or longer than ``WaitKey/bytesMax``.
    @inline(__always)
    init?(channel: Channel, _ key: Span<UInt8>, hash: FoldHash) {
        guard key.count > 0, key.count <= WaitKey.bytesMax else { return nil }
        let hasChannel = channel.number != 0
        shape = UInt64(truncatingIfNeeded: key.count) << 38 | (hasChannel ? 1 << 55 : 0)
        if let packed = UUIDDigits.pack(key) {
            shape |= 1 << 54
            (key0, key1) = packed
            key2 = channel.number
        } else {
            key0 = key.word(at: 0)
            key1 = key.word(at: 8)
            key2 = hasChannel ? channel.number : UInt32(truncatingIfNeeded: key.word(at: 16))
        }
        self.hash = 0
        if isLong { key2 = 0 }
        var state = hash.start(key0, key1)
        for place in 0..<cellCount {
            state = KeyCell(channel, key, place: place).hash(state, by: hash)
        }
        self.hash = finish(state, by: hash)
    }

    /// The form of a stored key; the hash is that of a short key and stands to be replaced for a long one.
    init(of node: WaiterNode, hash: FoldHash) {
        key0 = node.key0
        key1 = node.key1
        key2 = node.key2
        shape = node.meta & WaiterNode.shapeMask
        self.hash = 0
        if isLong { key2 = 0 }
        if !isLong { self.hash = finish(hash.start(key0, key1), by: hash) }
    }

    var length: Int { Int(truncatingIfNeeded: shape >> 38 & 0x7FF) }
    var isPacked: Bool { shape >> 54 & 1 == 1 }
    var hasChannel: Bool { shape >> 55 & 1 == 1 }
    var isLong: Bool { !isPacked && length > (hasChannel ? 16 : 20) }

    /// How many cells hold what does not fit the node.
    var cellCount: Int {
        isLong
            ? (length - 16 + (hasChannel ? 4 : 0) + KeyCell.byteCount - 1) / KeyCell.byteCount : 0
    }

    /// The hash within a shard.
    var spot: UInt32 { UInt32(truncatingIfNeeded: hash) }

    /// Ends the hash with what makes one key of those words another: its length, form and last bytes.
    func finish(_ state: UInt64, by hash: FoldHash) -> UInt64 {
        // Length and form lie above the bits of `key2`, so that no two keys give the same words.
        hash.finish(state, shape | UInt64(key2))
    }
}
