internal import JSONWire
internal import Platform

/// What a server answered, printed the way the command line asks for.
enum Printed {
    /// Prints the answer as JSON with `--json`, else as `text` tells it.
    static func write(
        _ answer: JSONValue,
        _ arguments: Arguments,
        as text: (JSONValue) -> String
    ) {
        if arguments.has("--json") { return Console.writeData(answer.prettyJSONText) }
        Console.writeLine(text(answer))
    }
}
