internal import CPrimitives

/// The lower-case text form of a UUID, packed to its 16 bytes.
package enum UUIDDigits {
    /// The 16 bytes of a text in exactly the form `UUIDv7.text` writes, the first one lowest; nil for any other text.
    package static func pack(_ text: Span<UInt8>) -> (UInt64, UInt64)? {
        guard text.count == 36 else { return nil }
        var first: UInt64 = 0
        var second: UInt64 = 0
        let isPacked = unsafe text.withUnsafeBufferPointer { buffer in
            // 36 bytes are there by the line above.
            unsafe sluice_uuid_pack(buffer.baseAddress, &first, &second)
        }
        return isPacked ? (first, second) : nil
    }
}
