internal import Documents
internal import Platform

/// The command line: finds the command, runs it, and gives the exit code.
enum Program {
    /// What stands in a command's line beside its options, for completion.
    enum Operand {
        /// Nothing a shell could know.
        case nothing
        /// A file.
        case file
        /// One of these words.
        case words([String])
    }

    /// One command.
    struct Command {
        /// Its name, of one word or two: `up`, `runs list`.
        let name: String
        /// What follows the name in the usage line.
        let usage: String
        /// What it does, in one line.
        let summary: String
        /// What it can be told.
        let options: [Arguments.Option]
        /// What its operand is.
        var operand = Operand.nothing
        /// What else its help says; empty for nothing.
        var notes = ""
        /// Runs it; gives the exit code.
        let run: @Sendable (Arguments) -> Int32
    }

    static let commands: [Command] =
        [UpCommand.command, CheckCommand.command, RunCommand.command, ListenCommand.command]
        + DemoCommand.all
        + RunsCommands.all + LedgerCommands.all + StoreCommands.all + SendCommands.all + [
            RenderCommand.command, TestCommand.command, SchemaCommand.command,
            CompletionCommand.command, VersionCommand.command,
        ]

    /// Runs a command line.
    ///
    /// - Returns: 0 when all went well, 1 when the command failed, 2 when the words were wrong.
    static func run(_ words: [String]) -> Int32 {
        var words = words
        if words.first == "--version" { words[0] = "version" }
        guard let first = words.first else {
            Console.writeLine(Help.text, to: .error)
            return 2
        }
        if ["--help", "-h", "help"].contains(first) { return help(Array(words.dropFirst())) }
        guard let command = find(words) else { return unknown(words) }
        let rest = Array(words.dropFirst(command.name.split(separator: " ").count))
        if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
            Console.writeLine(Help.text(of: command))
            return 0
        }
        do throws(Arguments.Mistake) {
            return command.run(try Arguments(rest, options: command.options))
        } catch {
            return mistaken("\(error.message); see sluice \(command.name) --help")
        }
    }

    /// The command that the first words name; the longer name counts.
    private static func find(_ words: [String]) -> Command? {
        let names = [words.prefix(2).joined(separator: " "), words.first ?? ""]
        return names.lazy.compactMap { name in commands.first { $0.name == name } }.first
    }

    /// `sluice help [COMMAND]`.
    private static func help(_ words: [String]) -> Int32 {
        if words.isEmpty {
            Console.writeLine(Help.text)
        } else if let command = find(words) {
            Console.writeLine(Help.text(of: command))
        } else if let group = Help.text(ofGroup: words[0]) {
            Console.writeLine(group)
        } else {
            return unknown(words)
        }
        return 0
    }

    /// Words that name no command: the first word of several commands, or none at all.
    private static func unknown(_ words: [String]) -> Int32 {
        let first = words[0]
        guard let group = Help.text(ofGroup: first) else {
            let near = NearestName.suggest(first, among: commands.map(\.name))
            let hint = near.map { "; did you mean `\($0)`?" } ?? "; see sluice --help"
            return mistaken("there is no command `\(first)`\(hint)")
        }
        guard words.count > 1, !["--help", "-h"].contains(words[1]) else {
            let isAsked = words.count > 1
            Console.writeLine(group, to: isAsked ? .output : .error)
            return isAsked ? 0 : 2
        }
        let name = "\(first) \(words[1])"
        let near = NearestName.suggest(name, among: commands.map(\.name))
        let hint = near.map { "; did you mean `\($0)`?" } ?? "; see sluice \(first) --help"
        return mistaken("there is no command `\(name)`\(hint)")
    }

    /// Says what is wrong with the words; the exit code is 2.
    static func mistaken(_ message: String) -> Int32 {
        tell(message)
        return 2
    }

    /// Says what failed; the exit code is 1.
    static func failed(_ message: String) -> Int32 {
        tell(message)
        return 1
    }

    /// Writes a message as a sentence, with a capital and a mark at its end, to standard error.
    static func tell(_ message: String) {
        let isEnded = message.last.map { ".?!:…".contains($0) } ?? true
        let isWord = message.prefix { $0 != " " }.allSatisfy { $0.isLetter || $0 == "'" }
        let start = isWord ? message.prefix(1).uppercased() : String(message.prefix(1))
        let sentence = start + message.dropFirst() + (isEnded ? "" : ".")
        Console.writeLine("sluice: \(sentence)", to: .error)
    }
}
