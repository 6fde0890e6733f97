internal import Primitives

/// 28 bytes of a key that is too long for its node.
struct KeyCell: BitwiseCopyable {
    static var byteCount: Int { 28 }

    var word0: UInt64
    var word1: UInt64
    var word2: UInt64
    var word3: UInt32
    var next: UInt32 = WaiterNode.none

    /// The cell at `place`: the channel, where there is one, stands in the first four bytes of the first.
    init(_ channel: Channel, _ key: Span<UInt8>, place: Int) {
        let offset = 16 + place * Self.byteCount - (channel.number == 0 ? 0 : 4)
        if place == 0, channel.number != 0 {
            word0 = UInt64(channel.number) | key.word(at: 16) << 32
        } else {
            word0 = key.word(at: offset)
        }
        word1 = key.word(at: offset + 8)
        word2 = key.word(at: offset + 16)
        word3 = UInt32(truncatingIfNeeded: key.word(at: offset + 24))
    }

    func holdsSame(as other: KeyCell) -> Bool {
        word0 == other.word0 && word1 == other.word1 && word2 == other.word2
            && word3 == other.word3
    }

    /// Goes on with the hash of a key.
    func hash(_ state: UInt64, by hash: FoldHash) -> UInt64 {
        hash.more(hash.more(state, word0, word1), word2, UInt64(word3))
    }

    /// Its bytes, appended.
    func append(to bytes: inout [UInt8]) {
        for word in [word0, word1, word2] {
            for index in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(index * 8)))
            }
        }
        for index in 0..<4 {
            bytes.append(UInt8(truncatingIfNeeded: word3 >> UInt32(index * 8)))
        }
    }
}

/// A key with its place in the table.
struct KeyPlace {
    let key: WaitKey
    let form: KeyForm
    let shard: Int
}
