internal import CPrimitives

/// The checksum CRC-32C (Castagnoli; RFC 3720, B.4), by the processor's instruction where it has
/// one.
package enum CRC32C {
    /// Continues the checksum `crc` over more bytes; begin with 0.
    ///
    /// - Complexity: O(n), about eight bytes in three cycles with the instruction.
    package static func extend(_ crc: UInt32, _ bytes: RawSpan) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe sluice_crc32c(crc, $0.baseAddress, $0.count) }
    }

    /// Continues the checksum `crc` over more bytes; begin with 0.
    package static func extend(_ crc: UInt32, _ bytes: Span<UInt8>) -> UInt32 {
        unsafe extend(crc, bytes.bytes)
    }

    /// The same by table alone, as processors without the instruction compute it.
    package static func extendByTable(_ crc: UInt32, _ bytes: RawSpan) -> UInt32 {
        unsafe bytes.withUnsafeBytes { unsafe sluice_crc32c_table(crc, $0.baseAddress, $0.count) }
    }
}
