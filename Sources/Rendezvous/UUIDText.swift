internal import Primitives

/// The lower-case text form of a UUID, packed to 16 bytes and back.
enum UUIDText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// The 16 bytes of a text in exactly the form `UUIDv7.text` writes; nil for any other text.
    static func pack(_ text: Span<UInt8>) -> (UInt64, UInt64)? {
        guard text.count == 36, text[8] == 45, text[13] == 45, text[18] == 45, text[23] == 45,
            let first = nibbles(text.word(at: 0)),
            let second = nibbles(text.word(at: 9) & 0xFFFF_FFFF | text.word(at: 14) << 32),
            let third = nibbles(text.word(at: 19) & 0xFFFF_FFFF | text.word(at: 24) << 32),
            let fourth = nibbles(text.word(at: 28))
        else { return nil }
        return (first | second << 32, third | fourth << 32)
    }

    /// The text of 16 packed bytes.
    static func unpack(_ first: UInt64, _ second: UInt64) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for index in 0..<16 {
            if index == 4 || index == 6 || index == 8 || index == 10 { text.append(45) }
            let word = index < 8 ? first : second
            let byte = UInt8(truncatingIfNeeded: word >> UInt64(index % 8 * 8))
            text.append(digit(byte >> 4))
            text.append(digit(byte & 15))
        }
        return text
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? nibble + 48 : nibble + 87
    }

    /// Eight hexadecimal digits, first one lowest, to four bytes; nil unless all are lower-case digits.
    ///
    /// All eight are read at once: guessed to their values, written back, and compared.
    private static func nibbles(_ text: UInt64) -> UInt64? {
        let letters = text >> 6 & ones
        let values = text & (ones &* 15) &+ letters &* 9
        let overNine = (values &+ ones &* 6) >> 4 & ones
        let written = values &+ ones &* 48 &+ overNine &* 39
        guard written == text, values & (ones &* 0xF0) == 0 else { return nil }
        var bytes = (values << 4 | values >> 8) & 0x00FF_00FF_00FF_00FF
        bytes = (bytes | bytes >> 8) & 0x0000_FFFF_0000_FFFF
        return (bytes | bytes >> 16) & 0xFFFF_FFFF
    }
}
