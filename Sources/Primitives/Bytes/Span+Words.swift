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

extension RawSpan {
    /// Lends the same memory as a span of bytes.
    @inlinable
    package func withBytes<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe withUnsafeBytes { buffer throws(Failure) -> Result in
            // The memory is the span's own: it lives and does not change for as long as the span does.
            try unsafe buffer.withMemoryRebound(to: UInt8.self) { bytes throws(Failure) -> Result in
                try unsafe body(bytes.span)
            }
        }
    }

    /// The bytes in an array of their own.
    package var copied: [UInt8] {
        unsafe withUnsafeBytes { buffer in unsafe Array(buffer) }
    }
}

extension Span where Element == UInt8 {
    /// The bytes in an array of their own.
    package var copied: [UInt8] {
        unsafe withUnsafeBufferPointer { buffer in unsafe Array(buffer) }
    }
}

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

extension String {
    /// The text of UTF-8 that is lent; what is none becomes U+FFFD.
    package init(utf8 bytes: Span<UInt8>) {
        // The span is alive for the call; its bytes are copied.
        self = unsafe bytes.withUnsafeBufferPointer { part in
            unsafe String(decoding: part, as: UTF8.self)
        }
    }
}
