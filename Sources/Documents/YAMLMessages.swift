/// libyaml's errors in plain words.
enum YAMLMessages {
    /// The error with its place: what was found, what was expected, what to do.
    ///
    /// `longText` is the quoted text over several lines that came last: one that lacks its closing quote ends at the next
    /// quote, and only what follows that is wrong.
    static func diagnostic(
        _ problem: YAMLProblem,
        after longText: (start: YAMLEvent.Mark, end: YAMLEvent.Mark)?,
        file: String,
        lines: inout SourceLines
    ) -> Diagnostic {
        guard let mark = problem.mark else {
            let position = lines.position(ofByte: problem.offset, file: file)
            return Diagnostic(.error, at: position, message: sentence(problem.problem))
        }
        let position = SourcePosition(file: file, line: mark.line + 1, column: mark.column + 1)
        if let tab = tab(at: mark, &lines) {
            return Diagnostic(
                .error,
                at: SourcePosition(file: file, line: mark.line + 1, column: tab + 1),
                message: "found a tab, expected spaces: YAML is not indented with tabs"
            )
        }
        if let expression = expression(at: mark, problem, &lines) {
            return Diagnostic(
                .error,
                at: SourcePosition(file: file, line: mark.line + 1, column: expression.column + 1),
                message: "in `{ }` and `[ ]` a value with an expression needs quotes",
                suggestion: "\"\(expression.text)\""
            )
        }
        if problem.problem == "could not find expected ':'", let key = problem.contextMark {
            return Diagnostic(
                .error,
                at: SourcePosition(file: file, line: key.line + 1, column: key.column + 1),
                message: "line \(key.line + 1) has no `:` after its key"
            )
        }
        var message = sentence(problem.problem)
        if let longText, (longText.end.line...longText.end.line + 1).contains(mark.line) {
            let start = "\(longText.start.line + 1):\(longText.start.column + 1)"
            let end = "\(longText.end.line + 1):\(longText.end.column)"
            message +=
                "; the quoted text that begins at \(start) ends only at \(end): is its closing "
                + "quote missing in line \(longText.start.line + 1)?"
            return Diagnostic(.error, at: position, message: message)
        }
        if let context = problem.contextMark, context.line != mark.line,
            let what = contexts[problem.context]
        {
            message += " (\(what) began at line \(context.line + 1))"
        }
        return Diagnostic(.error, at: position, message: message)
    }

    /// A value with an expression that stands without quotes in a `{ }` or `[ ]`: its text and its column.
    private static func expression(
        at mark: YAMLEvent.Mark,
        _ problem: YAMLProblem,
        _ lines: inout SourceLines
    ) -> (text: String, column: Int)? {
        guard problem.problem.hasPrefix("did not find expected ',' or") else { return nil }
        let line = lines.characters(ofLine: mark.line)
        guard mark.column < line.count, mark.column > 0, line[mark.column] == "{",
            line[mark.column - 1] == "$"
        else { return nil }
        let before = line[..<mark.column].lastIndex { "{[,".unicodeScalars.contains($0) }
        let colon = line[..<mark.column].indices.last { place in
            line[place] == " " && place > 0 && line[place - 1] == ":"
        }
        var start = max(before ?? -1, colon ?? -1) + 1
        while start < mark.column, line[start] == " " { start += 1 }
        guard let end = line[mark.column...].firstIndex(of: "}") else { return nil }
        return (String(String.UnicodeScalarView(line[start...end])), start)
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
