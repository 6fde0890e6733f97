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
        for function in FunctionSpan.all(in: file.text)
        where function.lines > functionLinesMax {
            found.append(Finding(file.path, function.start + 1, "\(function.lines) lines long"))
        }
        return found + longLines(in: file)
    }

    private static func longLines(in file: SourceFile) -> [Finding] {
        file.text.lines.enumerated().compactMap { index, line in
            guard line.utf8.count > codeColumnsMax else { return nil }
            let isComment = file.text.words[index].isEmpty
            let limit = isComment ? commentColumnsMax : codeColumnsMax
            if line.count <= limit || file.text.holdsString(index) { return nil }
            return Finding(file.path, index + 1, "\(line.count) columns")
        }
    }
}
