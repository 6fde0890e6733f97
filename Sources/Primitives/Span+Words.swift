extension Span where Element == UInt8 {
    /// Up to eight bytes from `offset` on as a little-endian number; what lies past the end counts as zero.
    @inlinable @inline(always)
    package func word(at offset: Int) -> UInt64 {
        if offset >= 0, offset <= count &- 8 {
            return unsafe withUnsafeBytes { bytes in
                // The eight bytes are in bounds by the line above.
                UInt64(
                    littleEndian: unsafe bytes.loadUnaligned(
                        fromByteOffset: offset,
                        as: UInt64.self
                    )
                )
            }
        }
        return shortWord(at: offset)
    }

    @inlinable
    func shortWord(at offset: Int) -> UInt64 {
        var word: UInt64 = 0
        var place = offset
        var shift: UInt64 = 0
        while place >= 0, place < count, shift < 64 {
            word |= UInt64(self[place]) << shift
            place &+= 1
            shift &+= 8
        }
        return word
    }
}
