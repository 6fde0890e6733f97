internal import HTTPEngine
internal import Primitives

/// The value of an `Idempotency-Key` field (draft-ietf-httpapi-idempotency-key-header): a string of RFC 9651, 3.3.3, or,
/// as most clients send it, the text as it stands.
///
/// `abc` and `"abc"` are the same key.
package struct IdempotencyKey: Equatable, Sendable {
    /// The key's text.
    package let text: String

    /// The longest key.
    static let bytesMax = 1024

    /// The key of a request; nil where it has none.
    ///
    /// - Throws: 400 for a field that is malformed or comes twice.
    static func of(_ request: borrowing Request) throws(Problem) -> IdempotencyKey? {
        guard let value = request.header("idempotency-key") else { return nil }
        let isAlone = request.headers.count { $0.name == "idempotency-key" } == 1
        if isAlone, let key = IdempotencyKey(field: value) { return key }
        throw Problem(
            status: 400,
            code: .idempotencyKeyInvalid,
            detail:
                "Idempotency-Key must come once and be a text of 1 to \(bytesMax) bytes without control "
                + "characters, as it stands or in double quotes."
        )
    }

    /// Reads the field's value; nil where it is malformed.
    init?(field: String) {
        let bytes = Array(field.utf8)
        let text =
            bytes.first == UInt8(ascii: "\"")
            ? Self.quoted(bytes[...]) : Self.bare(field)
        guard let text, !text.isEmpty, text.count <= Self.bytesMax else { return nil }
        self.text = String(decoding: text, as: UTF8.self)
    }

    /// `"…"` with `\"` and `\\` for a quote and a backslash, and parameters, which mean nothing here, behind it.
    private static func quoted(_ field: ArraySlice<UInt8>) -> [UInt8]? {
        var text: [UInt8] = []
        var rest = field.dropFirst()
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""):
                return FieldParameters.areWellFormed(rest) ? text : nil
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst(),
                    escaped == UInt8(ascii: "\"") || escaped == UInt8(ascii: "\\")
                else { return nil }
                text.append(escaped)
            case 0x20...0x7E: text.append(byte)
            default: return nil
            }
        }
        return nil
    }

    /// A text as it stands; nil where it has control characters, or was not UTF-8: then two keys could be read as one.
    private static func bare(_ field: String) -> [UInt8]? {
        let isPlain = field.unicodeScalars.allSatisfy { character in
            character.value >= 0x20 && !(0x7F..<0xA0).contains(character.value)
                && character != "\u{FFFD}"
        }
        return isPlain ? Array(field.utf8) : nil
    }
}
