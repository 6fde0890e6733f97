/// The words and signs of one line of code.
enum Words {
    /// Splits a line into words (letters, digits, `_`) and single signs, without space.
    static func of(_ line: String) -> [String] {
        var words: [String] = []
        var word = ""
        for character in line {
            if character.isLetter || character.isNumber || character == "_" {
                word.append(character)
                continue
            }
            if !word.isEmpty { words.append(word) }
            word = ""
            if character != " ", character != "\t" { words.append(String(character)) }
        }
        return word.isEmpty ? words : words + [word]
    }
}
