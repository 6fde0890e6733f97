/// Why bytes are no JSON text, and where.
@usableFromInline
package struct JSONError: Error, Sendable, Hashable {
    /// What was wrong, one case for each thing RFC 8259 or a bound forbids.
    @usableFromInline
    package enum Reason: Sendable, Hashable {
        /// The text ends inside a value, or is empty.
        case unexpectedEnd
        /// A byte stands where the grammar has none of its kind.
        case unexpectedByte
        /// A word that is not `true`, `false` or `null`.
        case badLiteral
        /// A number that is not as section 6 writes it.
        case badNumber
        /// A character below U+0020 inside a string.
        case controlCharacter
        /// A backslash that begins no escape of section 7.
        case badEscape
        /// Bytes that are not UTF-8 (RFC 3629).
        case badUTF8
        /// More containers inside each other than the scanner takes.
        case tooDeep
        /// Bytes after the value.
        case trailingBytes
        /// 4 GiB or more.
        case tooLarge
        /// There was no memory for the scan.
        case noMemory
    }

    /// What was wrong.
    @usableFromInline package let reason: Reason
    /// The offset of the byte it is about, from 0; the count of bytes where the end came too early.
    @usableFromInline package let offset: Int

    /// Makes an error from its parts.
    package init(_ reason: Reason, at offset: Int) {
        self.reason = reason
        self.offset = offset
    }

    /// One sentence for a person, without full stop; it names no content.
    package var message: String {
        switch reason {
        case .unexpectedEnd: "the JSON text ends early, at byte \(offset)"
        case .unexpectedByte: "the JSON text has an unexpected character at byte \(offset)"
        case .badLiteral: "the JSON text has an unknown word at byte \(offset)"
        case .badNumber: "the JSON text has a malformed number at byte \(offset)"
        case .controlCharacter:
            "the JSON text has an unescaped control character at byte \(offset)"
        case .badEscape: "the JSON text has an invalid escape at byte \(offset)"
        case .badUTF8: "the JSON text is not valid UTF-8 at byte \(offset)"
        case .tooDeep: "the JSON text is nested too deep at byte \(offset)"
        case .trailingBytes: "the JSON text goes on after its value, at byte \(offset)"
        case .tooLarge: "the JSON text is 4 GiB or larger"
        case .noMemory: "there is no memory to read the JSON text"
        }
    }
}
