/// What the commands say of themselves, made from their table.
enum Help {
    /// All commands.
    static var text: String {
        """
        sluice: a callback gateway

        Usage: sluice COMMAND [OPTIONS]

        Commands:
        \(lines(Program.commands))

        sluice COMMAND --help lists a command's options.
        Exit codes: 0 success, 1 failure, 2 the command line is wrong.
        """
    }

    /// The commands whose names begin with a word; nil where there are none.
    static func text(ofGroup word: String) -> String? {
        let group = Program.commands.filter { $0.name.hasPrefix("\(word) ") }
        if group.isEmpty { return nil }
        return """
            Usage: sluice \(word) COMMAND [OPTIONS]

            Commands:
            \(lines(group))

            sluice \(word) COMMAND --help lists a command's options.
            """
    }

    /// One command: its usage, what it does, its options.
    static func text(of command: Program.Command) -> String {
        let usages = command.options.map { option in
            option.names.joined(separator: ", ") + (option.value.map { " \($0)" } ?? "")
        }
        let width = usages.map(\.count).max() ?? 0
        let lines = zip(command.options, usages).map { option, usage in
            "  \(padded(usage, width))  \(option.help)"
        }
        let usage = command.usage.isEmpty ? "" : " \(command.usage)"
        return [
            "Usage: sluice \(command.name)\(usage)", command.summary,
            lines.isEmpty ? "" : "Options:\n\(lines.joined(separator: "\n"))", command.notes,
        ].filter { !$0.isEmpty }.joined(separator: "\n\n")
    }

    private static func lines(_ commands: [Program.Command]) -> String {
        let width = commands.map(\.name.count).max() ?? 0
        return commands.map { "  \(padded($0.name, width))  \($0.summary)" }
            .joined(separator: "\n")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
