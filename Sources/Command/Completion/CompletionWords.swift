internal import Verification

/// What may stand where on a command line, for the completion scripts.
enum CompletionWords {
    /// The words that may stand first: commands, and the first words of those with two.
    static var firstWords: [String] {
        var words: [String] = []
        for command in Program.commands {
            let word = String(command.name.prefix { $0 != " " })
            if !words.contains(word) { words.append(word) }
        }
        return words + ["help"]
    }

    /// The first words of commands with two, with their second ones.
    static var groups: [(name: String, words: [String])] {
        var groups: [(name: String, words: [String])] = []
        for command in Program.commands {
            let parts = command.name.split(separator: " ").map(String.init)
            guard parts.count == 2 else { continue }
            if let place = groups.firstIndex(where: { $0.name == parts[0] }) {
                groups[place].words.append(parts[1])
            } else {
                groups.append((parts[0], [parts[1]]))
            }
        }
        return groups
    }

    /// The options of a command, and its operands where they are known words.
    static func words(after command: Program.Command) -> [String] {
        let options = command.options.flatMap(\.names) + ["--help"]
        if case .words(let words) = command.operand { return words + options }
        return options
    }

    /// What the value of an option may be, as its name in the help tells: `FILE`, `PRESET`, or `a|b`.
    static func values(of option: Arguments.Option) -> Program.Operand {
        guard let value = option.value else { return .nothing }
        if value == "FILE" { return .file }
        if value == "PRESET" { return .words(PresetTable.names) }
        return value.contains("|") ? .words(value.split(separator: "|").map(String.init)) : .nothing
    }
}
