/// The words of a command line, read against the options a command knows.
struct Arguments {
    /// One option of a command.
    struct Option {
        /// Its names: `--file`, `-f`.
        let names: [String]
        /// What its value is called in the help; nil for a switch without value.
        let value: String?
        /// What it does, in one line.
        let help: String
    }

    /// What was wrong with the words, as a sentence.
    struct Mistake: Error {
        let message: String
    }

    /// The words that belong to no option, in order.
    private(set) var operands: [String] = []
    private var values: [String: [String]] = [:]

    /// Reads `words` against `options`; `--name=value`, `--name value` and `-nvalue` are the same, `--` ends the options.
    ///
    /// - Throws: ``Mistake`` for an unknown option, a missing value or a value where none belongs.
    init(_ words: [String], options: [Option]) throws(Mistake) {
        var rest = words[...]
        while let word = rest.popFirst() {
            if word == "--" {
                operands += rest
                return
            }
            guard word.hasPrefix("-"), word != "-" else {
                operands.append(word)
                continue
            }
            let (name, attached) = Self.split(word)
            guard let option = options.first(where: { $0.names.contains(name) }) else {
                throw Mistake(message: "unknown option \(name)\(Self.nearest(name, options))")
            }
            try take(option, name: name, attached: attached, from: &rest)
        }
    }

    /// The values of an option, in order; empty where it was not given.
    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// The last value of an option; nil where it was not given.
    func last(_ name: String) -> String? { values[name]?.last }

    /// Whether an option was given.
    func has(_ name: String) -> Bool { values[name] != nil }

    private mutating func take(
        _ option: Option,
        name: String,
        attached: String?,
        from rest: inout ArraySlice<String>
    ) throws(Mistake) {
        let key = option.names[0]
        guard let value = option.value else {
            if attached != nil { throw Mistake(message: "\(name) takes no value") }
            values[key, default: []].append("")
            return
        }
        guard let text = attached ?? rest.popFirst() else {
            throw Mistake(message: "\(name) wants a value: \(name) \(value)")
        }
        values[key, default: []].append(text)
    }

    private static func split(_ word: String) -> (name: String, attached: String?) {
        if word.hasPrefix("--") {
            guard let equals = word.firstIndex(of: "=") else { return (word, nil) }
            return (String(word[..<equals]), String(word[word.index(after: equals)...]))
        }
        let name = String(word.prefix(2))
        return (name, word.count > 2 ? String(word.dropFirst(2)) : nil)
    }

    private static func nearest(_ name: String, _ options: [Option]) -> String {
        let names = options.flatMap(\.names)
        let candidate = names.first { $0.hasPrefix(name) || name.hasPrefix($0) && $0.count > 2 }
        return candidate.map { "; did you mean \($0)?" } ?? ""
    }
}
