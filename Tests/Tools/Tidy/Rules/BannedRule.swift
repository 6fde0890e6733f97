/// Words that do not occur, and what to write instead.
enum BannedRule {
    /// A banned piece of code.
    struct Ban {
        /// The code, as it stands without space around it.
        let code: String
        /// What to do instead.
        let instead: String

        /// The word it begins with, by which lines are passed over quickly.
        var firstWord: String { Words.of(code)[0] }
    }

    /// Banned under `Sources`: what swallows an error or ends the process.
    static let inSources = [
        Ban(code: "try!", instead: "handle the error"),
        Ban(code: "try?", instead: "handle the error, or say in a catch why it does not matter"),
        Ban(code: "as!", instead: "use as? and answer the other case"),
        Ban(code: "fatalError(", instead: "use precondition with a sentence"),
    ]

    /// Banned everywhere: what the thread sanitizer cannot see into (docs/testing.md).
    static let everywhere = [
        Ban(code: "Mutex<", instead: lock), Ban(code: "Mutex(", instead: lock),
    ]

    private static let lock = "use Lock or SleepingLock, whose waiting the thread sanitizer sees"

    /// Banned in tests: a test waits for the thing itself, with a deadline.
    ///
    /// No file is excepted.
    static let inTests = [
        Ban(code: "try!", instead: "let the test throw"),
        Ban(code: "as!", instead: "use #require"),
        Ban(code: "Thread.sleep", instead: "wait for the thing itself"),
        Ban(code: "Task.sleep", instead: "wait for the thing itself"),
        Ban(code: "usleep(", instead: "wait for the thing itself"),
        Ban(code: "nanosleep(", instead: "wait for the thing itself"),
    ]

    private static let leftovers = ["TODO", "FIXME", "XXX", "HACK"]

    /// Every banned piece of code of a file.
    static func findings(in file: SourceFile, _ bans: [Ban]) -> [Finding] {
        file.text.code.enumerated().flatMap { index, line -> [Finding] in
            let words = Set(file.text.words[index])
            let near = bans.filter { words.contains($0.firstWord) }
            return near.filter { occurs($0.code, in: line) }
                .map { Finding(file.path, index + 1, "\($0.code): \($0.instead)") }
        }
    }

    /// Every `catch` whose block holds neither code nor a comment.
    static func emptyCatches(in file: SourceFile) -> [Finding] {
        let code = file.text.code
        return code.indices.compactMap { index in
            let line = code[index].filter { !$0.isWhitespace }
            let next = index + 1 < code.count ? code[index + 1].filter { !$0.isWhitespace } : ""
            let isOpen = line.hasSuffix("catch{") && next.hasPrefix("}")
            guard line.contains("catch{}") || isOpen else { return nil }
            let said = file.text.comments[index...min(index + 1, code.count - 1)]
            if isOpen, said.contains(where: { $0.contains("//") }) { return nil }
            return Finding(file.path, index + 1, "an error is swallowed without a word")
        }
    }

    /// Every comment that promises later work.
    static func leftovers(in file: SourceFile) -> [Finding] {
        file.text.comments.enumerated().compactMap { index, line in
            guard line.utf8.contains(where: { $0 != 32 }) else { return nil }
            return leftovers.first { Words.of(line).contains($0) }
                .map { Finding(file.path, index + 1, "\($0): do it, or leave it out") }
        }
    }

    /// Whether code occurs in a line and is not the end of a longer word.
    private static func occurs(_ code: String, in line: String) -> Bool {
        guard let range = line.firstRange(of: code) else { return false }
        guard range.lowerBound > line.startIndex else { return true }
        let before = line[line.index(before: range.lowerBound)]
        return !before.isLetter && !before.isNumber && before != "_"
    }
}
