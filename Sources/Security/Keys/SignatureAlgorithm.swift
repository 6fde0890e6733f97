/// A way to sign with a key pair.
package enum SignatureAlgorithm: String, Sendable, CaseIterable {
    /// Ed25519 (RFC 8032).
    case ed25519
    /// ECDSA on P-256 with SHA-256, the signature in DER (RFC 3279).
    case ecdsaP256
    /// ECDSA on P-256 with SHA-256, the signature as r and s of 32 bytes each (RFC 7518, 3.4; RFC 9421, 3.3.4).
    case ecdsaP256Raw
    /// RSA PKCS #1 v1.5 with SHA-1; only for senders that know nothing better (AWS SNS, version 1).
    case rsaSHA1
    /// RSA PKCS #1 v1.5 with SHA-256 (RFC 8017).
    case rsaSHA256
    /// RSA PKCS #1 v1.5 with SHA-384.
    case rsaSHA384
    /// RSA PKCS #1 v1.5 with SHA-512.
    case rsaSHA512
    /// RSA PSS with SHA-256 and a salt of 32 bytes.
    case rsaPSSSHA256
    /// RSA PSS with SHA-512 and a salt of 64 bytes (RFC 9421, 3.3.1).
    case rsaPSSSHA512

    /// What kind of key it takes.
    package var keyKind: KeyKind {
        switch self {
        case .ed25519: .ed25519
        case .ecdsaP256, .ecdsaP256Raw: .p256
        case .rsaSHA1, .rsaSHA256, .rsaSHA384, .rsaSHA512, .rsaPSSSHA256, .rsaPSSSHA512: .rsa
        }
    }

    /// The digest that is signed; nil where the algorithm has its own.
    var digest: DigestAlgorithm? {
        switch self {
        case .ed25519: nil
        case .rsaSHA1: .sha1
        case .ecdsaP256, .ecdsaP256Raw, .rsaSHA256, .rsaPSSSHA256: .sha256
        case .rsaSHA384: .sha384
        case .rsaSHA512, .rsaPSSSHA512: .sha512
        }
    }

    /// Whether it is RSA with PSS padding.
    var isPSS: Bool { self == .rsaPSSSHA256 || self == .rsaPSSSHA512 }
}

/// What kind of numbers a key consists of.
package enum KeyKind: String, Sendable, CaseIterable {
    /// An Ed25519 key.
    case ed25519
    /// A key on the curve P-256.
    case p256
    /// An RSA key of at least 2,048 bits.
    case rsa
}

/// Why bytes are no key or certificate that is taken here; it never quotes them.
package enum KeyError: Error, Sendable, Hashable {
    /// They are in none of the forms that are read.
    case unreadable
    /// The key is of a kind that is not supported.
    case kindUnsupported
    /// An RSA key of fewer than 2,048 bits.
    case tooShort(bits: Int)
    /// Numbers that make no key: a point that is not on the curve, a wrong length.
    case invalid

    /// The error as the rest of a sentence: `the public key …`.
    package var message: String {
        switch self {
        case .unreadable: "is in none of the forms PEM, DER in Base64, JWK or raw bytes"
        case .kindUnsupported: "is none of Ed25519, P-256 and RSA"
        case .tooShort(let bits): "has \(bits) bits; RSA needs at least 2048"
        case .invalid: "has numbers that make no key"
        }
    }
}
