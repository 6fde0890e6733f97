/// The words and signs of one line of code.
enum Words {
    /// Splits a line into words (letters, digits, `_`) and single signs, without space.
    static func of(_ line: String) -> [String] {
        var words: [String] = []
        var word: [UInt8] = []
        for byte in line.utf8 {
            if isWordByte(byte) {
                word.append(byte)
                continue
            }
            if !word.isEmpty { words.append(String(decoding: word, as: UTF8.self)) }
            word.removeAll(keepingCapacity: true)
            if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") {
                words.append(String(UnicodeScalar(byte)))
            }
        }
        return word.isEmpty ? words : words + [String(decoding: word, as: UTF8.self)]
    }

    /// Whether this is a word and no sign.
    static func isWord(_ text: String) -> Bool {
        text.utf8.first.map(isWordByte) ?? false
    }

    /// Whether a byte belongs to a word; every byte beyond ASCII does.
    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...0xFF:
            true
        default: false
        }
    }
}
