internal import COpenSSL

/// Digests of bytes (FIPS 180-4).
///
/// May be used on any thread.
package enum Digest {
    /// The digest of bytes.
    ///
    /// - Returns: As many bytes as the algorithm yields.
    /// - Complexity: O(n).
    package static func of(_ bytes: Span<UInt8>, by algorithm: DigestAlgorithm) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { out, count in
            // Both buffers live during the call, and the second is as long as the digest.
            let status = unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe EVP_Digest(
                    bytes.baseAddress,
                    bytes.count,
                    out.baseAddress,
                    nil,
                    algorithm.method,
                    nil
                )
            }
            precondition(status == 1, "OpenSSL computes every digest it names")
            count = algorithm.byteCount
        }
    }

    /// The digest of bytes.
    package static func of(_ bytes: [UInt8], by algorithm: DigestAlgorithm) -> [UInt8] {
        of(bytes.span, by: algorithm)
    }
}
