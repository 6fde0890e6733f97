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

/// A hash function, for digests and for message authentication.
package enum DigestAlgorithm: String, Sendable, CaseIterable {
    /// For senders that know nothing better; safe in HMAC, not alone.
    case sha1
    case sha256
    case sha384
    case sha512

    /// How many bytes it yields.
    package var byteCount: Int {
        switch self {
        case .sha1: 20
        case .sha256: 32
        case .sha384: 48
        case .sha512: 64
        }
    }

    /// OpenSSL's own constant for it, which lives as long as the process.
    var method: OpaquePointer? {
        switch self {
        case .sha1: unsafe EVP_sha1()
        case .sha256: unsafe EVP_sha256()
        case .sha384: unsafe EVP_sha384()
        case .sha512: unsafe EVP_sha512()
        }
    }

    /// Its name as OpenSSL's providers know it.
    var name: String {
        switch self {
        case .sha1: "SHA1"
        case .sha256: "SHA256"
        case .sha384: "SHA384"
        case .sha512: "SHA512"
        }
    }
}

/// A digest of bytes that come in pieces (FIPS 180-4).
///
/// Use it on one thread at a time.
@safe package struct DigestStream: ~Copyable {
    private let context: OpaquePointer?
    private let algorithm: DigestAlgorithm

    /// Begins a digest.
    package init(_ algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        unsafe context = EVP_MD_CTX_new()
        let status = unsafe EVP_DigestInit_ex(context, algorithm.method, nil)
        precondition(status == 1, "OpenSSL begins every digest it names")
    }

    deinit {
        unsafe EVP_MD_CTX_free(context)
    }

    /// Adds bytes.
    package mutating func update(_ bytes: Span<UInt8>) {
        // The bytes live during the call.
        let status = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        }
        precondition(status == 1, "OpenSSL takes any bytes")
    }

    /// Ends the digest.
    ///
    /// - Returns: As many bytes as the algorithm yields.
    package consuming func finish() -> [UInt8] {
        let count = algorithm.byteCount
        let context = unsafe context
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            // The buffer is as long as the digest.
            let status = unsafe EVP_DigestFinal_ex(context, out.baseAddress, nil)
            precondition(status == 1, "OpenSSL ends every digest it began")
            filled = count
        }
    }
}
