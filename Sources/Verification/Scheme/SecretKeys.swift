internal import Security

/// How bytes are written as text.
enum TextEncoding: String, Sendable, CaseIterable {
    case hex, base64, base64url

    /// The bytes that a text means; nil where it is none.
    func bytes(of text: ArraySlice<UInt8>) -> [UInt8]? {
        switch self {
        case .hex: Hex.bytes(of: text.span)
        case .base64: Base64Text.bytes(of: text.span)
        case .base64url: Base64URL.bytes(of: text.span)
        }
    }

    /// The bytes as text.
    func text(of bytes: [UInt8]) -> String {
        switch self {
        case .hex: Hex.text(of: bytes)
        case .base64: Base64Text.text(of: bytes)
        case .base64url: Base64URL.text(of: bytes)
        }
    }
}

/// One of several secrets, with the moment from which it counts no more.
struct SecretKey: Sendable {
    /// The secret's bytes, decoded.
    let bytes: [UInt8]
    /// Until when it counts, in milliseconds since 1970; nil for always.
    let notAfter: Int64?
    /// Prepared for message codes; nil where it is compared as it is.
    let code: MessageCodeKey?

    /// Whether it counts at a moment.
    func isValid(at now: Int64) -> Bool { notAfter.map { now <= $0 } ?? true }
}

/// One of several public keys.
struct CheckKey: Sendable {
    /// The key.
    let key: PublicKey
    /// Its id, where it came with one.
    let id: String?
    /// The algorithm it is for, where it came with one (RFC 7517, 4.4).
    let algorithm: String?
    /// Until when it counts, in milliseconds since 1970; nil for always.
    let notAfter: Int64?

    /// Whether it counts at a moment.
    func isValid(at now: Int64) -> Bool { notAfter.map { now <= $0 } ?? true }
}
