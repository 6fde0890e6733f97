internal import COpenSSL

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
