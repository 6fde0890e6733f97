/// What people are told over HTTP is a sentence.
enum SentenceRule {
    /// Literals after `detail:` that begin in lower case.
    static func findings(in file: SourceFile) -> [Finding] {
        let lines = file.text.lines
        return lines.indices.compactMap { index in
            guard let text = literal(at: index, lines) else { return nil }
            if let first = text.first, first.isLowercase {
                return Finding(file.path, index + 1, "a detail begins with a capital")
            }
            return nil
        }
    }

    /// The text after `detail:` in a line, or in the next one where it ends there.
    private static func literal(at index: Int, _ lines: [String]) -> Substring? {
        let parts = lines[index].split(separator: "detail: \"", maxSplits: 1)
        if parts.count == 2 { return parts[1] }
        let line = lines[index].drop { $0 == " " }
        guard line == "detail:", lines.indices.contains(index + 1) else { return nil }
        let next = lines[index + 1].drop { $0 == " " }
        return next.hasPrefix("\"") ? next.dropFirst() : nil
    }
}
