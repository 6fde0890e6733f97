internal import Primitives

/// Bytes as Base64 for URLs without padding (RFC 4648, section 5; RFC 7515, section 2).
package enum Base64URL {
    /// The bytes as text.
    package static func text(of bytes: [UInt8]) -> String {
        let text = Base64.text(of: bytes).utf8.compactMap { byte -> UInt8? in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            case UInt8(ascii: "="): nil
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes that a text means; nil where a character is of another alphabet, padding is there, or a bit is set that
    /// no byte takes.
    package static func bytes(of text: Span<UInt8>) -> [UInt8]? {
        for index in text.indices {
            switch text[index] {
            case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
            default: continue
            }
        }
        return Base64.bytes(of: text)
    }

    /// The bytes that a text means; nil where it is none.
    package static func bytes(of text: String) -> [UInt8]? {
        bytes(of: Array(text.utf8).span)
    }
}
