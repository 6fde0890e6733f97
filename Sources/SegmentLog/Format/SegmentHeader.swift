/// The first block of a segment file: which segment it is now, in which format.
///
/// Magic 8 bytes, version 4, salt 4, number 8, epoch 8, length of the file 8, all little-endian,
/// then the CRC-32C over them.
struct SegmentHeader: Equatable {
    static let version: UInt32 = 1
    static let magic: UInt64 = 0x0A0D_474F_4C47_4553  // "SEGLOG\r\n"
    private static let checkedBytes = 40

    /// The segment's place in the log, from 1.
    var number: UInt64
    /// How many times the log had been opened when the file was made ready.
    var epoch: UInt64
    /// The length of the file in bytes.
    var capacity: UInt64
    /// What ties frames to this use of the file.
    var salt: UInt32

    /// Writes the header to the first bytes of `block`.
    func write(to block: AlignedBytes) {
        block.store(Self.magic, at: 0)
        block.store(Self.version, at: 8)
        block.store(salt, at: 12)
        block.store(number, at: 16)
        block.store(epoch, at: 24)
        block.store(capacity, at: 32)
        block.store(block.checksum(0..<Self.checkedBytes, continuing: 0), at: Self.checkedBytes)
    }

    /// Reads the header of `file` from the first bytes of `block`.
    ///
    /// - Throws: `newerVersion`, or `corrupt` when it is none, is damaged, or is that of another
    ///   segment.
    init(from block: AlignedBytes, file: String, number: UInt64) throws(LogError) {
        func corrupt(_ reason: String) -> LogError {
            .corrupt(file: file, offset: 0, sequence: 0, reason: reason)
        }
        guard block.load(UInt64.self, at: 0) == Self.magic else {
            throw corrupt("no segment header")
        }
        // Every version has its number and the checksum in the same place: damage is not taken for a version to come.
        let version = block.load(UInt32.self, at: 8)
        let sum = block.checksum(0..<Self.checkedBytes, continuing: 0)
        guard sum == block.load(UInt32.self, at: Self.checkedBytes) else {
            throw corrupt("the segment header is damaged")
        }
        guard version <= Self.version else {
            throw .newerVersion(file: file, found: version, known: Self.version)
        }
        guard version == Self.version else { throw corrupt("the segment header is damaged") }
        self.number = block.load(UInt64.self, at: 16)
        epoch = block.load(UInt64.self, at: 24)
        capacity = block.load(UInt64.self, at: 32)
        salt = block.load(UInt32.self, at: 12)
        guard self.number == number else { throw corrupt("the header is that of another segment") }
    }

    init(number: UInt64, epoch: UInt64, capacity: UInt64, salt: UInt32) {
        self.number = number
        self.epoch = epoch
        self.capacity = capacity
        self.salt = salt
    }
}
