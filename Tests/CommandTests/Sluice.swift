import JSONWire
import TestKit

/// Runs the built program to its end.
struct Sluice {
    /// How it ended.
    let status: ExitStatus
    /// Its standard output.
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
        output = child.output
        errors = child.errors
    }

    /// Its standard output as JSON.
    var json: JSONValue {
        get throws { try JSONValue.parse(output) }
    }
}
