/// libyaml's errors in plain words.
enum YAMLMessages {
    /// A text in quotes that has several lines.
    struct LongText {
        /// Where its opening quote stands.
        var start: YAMLEvent.Mark
        /// Behind its closing quote.
        var end: YAMLEvent.Mark
        /// The quote.
        var quote: String
    }

    /// The error with its place: what was found, what was expected, what to do.
    ///
    /// `after`: the last text in quotes that has several lines.
    static func diagnostic(
        _ problem: YAMLProblem,
        file: String,
        lines: inout SourceLines,
        after longText: LongText?
    ) -> Diagnostic {
        guard let mark = problem.mark else {
            let position = lines.position(ofByte: problem.offset, file: file)
            return Diagnostic(.error, at: position, message: sentence(problem.problem))
        }
        let position = position(mark, file)
        if let tab = tab(at: mark, &lines) {
            return Diagnostic(
                .error,
                at: SourcePosition(file: file, line: mark.line + 1, column: tab + 1),
                message: "found a tab, expected spaces: YAML is not indented with tabs"
            )
        }
        if let told = quoteProblem(problem, mark, file, &lines, longText)
            ?? expressionProblem(mark, file, &lines) ?? colonProblem(problem, mark, file, &lines)
        {
            return told
        }
        var message = sentence(problem.problem)
        if let context = problem.contextMark, context.line != mark.line,
            let what = contexts[problem.context]
        {
            message += " (\(what) began at line \(context.line + 1))"
        }
        return Diagnostic(.error, at: position, message: message)
    }

    private static func position(_ mark: YAMLEvent.Mark, _ file: String) -> SourcePosition {
        SourcePosition(file: file, line: mark.line + 1, column: mark.column + 1)
    }

    /// A quote that is missing, or in the middle of what should all be quoted.
    private static func quoteProblem(
        _ problem: YAMLProblem,
        _ mark: YAMLEvent.Mark,
        _ file: String,
        _ lines: inout SourceLines,
        _ longText: LongText?
    ) -> Diagnostic? {
        if problem.context == "while scanning a quoted scalar", let start = problem.contextMark,
            problem.problem == "found unexpected end of stream"
        {
            let line = lines.characters(ofLine: start.line)
            let quote = line.indices.contains(start.column) ? String(line[start.column]) : "\""
            return Diagnostic(
                .error,
                at: position(start, file),
                message: "the text that begins here has no closing `\(quote)`"
            )
        }
        // The word behind its end, or the line behind it, is where libyaml notices.
        if let text = longText, (0...1).contains(mark.line - text.end.line) {
            let end = "\(text.end.line + 1):\(text.end.column)"
            return Diagnostic(
                .error,
                at: position(text.start, file),
                message:
                    "the text that begins here ends only at \(end): is a closing `\(text.quote)`"
                    + " missing in line \(text.start.line + 1)?"
            )
        }
        let line = lines.characters(ofLine: mark.line)
        guard
            ["did not find expected key", "did not find expected '-' indicator"]
                .contains(problem.problem), mark.column < line.count
        else { return nil }
        let before = line[..<mark.column].reversed().drop { $0 == " " }
        guard let quote = before.first, quote == "\"" || quote == "'" else { return nil }
        return Diagnostic(
            .error,
            at: position(mark, file),
            message: "found text behind the closing `\(quote)`: quotes stand round all of a value"
        )
    }

    /// An expression in `{ … }` or `[ … ]` without quotes, whose braces YAML takes for its own.
    private static func expressionProblem(
        _ mark: YAMLEvent.Mark,
        _ file: String,
        _ lines: inout SourceLines
    ) -> Diagnostic? {
        let line = lines.characters(ofLine: mark.line)
        guard mark.column > 0, mark.column < line.count, line[mark.column] == "{",
            line[mark.column - 1] == "$"
        else { return nil }
        var start = mark.column - 1
        while start > 0, !["{", "[", ","].contains(line[start - 1]),
            !(line[start - 1] == " " && start > 1 && line[start - 2] == ":")
        {
            start -= 1
        }
        while start < mark.column, line[start] == " " { start += 1 }
        var (end, open) = (mark.column, 0)
        while end < line.count {
            if line[end] == "{" { open += 1 }
            if line[end] == "}" { open -= 1 }
            if line[end] == "}", open == 0 { break }
            end += 1
        }
        // What follows up to the comma or the bracket belongs to the value.
        while end + 1 < line.count, ![",", "}", "]", " "].contains(line[end + 1]) { end += 1 }
        let value = text(line[start..<min(end + 1, line.count)])
        let isMap = start > 1 && line[start - 2] == ":"
        var keyStart = max(0, start - 2)
        while keyStart > 0, !["{", "[", ","].contains(line[keyStart - 1]) { keyStart -= 1 }
        let key = isMap ? text(line[keyStart..<start].drop { $0 == " " }) : ""
        let quote = value.contains("\"") ? "'" : "\""
        return Diagnostic(
            .error,
            at: SourcePosition(file: file, line: mark.line + 1, column: start + 1),
            message: "in \(isMap ? "{ … }" : "[ … ]") an expression needs quotes",
            suggestion: value.contains("'") && value.contains("\"")
                ? nil : "\(key)\(quote)\(value)\(quote)"
        )
    }

