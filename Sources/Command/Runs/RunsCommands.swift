internal import JSONWire
internal import Primitives

/// `sluice runs …`: looks at the runs of a running server, and steers them.
enum RunsCommands {
    static let all: [Program.Command] = [
        StartRunCommand.command, ListRunsCommand.command, ShowRunCommand.command,
        WatchRunCommand.command, CancelRunCommand.command, ResumeRunCommand.command,
        RetryRunCommand.command,
    ]

    /// Does something with the one run that the operand names: by its id, or by the beginning of its id.
    static func withRun(
        _ arguments: Arguments,
        _ body: (ControllerConnection, String) throws(WebClient.Failure) -> Int32
    ) -> Int32 {
        guard arguments.operands.count == 1, let word = arguments.operands.first else {
            return Program.mistaken(
                "this command takes the id of one run, or a prefix of it; sluice runs list shows them"
            )
        }
        guard UUIDv7.range(prefix: word) != nil else {
            return Program.mistaken("`\(word)` is not a run's id; sluice runs list shows them")
        }
        do throws(WebClient.Failure) {
            let controller = try ControllerConnection(arguments)
            return try body(controller, try id(word.lowercased(), controller))
        } catch {
            return Program.failed(error.message)
        }
    }

    /// The whole id of the run that a word names.
    private static func id(
        _ word: String,
        _ controller: ControllerConnection
    ) throws(WebClient.Failure) -> String {
        if UUIDv7(text: word) != nil { return word }
        let page = try controller.ask("GET", "/tasks?id_prefix=\(word)&limit=\(shownMax)")
        let ids = RunText.list(page, "tasks").map { RunText.member($0, "task_id") }
        switch ids.count {
        case 1: return ids[0]
        case 0:
            throw WebClient.Failure(
                message: "there is no run \(word)…; sluice runs list shows them"
            )
        default:
            let more = page["next_cursor"] == nil ? "" : " and more"
            throw WebClient.Failure(
                message: "several runs begin with \(word): \(ids.joined(separator: ", "))\(more)"
            )
        }
    }

    /// How many runs a message names.
    private static let shownMax = 5
}
