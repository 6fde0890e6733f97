/// The text of a Swift file taken apart: its code, and its comments, each with everything else blanked out.
///
/// Both keep the line structure of the whole, so that a place in one is the same place in the other.
struct SwiftText {
    /// The code by lines; what stands inside string literals is blank, the code inside interpolations is not.
    let code: [String]
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
        comments = Self.lines(lexer.comments)
    }

    private static func lines(_ bytes: [UInt8]) -> [String] {
        var parts = bytes.split(separator: 10, omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true { parts.removeLast() }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }
}
