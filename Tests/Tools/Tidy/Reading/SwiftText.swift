/// The text of a Swift file taken apart: its code, and its comments, each with everything else blanked out.
///
/// Both keep the line structure of the whole, so that a place in one is the same place in the other.
struct SwiftText {
    /// The code by lines; what stands inside string literals is blank, the code inside interpolations is not.
    let code: [String]
    /// The words and signs of the code, by lines.
    let words: [[String]]
    /// The comments by lines, with their slashes.
    let comments: [String]
    /// The lines as they are.
    let lines: [String]

    /// Takes a file apart.
    init(_ text: String) {
        var lexer = SwiftLexer(Array(text.utf8))
        lexer.run()
        lines = Self.lines(Array(text.utf8))
        code = Self.lines(lexer.code)
        words = code.map(Words.of)
        comments = Self.lines(lexer.comments)
    }

    /// Whether a line holds a part of a string: something that is neither code nor comment.
    func holdsString(_ index: Int) -> Bool {
        let code = code[index].utf8
        let comments = comments[index].utf8
        return zip(lines[index].utf8, zip(code, comments)).contains { byte, others in
            byte != 32 && others.0 == 32 && others.1 == 32
        }
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        var parts = bytes.split(separator: 10, omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }
}
