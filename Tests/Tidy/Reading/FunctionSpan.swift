/// A function, initializer or deinitializer with a body: from the line of its name to its closing brace.
struct FunctionSpan: Equatable {
    /// The first line, from 0.
    let start: Int
    /// How many lines it has.
    let lines: Int

    private static let words: Set = ["func", "init", "deinit", "subscript"]

    /// All of them in a file's code, nested ones too.
    static func all(in code: [String]) -> [FunctionSpan] {
        code.indices.filter { begins(code[$0]) }.compactMap { start in
            end(of: start, in: code).map { FunctionSpan(start: start, lines: $0 - start + 1) }
        }
    }

    /// Whether a line declares one: the word stands before any sign that only an expression has.
    private static func begins(_ line: String) -> Bool {
        let words = Words.of(line)
        guard let place = words.firstIndex(where: { Self.words.contains($0) }) else { return false }
        let signs: Set = ["@", "(", ")", ","]
        return words[..<place].allSatisfy { word in
            signs.contains(word) || word.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        } && !words[..<place].contains("return")
    }

    /// The line of the brace that closes the body; nil where there is no body.
    private static func end(of start: Int, in code: [String]) -> Int? {
        var braces = 0
        var parentheses = 0
        for index in start..<code.count {
            if index > start, braces == 0, parentheses == 0, begins(code[index]) { return nil }
            for character in code[index] {
                switch character {
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
