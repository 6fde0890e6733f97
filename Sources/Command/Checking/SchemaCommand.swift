internal import Configuration
internal import JSONWire
internal import Platform

/// `sluice schema`: the JSON Schema of the configuration.
enum SchemaCommand {
    static let command = Program.Command(
        name: "schema",
        usage: "",
        summary: "Print the JSON Schema of sluice.yml, for editors",
        options: [
            .init(names: ["--json"], value: nil, help: "accepted; the output is always JSON"),
            .init(
                names: ["--reference"],
                value: nil,
                help: "print every key of Sluice itself with its default and its meaning, as YAML"
            ),
        ],
        notes: """
            With the YAML language server:
              sluice schema > sluice.schema.json
              # yaml-language-server: $schema=sluice.schema.json    (first line of sluice.yml)
            """
    ) { arguments in
        guard arguments.operands.isEmpty else {
            return Program.mistaken("`schema` takes no operand")
        }
        if arguments.has("--reference") {
            Console.writeData(ReferenceText.text)
            return 0
        }
        Console.writeData(ConfigurationSchema.json.prettyJSONText)
        return 0
    }
}
