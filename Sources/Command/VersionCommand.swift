internal import JSONWire
internal import Platform
internal import Primitives

/// `sluice version`.
enum VersionCommand {
    static let command = Program.Command(
        name: "version",
        usage: "[--json]",
        summary: "Print the version",
        options: [.init(names: ["--json"], value: nil, help: "print the result as JSON")]
    ) { arguments in
        let object: JSONObject = ["version": .string(Version.text)]
        Console.writeLine(
            arguments.has("--json")
                ? JSONValue.object(object).prettyJSONText : "sluice \(Version.text)"
        )
        return 0
    }
}
