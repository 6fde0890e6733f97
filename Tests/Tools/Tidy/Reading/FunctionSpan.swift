/// A function, initializer or deinitializer with a body: from the line of its name to its closing brace.
struct FunctionSpan: Equatable {
    /// The first line, from 0.
    let start: Int
    /// How many lines it has.
    let lines: Int

    private static let introducers: Set = ["func", "init", "deinit", "subscript"]
    private static let signs: Set = ["@", "(", ")", ","]

    /// All of them in a file, nested ones too.
    static func all(in text: SwiftText) -> [FunctionSpan] {
        let starts = text.words.indices.filter { begins(text.words[$0]) }
        return starts.compactMap { start in
            end(of: start, in: text).map { FunctionSpan(start: start, lines: $0 - start + 1) }
        }
    }

    /// Whether a line declares one: the word stands before any sign that only an expression has.
    private static func begins(_ words: [String]) -> Bool {
        guard let place = words.firstIndex(where: { introducers.contains($0) }) else {
            return false
        }
        let before = words[..<place]
        if before.contains("return") { return false }
        return before.allSatisfy { signs.contains($0) || Words.isWord($0) }
    }

    /// The line of the brace that closes the body; nil where there is no body.
    private static func end(of start: Int, in text: SwiftText) -> Int? {
        var braces = 0
        var parentheses = 0
        for index in start..<text.words.count {
            let words = text.words[index]
            if index > start, braces == 0, parentheses == 0, begins(words) { return nil }
            for word in words {
                switch word {
                case "(": parentheses += 1
                case ")": parentheses -= 1
                case "{" where parentheses == 0 || braces > 0: braces += 1
                case "}" where braces > 0:
                    braces -= 1
                    if braces == 0 { return index }
                case "}" where parentheses == 0: return nil
                default: continue
                }
            }
        }
        return nil
    }
}
