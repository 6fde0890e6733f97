internal import Expressions
internal import JSONWire
internal import Primitives

extension ShellCall {
    /// How much of what a failed program said its message shows.
    private static let shownBytesMax = 1024

    /// What the end of a program means: an exit code other than 0 is a failure unless the call takes any.
    ///
    /// - Parameters:
    ///   - exitCode: The exit code; of a program that a signal ended, 128 plus the signal's number.
    ///   - signal: The signal that ended it; nil where it ended by itself.
    ///   - output: What it wrote to standard output.
    ///   - errors: What it wrote to standard error.
    /// - Returns: A map of `stdout`, `stderr` (both trimmed) and `exit_code`, or the failure.
    package func outcome(
        exitCode: Int,
        signal: Int? = nil,
        output: [UInt8],
        errors: [UInt8]
    ) -> CallOutcome {
        let value: JSONObject = [
            "stdout": .string(Self.trimmed(output)), "stderr": .string(Self.trimmed(errors)),
            "exit_code": .integer(Int64(exitCode)),
        ]
        guard exitCode == 0 || takesAnyExitCode else {
            let said = String(
                decoding: Self.trimmed(errors).utf8.prefix(Self.shownBytesMax),
                as: UTF8.self
            )
            let program = arguments.first ?? ""
            return .failure(
                CallFailure(
                    code: .componentFailed,
                    message: "'\(program)' \(Self.end(exitCode, signal))"
                        + (said.isEmpty ? "" : ": \(said)"),
                    result: .object(value)
                )
            )
        }
        return .success(.object(value), status: exitCode)
    }

    /// A recorded request names the command; its answer is the exit code and a map of what the program writes.
    package var rehearsal: CallRehearsal {
        .recorded(
            RecordedCall(
                name: "the command \(arguments.joined(separator: " "))",
                verb: "ran",
                request: [
                    "command": .array(arguments.map(JSONValue.string)),
                    "component": .string(component),
                ]
            ) { [self] status, said in
                outcome(
                    exitCode: said == nil ? 0 : status,
                    output: Array(TextForm.text(of: said?["stdout"] ?? .null).utf8),
                    errors: Array(TextForm.text(of: said?["stderr"] ?? .null).utf8)
                )
            }
        )
    }

    private static func end(_ exitCode: Int, _ signal: Int?) -> String {
        if let signal { return "was killed by \(SignalName.of(signal))" }
        let told = SignalName.told(byExitCode: exitCode).map { " (128 and the number of \($0))" }
        return "ended with exit code \(exitCode)" + (told ?? "")
    }

    private static func trimmed(_ bytes: [UInt8]) -> String {
        let isSpace: (UInt8) -> Bool = { $0 == 32 || (9...13).contains($0) }
        let front = bytes.drop(while: isSpace)
        let count = front.reversed().drop(while: isSpace).count
        return String(decoding: front.prefix(count), as: UTF8.self)
    }
}
