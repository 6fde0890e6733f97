internal import COpenSSL

/// A key for many message codes (HMAC, RFC 2104), with the work that depends on the key alone done once.
///
/// May be used on any thread.
@safe package final class MessageCodeKey: Sendable {
    /// The hash function.
    package let algorithm: DigestAlgorithm
    // Never changed after init; messages work on duplicates of it.
    private let prepared: UInt

    /// Prepares a key.
    ///
    /// - Parameters:
    ///   - key: The key's bytes; any number of them.
    ///   - algorithm: The hash function.
    package init(_ key: [UInt8], by algorithm: DigestAlgorithm) {
        self.algorithm = algorithm
        let method = unsafe EVP_MAC_fetch(nil, "HMAC", nil)
        let context = unsafe EVP_MAC_CTX_new(method)
        unsafe EVP_MAC_free(method)
        // An empty key needs an address too, or OpenSSL takes it for none.
        let bytes = key.isEmpty ? [0] : key
        var name = Array(algorithm.name.utf8CString)
        let status = unsafe name.withUnsafeMutableBufferPointer { name in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                // Name and key live during the call, which copies both.
                var parameters = unsafe [
                    OSSL_PARAM_construct_utf8_string("digest", name.baseAddress, 0),
                    OSSL_PARAM_construct_end(),
                ]
                return unsafe EVP_MAC_init(
                    context,
                    bytes.baseAddress,
                    key.count,
                    &parameters
                )
            }
        }
        precondition(status == 1, "OpenSSL takes every key for the codes it names")
        prepared = UInt(bitPattern: context)
    }

    deinit {
        unsafe EVP_MAC_CTX_free(OpaquePointer(bitPattern: prepared))
    }

    /// Begins a message.
    package func begin() -> MessageCodeStream {
        // The original is only read, which several threads may do at once.
        unsafe MessageCodeStream(
            context: EVP_MAC_CTX_dup(OpaquePointer(bitPattern: prepared)),
            byteCount: algorithm.byteCount
        )
    }

    /// The code of a whole message.
    ///
    /// - Returns: As many bytes as the algorithm yields.
    /// - Complexity: O(n).
    package func code(of message: Span<UInt8>) -> [UInt8] {
        var stream = begin()
        stream.update(message)
        return stream.finish()
    }

    /// The code of a whole message.
    package func code(of message: [UInt8]) -> [UInt8] {
        code(of: message.span)
    }
}

/// The message code of bytes that come in pieces, which are never joined.
///
/// Use it on one thread at a time.
@safe package struct MessageCodeStream: ~Copyable {
    private let context: OpaquePointer?
    private let byteCount: Int

    /// Takes over a context that is begun.
    init(context: OpaquePointer?, byteCount: Int) {
        unsafe precondition(context != nil, "there is memory for a message code")
        unsafe self.context = context
        self.byteCount = byteCount
    }

    deinit {
        unsafe EVP_MAC_CTX_free(context)
    }

    /// Adds bytes of the message.
    package mutating func update(_ bytes: Span<UInt8>) {
        // The bytes live during the call.
        let status = unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe EVP_MAC_update(context, bytes.baseAddress, bytes.count)
        }
        precondition(status == 1, "OpenSSL takes any bytes")
    }

    /// Ends the message.
    ///
    /// - Returns: The code, as many bytes as the algorithm yields.
    package consuming func finish() -> [UInt8] {
        let count = byteCount
        let context = unsafe context
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { out, filled in
            // The buffer is as long as the code.
            var written = 0
            let status = unsafe EVP_MAC_final(context, out.baseAddress, &written, count)
            precondition(status == 1 && written == count, "OpenSSL ends every code it began")
            filled = count
        }
    }
}
