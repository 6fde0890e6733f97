extension Array where Element == UInt8 {
    /// Adds bytes that are lent.
    @inlinable @inline(always)
    package mutating func append(_ bytes: Span<UInt8>) {
        // The span is alive for the call; its bytes are copied.
        unsafe bytes.withUnsafeBufferPointer { part in unsafe append(contentsOf: part) }
    }

    /// Adds bytes that are lent, ASCII letters in lower case.
    package mutating func append(lowercasing bytes: Span<UInt8>) {
        let start = count
        append(bytes)
        var added = mutableSpan
        var index = start
        while index < added.count {
            let byte = added[index]
            added[index] = byte &- 65 < 26 ? byte | 0x20 : byte
            index &+= 1
        }
    }

    /// Adds the eight bytes of a number, the low ones first.
    @inlinable @inline(always)
    package mutating func append(littleEndian value: UInt64) {
        unsafe Swift.withUnsafeBytes(of: value.littleEndian) { part in
            unsafe append(contentsOf: part)
        }
    }
}
