internal import COpenSSL

/// A private key: signs what is sent.
///
/// May be used on any thread.
@safe package final class PrivateKey: Sendable {
    /// The public half.
    package let publicKey: PublicKey
    // Never changed after init; OpenSSL only reads it when it signs.
    private let pointer: UInt

    private init(owning key: OpaquePointer?) throws(KeyError) {
        guard let key = unsafe key else {
            ERR_clear_error()
            throw .unreadable
        }
        do throws(KeyError) {
            publicKey = try PublicKey(der: unsafe Self.publicDER(key))
        } catch {
            unsafe EVP_PKEY_free(key)
            throw error
        }
        pointer = UInt(bitPattern: key)
    }

    deinit {
        unsafe EVP_PKEY_free(OpaquePointer(bitPattern: pointer))
    }

    /// Reads a key in PEM, not encrypted: `-----BEGIN PRIVATE KEY-----`, and the older forms for RSA and EC.
    ///
    /// - Throws: ``KeyError``.
    package convenience init(pem: [UInt8]) throws(KeyError) {
        try unsafe self.init(
            owning: PublicKey.withBIO(pem) { source in
                // A key that is encrypted has no password: the empty one is tried, not asked for at the terminal.
                unsafe PEM_read_bio_PrivateKey(source, nil, { _, _, _, _ in 0 }, nil)
            }
        )
    }

    /// Reads a key in DER: PKCS #8 and the older forms.
    ///
    /// - Throws: ``KeyError``.
    package convenience init(der: [UInt8]) throws(KeyError) {
        try unsafe self.init(
            owning: der.withUnsafeBufferPointer { bytes in
                // The bytes live during the call, which moves its own copy of the address.
                var next = bytes.baseAddress
                return unsafe d2i_AutoPrivateKey(nil, &next, bytes.count)
            }
        )
    }

    /// Takes the 32 bytes of an Ed25519 seed (RFC 8032, 5.1.5).
    ///
    /// - Throws: ``KeyError/invalid`` for any other number of bytes.
    package convenience init(ed25519 seed: [UInt8]) throws(KeyError) {
        guard seed.count == 32 else { throw .invalid }
        try self.init(der: Self.ed25519Head + seed)
    }

    /// Makes a new key; RSA with 2,048 bits.
    ///
    /// - Throws: ``KeyError`` where the system has no randomness.
    package convenience init(generating kind: KeyKind) throws(KeyError) {
        switch kind {
        case .ed25519: try unsafe self.init(owning: sluice_generate_ed25519())
        case .p256: try unsafe self.init(owning: sluice_generate_p256())
        case .rsa: try unsafe self.init(owning: sluice_generate_rsa(2048))
        }
    }

    /// What kind of key it is.
    package var kind: KeyKind { publicKey.kind }

    /// The signature of a message; nil where the algorithm takes another kind of key.
    ///
    /// - Complexity: O(n); about 60 µs for Ed25519 and P-256, 500 µs for RSA with 2,048 bits.
    package func sign(_ message: Span<UInt8>, by algorithm: SignatureAlgorithm) -> [UInt8]? {
        guard algorithm.keyKind == kind else { return nil }
        let context = unsafe EVP_MD_CTX_new()
        defer { unsafe EVP_MD_CTX_free(context) }
        var settings: OpaquePointer?
        let begun = unsafe EVP_DigestSignInit(
            context,
            &settings,
            algorithm.digest?.method,
            nil,
            OpaquePointer(bitPattern: pointer)
        )
        guard begun == 1 else { return nil }
        if algorithm.isPSS, unsafe sluice_use_pss(settings) != 1 { return nil }
        var count = unsafe Int(EVP_PKEY_get_size(OpaquePointer(bitPattern: pointer)))
        var signature = [UInt8](repeating: 0, count: max(0, count))
        // Message and signature live during the call, and the second is as long as the key's signatures get.
        let status = unsafe message.withUnsafeBufferPointer { message in
            unsafe EVP_DigestSign(
                context,
                &signature,
                &count,
                message.baseAddress,
                message.count
            )
        }
        guard status == 1, count <= signature.count else { return nil }
        let whole = Array(signature.prefix(count))
        return algorithm == .ecdsaP256Raw ? DER.pair(whole, byteCount: 32) : whole
    }

    /// The signature of a message; nil where the algorithm takes another kind of key.
    package func sign(_ message: [UInt8], by algorithm: SignatureAlgorithm) -> [UInt8]? {
        sign(message.span, by: algorithm)
    }

    private static func publicDER(_ key: OpaquePointer) -> [UInt8] {
        var out: UnsafeMutablePointer<UInt8>?
        let count = unsafe Int(i2d_PUBKEY(key, &out))
        guard count > 0, let start = unsafe out else { return [] }
        // OpenSSL allocated that many bytes for us.
        defer { unsafe CRYPTO_free(start, nil, 0) }
        return unsafe Array(UnsafeBufferPointer(start: start, count: count))
    }

    private static let ed25519Head: [UInt8] = [
        0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04,
        0x20,
    ]
}
