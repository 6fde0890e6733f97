/// The 32 bytes before every record: what ties it to its place, its turn and its content.
///
/// Little-endian: checksum 4, kind 4 bits and length 28 bits, sequence 8, epoch 8, committed 8;
/// then the payload, padded to 8 bytes. The checksum goes over the payload, then over the header
/// behind the checksum, the segment's salt mixed in between, so that no byte string that comes from
/// outside, and no earlier use of the file, is ever taken for a frame.
struct Frame: Equatable {
    /// What a frame stands for.
    enum Kind: UInt32, Sendable {
        /// A record of the caller's.
        case record = 1
        /// A sequence that was given up.
        case skipped = 2
        /// The first frame of a segment that goes on with the one before.
        case begin = 3
        /// The log was opened here: a new epoch; the payload is the last sequence before it.
        case open = 4
        /// The log was closed here in order.
        case close = 5
    }

    static let headerBytes = 32
    static let blockBytes = 4096
    static let lengthMax = 1 << 28 - 1

    var kind: Kind
    var count: Int
    var sequence: UInt64
    var epoch: UInt64
    /// The last sequence that was on the medium when this frame was written.
    var committed: UInt64

    /// The bytes a payload of `count` bytes takes with its frame and padding.
    static func bytes(holding count: Int) -> Int {
        headerBytes + (count &+ 7) & ~7
    }

    /// `offset` rounded up to the next multiple of a block.
    static func blockAligned(_ offset: Int) -> Int {
        (offset &+ (blockBytes - 1)) & ~(blockBytes - 1)
    }

    /// Writes the header at `offset`; the payload's checksum is known already.
    func write(to bytes: AlignedBytes, at offset: Int, checksum: UInt32, salt: UInt32) {
        let word = kind.rawValue << 28 | UInt32(truncatingIfNeeded: count)
        bytes.store(word, at: offset + 4)
        bytes.store(sequence, at: offset + 8)
        bytes.store(epoch, at: offset + 16)
        bytes.store(committed, at: offset + 24)
        let sum = bytes.checksum(
            offset + 4..<offset + Self.headerBytes,
            continuing: checksum ^ salt
        )
        bytes.store(sum, at: offset)
    }

    /// Whether there is padding at `offset`: a frame's first eight bytes are never all zero.
    static func isPadding(_ bytes: AlignedBytes, at offset: Int) -> Bool {
        offset + 8 > bytes.count || bytes.load(UInt64.self, at: offset) == 0
    }

    /// Reads the header at `offset` without checking its sum; nil where it cannot be one.
    init?(unchecked bytes: AlignedBytes, at offset: Int, end: Int) {
        guard offset >= 0, end <= bytes.count, offset <= end - Self.headerBytes else { return nil }
        let word = bytes.load(UInt32.self, at: offset + 4)
        guard let kind = Kind(rawValue: word >> 28) else { return nil }
        self.kind = kind
        count = Int(word & UInt32(Self.lengthMax))
        guard count <= end - Self.headerBytes - offset else { return nil }
        sequence = bytes.load(UInt64.self, at: offset + 8)
        epoch = bytes.load(UInt64.self, at: offset + 16)
        committed = bytes.load(UInt64.self, at: offset + 24)
    }

    /// Whether the sum of the frame that was read at `offset` is right.
    func isSound(in bytes: AlignedBytes, at offset: Int, salt: UInt32) -> Bool {
        let start = offset + Self.headerBytes
        let payload = bytes.checksum(start..<start + count, continuing: 0)
        let sum = bytes.checksum(offset + 4..<start, continuing: payload ^ salt)
        return sum == bytes.load(UInt32.self, at: offset)
    }

    /// The last sequence before an opening, from the payload of the frame at `offset`.
    func previous(in bytes: AlignedBytes, at offset: Int) -> UInt64? {
        guard kind == .open, count == 8 else { return nil }
        return bytes.load(UInt64.self, at: offset + Self.headerBytes)
    }

    /// Makes a header.
    init(kind: Kind, count: Int, sequence: UInt64, epoch: UInt64, committed: UInt64) {
        self.kind = kind
        self.count = count
        self.sequence = sequence
        self.epoch = epoch
        self.committed = committed
    }
}
