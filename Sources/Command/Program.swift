internal import Platform
internal import Sluice

/// The command line: finds the command, runs it, and gives the exit code.
enum Program {
    /// One command.
    struct Command {
        /// Its name.
        let name: String
        /// What follows the name in the usage line.
        let usage: String
        /// What it does, in one line.
        let summary: String
        /// What it can be told.
        let options: [Arguments.Option]
        /// Runs it; gives the exit code.
        let run: @Sendable (Arguments) -> Int32
    }

    static let commands: [Command] = [
        UpCommand.command, CheckCommand.command, RunCommand.command, VersionCommand.command,
    ]

    /// Runs a command line.
    ///
    /// - Returns: 0 when all went well, 1 when the command failed, 2 when the words were wrong.
    static func run(_ words: [String]) -> Int32 {
        guard let first = words.first else {
            Console.writeLine(help, to: .error)
            return 2
        }
        if ["--help", "-h", "help"].contains(first) {
            Console.writeLine(words.count > 1 ? help(for: words[1]) : help)
            return 0
        }
        let name = first == "--version" ? "version" : first
        guard let command = commands.first(where: { $0.name == name }) else {
            return mistaken("there is no command `\(first)`; see sluice --help")
        }
        if words.contains("--help") || words.contains("-h") {
            Console.writeLine(help(for: command.name))
            return 0
        }
        do throws(Arguments.Mistake) {
            return command.run(try Arguments(Array(words.dropFirst()), options: command.options))
        } catch {
            return mistaken("\(error.message); see sluice \(command.name) --help")
        }
    }

    /// Says what is wrong with the words; the exit code is 2.
    static func mistaken(_ message: String) -> Int32 {
        Console.writeLine("sluice: \(message)", to: .error)
        return 2
    }

    /// Says what failed; the exit code is 1.
    static func failed(_ message: String) -> Int32 {
        Console.writeLine("sluice: \(message)", to: .error)
        return 1
    }

    private static var help: String {
        let width = commands.map(\.name.count).max() ?? 0
        let lines = commands.map { command in
            "  \(command.name)\(String(repeating: " ", count: width - command.name.count))  \(command.summary)"
        }
        return """
            sluice: a callback gateway

            Usage: sluice COMMAND [OPTIONS]

            Commands:
            \(lines.joined(separator: "\n"))

            sluice COMMAND --help tells a command's options.
            """
    }

    private static func help(for name: String) -> String {
        guard let command = commands.first(where: { $0.name == name }) else { return help }
        let usages = command.options.map { option in
            option.names.joined(separator: ", ") + (option.value.map { " \($0)" } ?? "")
        }
        let width = usages.map(\.count).max() ?? 0
        let lines = zip(command.options, usages).map { option, usage in
            "  \(usage)\(String(repeating: " ", count: width - usage.count))  \(option.help)"
        }
        let options = lines.isEmpty ? "" : "\n\nOptions:\n\(lines.joined(separator: "\n"))"
        return "Usage: sluice \(command.name) \(command.usage)\n\n\(command.summary)\(options)"
    }
}
