/// Hexadecimal digits, eight at a time.
enum HexWord {
    /// The eight lower-case digits of a number as ASCII, the first in the most significant byte.
    ///
    /// The nibbles are spread over the bytes of one word and turned into digits together, without a branch.
    static func digits(_ number: UInt32) -> UInt64 {
        var word = UInt64(number)
        word = (word | word << 16) & 0x0000_FFFF_0000_FFFF
        word = (word | word << 8) & 0x00FF_00FF_00FF_00FF
        word = (word | word << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // One in every byte whose nibble is above 9: there the letters begin.
        let letters = (word &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return word &+ 0x3030_3030_3030_3030 &+ letters &* 0x27
    }
}
