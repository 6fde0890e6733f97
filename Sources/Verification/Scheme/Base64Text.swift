internal import Primitives

/// Base64 in the standard alphabet, over bytes that are lent.
enum Base64Text {
    /// The bytes that a text means; padding may be left out, and the alphabet of URLs counts too.
    static func bytes(of text: Span<UInt8>) -> [UInt8]? { Base64.bytes(of: text) }

    /// The bytes as text, with padding.
    static func text(of bytes: [UInt8]) -> String { Base64.text(of: bytes) }
}
