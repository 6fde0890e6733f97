internal import COpenSSL

/// Comparing secrets, and making new ones.
///
/// May be used on any thread.
package enum SecretBytes {
    /// Whether two byte strings are equal, in a time that depends on their lengths only.
    package static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        areEqual(left.span, right.span)
    }

    /// Whether two byte strings are equal, in a time that depends on their lengths only.
    package static func areEqual(_ left: Span<UInt8>, _ right: Span<UInt8>) -> Bool {
        guard left.count == right.count else { return false }
        // Both spans live during the call and have that many bytes.
        let difference = unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                unsafe CRYPTO_memcmp(left.baseAddress, right.baseAddress, left.count)
            }
        }
        return difference == 0
    }

    /// Fresh bytes from OpenSSL's random generator, as many as asked for; none for 0 or fewer.
    package static func random(_ count: Int) -> [UInt8] {
        let wanted = max(0, count)
        return unsafe [UInt8](unsafeUninitializedCapacity: wanted) { out, filled in
            // The buffer has room for that many bytes.
            let status = unsafe RAND_bytes(out.baseAddress, Int32(clamping: wanted))
            precondition(status == 1, "the system has randomness once it has started")
            filled = min(wanted, Int(Int32.max))
        }
    }
}
