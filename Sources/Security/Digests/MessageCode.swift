internal import COpenSSL

/// Message authentication codes by HMAC (RFC 2104).
///
/// May be used on any thread.
package enum MessageCode {
    /// The code of a message under a key.
    ///
    /// - Returns: As many bytes as the algorithm yields.
    /// - Complexity: O(n); about 1.3 µs for 1 KB.
    package static func of(
        _ message: Span<UInt8>,
        key: [UInt8],
        by algorithm: DigestAlgorithm
    ) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: algorithm.byteCount) { out, count in
            // All three buffers live during the call, and the last is as long as the code.
            let result = unsafe message.withUnsafeBufferPointer { message in
                unsafe key.withUnsafeBufferPointer { key in
                    unsafe HMAC(
                        algorithm.method,
                        key.baseAddress,
                        Int32(clamping: key.count),
                        message.baseAddress,
                        message.count,
                        out.baseAddress,
                        nil
                    )
                }
            }
            unsafe precondition(result != nil, "OpenSSL computes every code it names")
            count = algorithm.byteCount
        }
    }

    /// The code of a message under a key.
    package static func of(
        _ message: [UInt8],
        key: [UInt8],
        by algorithm: DigestAlgorithm
    ) -> [UInt8] {
        of(message.span, key: key, by: algorithm)
    }
}
