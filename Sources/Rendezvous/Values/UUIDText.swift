internal import Primitives

/// The lower-case text form of a UUID out of what ``UUIDDigits`` packed.
enum UUIDText {
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
}
