internal import JSONWire
internal import Platform
internal import Store

/// `sluice store check`: reads all of a store and says what is wrong with it.
enum CheckStoreCommand {
    static let command = Program.Command(
        name: "store check",
        usage: "[--json]",
        summary: "Read the whole store and its log, and report damage",
        options: StoreCommands.options + [
            .init(names: ["--json"], value: nil, help: "print the result as JSON")
        ],
        notes: "The exit code is 1 if there is damage. A server may run meanwhile.",
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken("`store check` takes no operand; see sluice store check --help")
        }
        return StoreCommands.withDirectory(arguments) { path throws(StoreError) in
            let problems = try StoreInspection.check(directory: path)
            if arguments.has("--json") {
                let object: JSONObject = [
                    "sound": .bool(problems.isEmpty),
                    "problems": .array(problems.map(JSONValue.string)),
                ]
                Console.writeData(JSONValue.object(object).prettyJSONText)
            } else {
                let text =
                    problems.isEmpty ? "The store is sound." : problems.joined(separator: "\n")
                Console.writeLine(text)
            }
            return problems.isEmpty ? 0 : 1
        }
    }
}
