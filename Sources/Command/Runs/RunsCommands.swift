internal import JSONWire

/// `sluice runs …`: looks at the runs of a running server, and steers them.
enum RunsCommands {
    static let all: [Program.Command] = [
        ListRunsCommand.command, ShowRunCommand.command, WatchRunCommand.command,
        CancelRunCommand.command, ResumeRunCommand.command, RetryRunCommand.command,
    ]

    /// Does something with the one run that the operand names.
    static func withRun(
        _ arguments: Arguments,
        _ body: (ControllerAccess, String) throws(WebClient.Failure) -> Int32
    ) -> Int32 {
        guard arguments.operands.count == 1, let id = arguments.operands.first else {
            return Program.mistaken("this takes one run's id; sluice runs list shows them")
        }
        guard id.utf8.allSatisfy({ Self.isPlain($0) }) else {
            return Program.mistaken("`\(id)` is no run's id; sluice runs list shows them")
        }
        do throws(WebClient.Failure) {
            return try body(try ControllerAccess(arguments), id)
        } catch {
            return Program.failed(error.message)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "-") || (0x30...0x39).contains(byte)
            || (0x61...0x7A).contains(byte | 0x20)
    }
}
