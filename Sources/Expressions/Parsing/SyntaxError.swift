internal import Documents

/// Why a text is no expression, and where.
struct SyntaxError: Error {
    /// What was found and what was expected; one sentence without full stop.
    var message: String
    /// What to write instead, where there is one nearest thing.
    var suggestion: String?
    /// Where.
    var position: SourcePosition
    /// How many characters it is about, for the caret.
    var length: Int
    /// Whether the text cannot be meant as it stands either: it is wrong inside a nested `${…}`.
    var isFinal = false
    /// Whether the end of the text came before the end of the expression.
    var isUnclosed = false
}
