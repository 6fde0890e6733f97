/// One place where the tree breaks a rule.
struct Finding: Equatable, CustomStringConvertible {
    /// The file, relative to the package's root.
    let path: String
    /// The line, from 1.
    let line: Int
    /// What is wrong, and what to do instead.
    let what: String

    /// A finding at a line.
    init(_ path: String, _ line: Int, _ what: String) {
        self.path = path
        self.line = line
        self.what = what
    }

    var description: String { "\(path):\(line): \(what)" }
}