    /// A line that should be a key with its value and has no colon, or none with a blank behind it.
    private static func colonProblem(
        _ problem: YAMLProblem,
        _ mark: YAMLEvent.Mark,
        _ file: String,
        _ lines: inout SourceLines
    ) -> Diagnostic? {
        let start: YAMLEvent.Mark
        switch problem.problem {
        case "could not find expected ':'":
            guard let context = problem.contextMark else { return nil }
            start = context
        case "mapping values are not allowed in this context":
            // The line before it was read as the beginning of a text that this one continues.
            let line = lines.characters(ofLine: mark.line)
            let indentation = line.prefix { $0 == " " }.count
            let before = lines.characters(ofLine: mark.line - 1)
            guard mark.line > 0, before.prefix(while: { $0 == " " }).count == indentation,
                before.count > indentation, before.last != ":", before.last != ",",
                !["#", "-", "?", "\"", "'", "{", "["].contains(before[indentation]),
                !text(before).contains(": ")
            else { return nil }
            start = YAMLEvent.Mark(line: mark.line - 1, column: indentation)
        default: return nil
        }
        let line = lines.characters(ofLine: start.line).dropFirst(start.column)
        if let colon = line.firstIndex(of: ":"), colon + 1 < line.endIndex, line[colon + 1] != "/" {
            let (name, value) = (text(line[..<colon]), text(line[(colon + 1)...]))
            return Diagnostic(
                .error,
                at: position(start, file),
                message: "behind the `:` of a key stands a blank",
                suggestion: "\(name): \(value)".clipped
            )
        }
        return Diagnostic(
            .error,
            at: position(start, file),
            message: "line \(start.line + 1) has no `:`, expected `key: value`"
        )
    }

    /// The path of `{{ body.id }}` that YAML has read as a map whose key is a map; nil for any other map.
    static func bracedPath(at position: SourcePosition, _ lines: inout SourceLines) -> String? {
        let line = lines.characters(ofLine: position.line - 1)
        let start = position.column - 1
        guard start > 0, start < line.count, line[start] == "{", line[start - 1] == "{",
            let end = line[start...].firstIndex(of: "}"), end - start <= 80
        else { return nil }
        let inner = text(line[(start + 1)..<end]).split(separator: " ").joined(separator: " ")
        let path = inner.hasPrefix(".") ? String(inner.dropFirst()) : inner
        return path.isEmpty ? nil : path
    }

    private static func text(_ characters: some Sequence<Unicode.Scalar>) -> String {
        var text = String.UnicodeScalarView()
        text.append(contentsOf: characters)
        return String(text)
    }

    /// The column of the tab that is to blame: the one the error is at, or one in the blank beginning of its line.
    private static func tab(at mark: YAMLEvent.Mark, _ lines: inout SourceLines) -> Int? {
        let line = lines.characters(ofLine: mark.line)
        if mark.column < line.count, line[mark.column] == "\t" { return mark.column }
        let blank = line.prefix { $0 == " " || $0 == "\t" }
        return mark.column <= blank.count ? blank.firstIndex(of: "\t") : nil
    }

    private static func sentence(_ problem: String) -> String {
        sentences[problem] ?? "this is not YAML: \(problem)"
    }

    private static let contexts = [
        "while parsing a block mapping": "the map",
        "while parsing a block collection": "the list",
        "while parsing a flow mapping": "the `{`",
        "while parsing a flow sequence": "the `[`",
        "while scanning a quoted scalar": "the quoted text",
        "while scanning a simple key": "the key",
        "while scanning a block scalar": "the text",
        "while scanning a plain scalar": "the text",
    ]

    private static let sentences = [
        "found character that cannot start any token":
            "a value cannot begin with this character; put it in quotes",
        "mapping values are not allowed in this context":
            "found `: ` inside a value, expected it only after a key; put the value in quotes",
        "mapping keys are not allowed in this context": "a key cannot begin here",
        "block sequence entries are not allowed in this context":
            "a list item cannot begin here; put it on a line of its own",
        "could not find expected ':'": "expected `:` after the key",
        "did not find expected key":
            "expected a key at the indentation of the map's other keys",
        "did not find expected '-' indicator":
            "expected `- ` at the indentation of the list's other items",
        "did not find expected ',' or ']'": "expected `,` or `]`",
        "did not find expected ',' or '}'": "expected `,` or `}`",
        "did not find expected node content": "expected a value",
        "did not find expected <document start>": "expected `---` before another document",
        "found unexpected end of stream": "the text ends before its closing quote",
        "found unexpected document indicator":
            "found `---` or `...` inside quotes, expected the closing quote",
        "found unknown escape character": "found an unknown escape after `\\` in double quotes",
        "did not find expected hexdecimal number": "expected hexadecimal digits in the escape",
        "found invalid Unicode character escape code": "the escape stands for no character",
        "found undefined tag handle": "the tag's handle is not declared with `%TAG`",
        "did not find expected alphabetic or numeric character":
            "expected a name of letters and digits after `&` or `*`",
        "control characters are not allowed": "found a control character, expected text",
        "found incompatible YAML document": "found a `%YAML` version that is not 1.1 or 1.2",
        "found duplicate %YAML directive": "`%YAML` is there twice",
        "found duplicate %TAG directive": "`%TAG` declares the same handle twice",
        "found unknown directive name": "found an unknown `%` directive",
        "did not find expected comment or line break": "expected a comment or the line's end",
        "did not find expected whitespace or line break": "expected a blank or the line's end",
        "found an indentation indicator equal to 0": "the indentation after `|` or `>` is 1 to 9",
        "out of memory": "there is no memory to read the file",
    ]
}
