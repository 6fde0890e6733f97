import JSONWire
import TestKit

/// Runs the built program to its end.
struct Sluice {
    /// How it ended.
    let status: ExitStatus
    /// Its standard output, without the last line end.
    let output: String
    /// Its standard error.
    let errors: String

    /// Runs `sluice` with arguments.
    init(
        _ arguments: [String],
        environment: [String: String] = [:],
        directory: String? = nil
    ) throws {
        let child = try SluiceProgram.start(
            arguments,
            environment: environment,
            directory: directory
        )
        status = try child.waitForExit()
        let text = child.output
        output = text.hasSuffix("\n") ? String(text.dropLast()) : text
        errors = child.errors
    }

    /// Its standard output as JSON.
    var json: JSONValue {
        get throws { try JSONValue.parse(output) }
    }
}
