internal import COpenSSL

/// A public key: tells whether what came was signed with the other half.
///
/// May be used on any thread.
@safe package final class PublicKey: Sendable {
    /// What kind of key it is.
    package let kind: KeyKind
    // Never changed after init; OpenSSL only reads it when it verifies.
    private let pointer: UInt

    /// The fewest bits of an RSA key that is taken.
    package static let rsaBitsMin = 2048
    private static let rsaBitsMax = 16_384

    /// Takes over a key of OpenSSL's; frees it where it is none that is taken.
    init(owning key: OpaquePointer?) throws(KeyError) {
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .unreadable
        }
        do throws(KeyError) {
            kind = try unsafe Self.kind(of: key)
        } catch {
            unsafe EVP_PKEY_free(key)
            throw error
        }
        pointer = UInt(bitPattern: key)
    }

    deinit {
        unsafe EVP_PKEY_free(OpaquePointer(bitPattern: pointer))
    }

    /// Reads a key in PEM: `-----BEGIN PUBLIC KEY-----`.
    ///
    /// - Throws: ``KeyError``.
    package convenience init(pem: [UInt8]) throws(KeyError) {
        try unsafe self.init(
            owning: Self.withBIO(pem) { unsafe PEM_read_bio_PUBKEY($0, nil, nil, nil) }
        )
    }

    /// Reads a key in DER: SubjectPublicKeyInfo (RFC 5280, 4.1).
    ///
    /// - Throws: ``KeyError``.
    package convenience init(der: [UInt8]) throws(KeyError) {
        try unsafe self.init(owning: Self.decode(der))
    }

    /// Takes the 32 bytes of an Ed25519 key (RFC 8032, 5.1.5).
    ///
    /// - Throws: ``KeyError/invalid`` for any other number of bytes.
    package convenience init(ed25519 bytes: [UInt8]) throws(KeyError) {
        guard bytes.count == 32 else { throw .invalid }
        try self.init(numbers: Self.ed25519Head + bytes)
    }

    /// Takes the coordinates of a point on P-256, big-endian, 32 bytes each (RFC 7518, 6.2.1).
    ///
    /// - Throws: ``KeyError/invalid`` for numbers of another length, or a point that is not on the curve.
    package convenience init(p256X x: [UInt8], y: [UInt8]) throws(KeyError) {
        guard x.count == 32, y.count == 32 else { throw .invalid }
        try self.init(numbers: Self.p256Head + [0x04] + x + y)
    }

    /// Takes modulus and exponent of an RSA key, big-endian (RFC 7518, 6.3.1).
    ///
    /// - Throws: ``KeyError``.
    package convenience init(rsaModulus modulus: [UInt8], exponent: [UInt8]) throws(KeyError) {
        guard modulus.count <= Self.rsaBitsMax / 8, !exponent.isEmpty, exponent.count <= 8 else {
            throw .invalid
        }
        try self.init(
            numbers: DER.sequence(
                DER.sequence(Self.rsaName, [0x05, 0x00]),
                DER.bits(DER.sequence(DER.unsigned(modulus), DER.unsigned(exponent)))
            )
        )
    }

    private convenience init(numbers der: [UInt8]) throws(KeyError) {
        guard let key = unsafe Self.decode(der) else {
            ERR_clear_error()
            throw .invalid
        }
        try unsafe self.init(owning: key)
    }

    /// The key in DER, as SubjectPublicKeyInfo.
    package var der: [UInt8] {
        var out: UnsafeMutablePointer<UInt8>?
        let count = unsafe Int(i2d_PUBKEY(OpaquePointer(bitPattern: pointer), &out))
        guard count > 0, let start = unsafe out else { return [] }
        // OpenSSL allocated that many bytes for us.
        defer { unsafe CRYPTO_free(start, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    /// Whether a signature is that of a message.
    ///
    /// False also where the algorithm takes another kind of key.
    ///
    /// - Complexity: O(n); about 180 µs for Ed25519, 120 µs for P-256, 30 µs for RSA with 2,048 bits.
    package func verify(
        _ signature: [UInt8],
        of message: Span<UInt8>,
        by algorithm: SignatureAlgorithm
    ) -> Bool {
        guard algorithm.keyKind == kind else { return false }
        var encoded = signature
        if algorithm == .ecdsaP256Raw {
            guard signature.count == 64 else { return false }
            encoded = DER.sequence(
                DER.unsigned(signature.prefix(32)),
                DER.unsigned(signature.suffix(32))
            )
        }
        let context = unsafe EVP_MD_CTX_new()
        defer {
            unsafe EVP_MD_CTX_free(context)
            // What did not fit left words for a log that nobody reads.
            ERR_clear_error()
        }
        var settings: OpaquePointer?
        let begun = unsafe EVP_DigestVerifyInit(
            context,
            &settings,
            algorithm.digest?.method,
            nil,
            OpaquePointer(bitPattern: pointer)
        )
        guard begun == 1 else { return false }
        if algorithm.isPSS, unsafe sluice_use_pss(settings) != 1 { return false }
        // Signature and message live during the call.
        return unsafe encoded.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestVerify(
                    context,
                    signature.baseAddress,
                    signature.count,
                    message.baseAddress,
                    message.count
                )
            }
        } == 1
    }

    /// Whether a signature is that of a message.
    package func verify(
        _ signature: [UInt8],
        of message: [UInt8],
        by algorithm: SignatureAlgorithm
    ) -> Bool {
        verify(signature, of: message.span, by: algorithm)
    }

    /// The kind of a key of OpenSSL's.
    static func kind(of key: OpaquePointer) throws(KeyError) -> KeyKind {
        if unsafe EVP_PKEY_is_a(key, "ED25519") == 1 { return .ed25519 }
        if unsafe EVP_PKEY_is_a(key, "EC") == 1 {
            var name = [CChar](repeating: 0, count: 64)
            var count = 0
            // The name fits, with its end: the call is told the room.
            let status = unsafe EVP_PKEY_get_group_name(key, &name, name.count, &count)
            let text = String(
                decoding: name.prefix(count).map(UInt8.init(bitPattern:)),
                as: UTF8.self
            )
            guard status == 1, text == "prime256v1" else { throw .kindUnsupported }
            return .p256
        }
        guard unsafe EVP_PKEY_is_a(key, "RSA") == 1 else { throw .kindUnsupported }
        let bits = unsafe Int(EVP_PKEY_get_bits(key))
        guard bits >= rsaBitsMin else { throw .tooShort(bits: bits) }
        guard bits <= rsaBitsMax else { throw .invalid }
        return .rsa
    }

    /// Lends bytes to OpenSSL as something to read from.
    static func withBIO<Result>(_ bytes: [UInt8], _ read: (OpaquePointer?) -> Result) -> Result {
        unsafe bytes.withUnsafeBufferPointer { bytes in
            // The bytes live until the call ends, and so does what reads them.
            let source = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count))
            defer { unsafe BIO_free(source) }
            return unsafe read(source)
        }
    }

    private static func decode(_ der: [UInt8]) -> OpaquePointer? {
        unsafe der.withUnsafeBufferPointer { bytes in
            // The bytes live during the call, which moves its own copy of the address.
            var next = bytes.baseAddress
            let end = unsafe bytes.baseAddress.map { unsafe $0 + bytes.count }
            let key = unsafe d2i_PUBKEY(nil, &next, bytes.count)
            guard unsafe next != end else { return unsafe key }
            // Bytes after the key: it is no key.
            unsafe EVP_PKEY_free(key)
            return nil
        }
    }

    private static let ed25519Head: [UInt8] = [
        0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
    private static let p256Head: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
        0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ]
    private static let rsaName: [UInt8] = [
        0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01,
    ]
}
