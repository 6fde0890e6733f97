internal import Documents

/// Files of environment variables: `NAME=value` lines, comments with `#`, quotes round values, an optional `export`.
enum EnvironmentText {
    /// Reads the variables of a file; a line that is none is an error, whose text is not quoted: it may be a secret.
    static func parse(
        _ bytes: [UInt8],
        file: String,
        diagnostics: Diagnostics
    ) -> [String: String] {
        var variables: [String: String] = [:]
        let text = String(decoding: bytes, as: UTF8.self)
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            var rest = trimmed(line)
            if rest.isEmpty || rest.hasPrefix("#") { continue }
            if rest.hasPrefix("export ") { rest = trimmed(rest.dropFirst(7)) }
            guard let equals = rest.firstIndex(of: "="), equals != rest.startIndex else {
                diagnostics.error(
                    "this line is not of the form NAME=value",
                    at: SourcePosition(file: file, line: index + 1, column: 1)
                )
                continue
            }
            variables[trimmed(rest[..<equals])] = value(trimmed(rest[rest.index(after: equals)...]))
        }
        return variables
    }

    /// A value without its quotes; unquoted, a blank and `#` begin a comment.
    private static func value(_ text: String) -> String {
        if let quote = text.first, quote == "\"" || quote == "'",
            let end = text.dropFirst().lastIndex(of: quote)
        {
            let rest = trimmed(text[text.index(after: end)...])
            if rest.isEmpty { return String(text[text.index(after: text.startIndex)..<end]) }
        }
        if let quoted = quotedBeforeComment(text) { return quoted }
        var kept = ""
        var wasBlank = false
        for character in text {
            if character == "#", wasBlank { break }
            wasBlank = character == " " || character == "\t"
            kept.append(character)
        }
        return trimmed(kept)
    }

    /// What stands in quotes before a comment: `"a b" # why`; nil where there is no such thing.
    private static func quotedBeforeComment(_ text: String) -> String? {
        guard let quote = text.first, quote == "\"" || quote == "'" else { return nil }
        let inside = text.dropFirst().prefix { $0 != quote }
        let rest = text[inside.endIndex...].dropFirst()
        return trimmed(rest).hasPrefix("#") ? String(inside) : nil
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var slice = Substring(text)
        while let first = slice.first, first.isWhitespace { slice.removeFirst() }
        while let last = slice.last, last.isWhitespace { slice.removeLast() }
        return String(slice)
    }
}
