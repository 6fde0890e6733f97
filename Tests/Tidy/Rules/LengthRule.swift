/// Files, functions and lines stay short.
///
/// The numbers are a ratchet: they may be lowered, never raised.
enum LengthRule {
    static let fileLinesMax = 500
    static let functionLinesMax = 60
    static let codeColumnsMax = 100
    static let commentColumnsMax = 130

    /// Every file, function and line that is too long.
    static func findings(in file: SourceFile) -> [Finding] {
        var found: [Finding] = []
        if file.text.lines.count > fileLinesMax {
            found.append(Finding(file.path, fileLinesMax, "\(file.text.lines.count) lines"))
        }
        for function in FunctionSpan.all(in: file.text.code)
        where function.lines > functionLinesMax {
            found.append(Finding(file.path, function.start + 1, "\(function.lines) lines long"))
        }
        return found + longLines(in: file)
    }

    private static func longLines(in file: SourceFile) -> [Finding] {
        file.text.lines.enumerated().compactMap { index, line in
            let columns = line.count
            let isComment = file.text.code[index].allSatisfy { $0 == " " }
            let holdsString = file.text.code[index].contains("\"") || isInsideString(index, file)
            let limit = isComment ? commentColumnsMax : codeColumnsMax
            if columns <= limit || holdsString { return nil }
            return Finding(file.path, index + 1, "\(columns) columns")
        }
    }

    /// Whether a line is nothing but the inside of a string of several lines.
    private static func isInsideString(_ index: Int, _ file: SourceFile) -> Bool {
        let isBlank: (String) -> Bool = { line in line.allSatisfy { $0 == " " } }
        return isBlank(file.text.code[index]) && isBlank(file.text.comments[index])
    }
}
