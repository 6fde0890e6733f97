package import JSONWire
internal import Primitives

/// Prints findings for people and for programs.
///
/// The text form quotes the source line with a caret. Values beside keys that name secrets are not quoted.
package struct DiagnosticPrinter {
    private var sources: [String: SourceLines] = [:]
    /// The line that was shown last, with its secrets masked.
    private var last: (file: String, line: Int, characters: [Unicode.Scalar])?

    /// Makes a printer that quotes nothing until it is given texts.
    package init() {}

    /// Gives the text of a file, by the name its positions have.
    package mutating func addSource(_ bytes: [UInt8], file: String) {
        let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        last = nil
        sources[file] = SourceLines(hasMark ? Array(bytes.dropFirst(3)) : bytes)
    }

    /// Findings as text for a terminal, each with its line: errors first, then warnings, then notes, each in the order of
    /// their places; ends with a line end.
    package mutating func text(_ diagnostics: [Diagnostic]) -> String {
        Self.sorted(diagnostics).map { text($0) }.joined()
    }

    /// One finding as text; a note is one line, without the line it is about.
    package mutating func text(_ diagnostic: Diagnostic) -> String {
        let path = diagnostic.keyPath.isEmpty ? "" : "\(TerminalText.line(diagnostic.keyPath)): "
        let isNote = diagnostic.severity == .note
        let suggestion = diagnostic.suggestion.map { "did you mean `\(TerminalText.line($0))`?" }
        let kind = isNote ? diagnostic.noteKind.map { "\($0.rawValue): " } ?? "" : ""
        let place = diagnostic.position
        let message = TerminalText.line(diagnostic.message)
        var text = place == .nowhere ? "" : "\(TerminalText.line(place.description)): "
        text += "\(diagnostic.severity.rawValue): \(kind)\(path)\(message)"
        if isNote { return text + (suggestion.map { "; \($0)" } ?? "") + "\n" }
        text += "\n"
        text += excerpt(at: diagnostic.position, length: diagnostic.length)
        if let suggestion { text += "    \(suggestion)\n" }
        return text
    }

    /// Findings as JSON: a list of maps with `severity kind what name file line column key_path message suggestion`.
    package static func json(_ diagnostics: [Diagnostic]) -> JSONValue {
        .array(sorted(diagnostics).map { .object(object($0)) })
    }

    private static func object(_ diagnostic: Diagnostic) -> JSONObject {
        [
            "severity": .string(diagnostic.severity.rawValue),
            "kind": diagnostic.noteKind.map { .string($0.rawValue) } ?? .null,
            "what": diagnostic.what.map { .string($0) } ?? .null,
            "name": diagnostic.name.map { .string($0) } ?? .null,
            "file": .string(diagnostic.position.file),
            "line": .integer(Int64(diagnostic.position.line)),
            "column": .integer(Int64(diagnostic.position.column)),
            "key_path": .string(diagnostic.keyPath),
            "message": .string(diagnostic.message),
            "suggestion": diagnostic.suggestion.map { .string($0) } ?? .null,
        ]
    }

    /// By gravity, by file in the order they first occur, then by place.
    private static func sorted(_ diagnostics: [Diagnostic]) -> [Diagnostic] {
        var files: [String: Int] = [:]
        for diagnostic in diagnostics where files[diagnostic.position.file] == nil {
            files[diagnostic.position.file] = files.count
        }
        let keyed = diagnostics.enumerated().map { order, diagnostic in
            let place = diagnostic.position
            let rank =
                switch diagnostic.severity {
                case .error: 0
                case .warning: 1
                case .note: 2
                }
            let key = [rank, files[place.file] ?? 0, place.line, place.column, order]
            return (key, diagnostic)
        }
        return keyed.sorted { $0.0.lexicographicallyPrecedes($1.0) }.map(\.1)
    }

    /// The line with a caret under its column and a tail as long as what is wrong; empty where the text is not known or has
    /// no such line.
    private mutating func excerpt(at position: SourcePosition, length: Int) -> String {
        guard let characters = shown(position) else { return "" }
        let column = position.column - 1
        guard column >= 0, column <= characters.count else { return "" }
        // A window of the line, so that minified JSON stays readable.
        let start = column > 90 ? column - 60 : 0
        var shown = characters.dropFirst(start).prefix(110).map(Self.printable)
        while shown.last == " " { shown.removeLast() }
        let caret = characters.dropFirst(start).prefix(column - start)
            .map { $0 == "\t" ? "\t" : " " as Unicode.Scalar }
        let padding = String(
            repeating: " ",
            count: max(0, column - start - caret.count)
        )
        let tailCount = min(max(length - 1, 0), max(0, start + shown.count - column - 1))
        let tail = String(repeating: "~", count: tailCount)
        let number = "\(position.line)"
        let margin = String(repeating: " ", count: number.utf8.count)
        let mark = Self.text(caret) + padding + "^" + tail
        return "  \(number) | \(Self.text(shown))\n  \(margin) | \(mark)\n"
    }

    /// The line of a place, with its secrets masked; nil where the text is not known.
    ///
    /// The line shown last is kept: a file of one long line may have thousands of findings in it.
    private mutating func shown(_ position: SourcePosition) -> [Unicode.Scalar]? {
        if let last, last.file == position.file, last.line == position.line {
            return last.characters
        }
        guard var lines = sources[position.file] else { return nil }
        var characters = lines.characters(ofLine: position.line - 1)
        sources[position.file] = lines
        SecretMask.mask(&characters)
        SecretMask.maskURLs(&characters)
        last = (position.file, position.line, characters)
        return characters
    }

    private static func printable(_ character: Unicode.Scalar) -> Unicode.Scalar {
        // Nothing of a file may steer the terminal.
        character != "\t" && TerminalText.isUnsafe(character) ? "\u{FFFD}" : character
    }

    private static func text(_ characters: [Unicode.Scalar]) -> String {
        String(String.UnicodeScalarView(characters))
    }
}
