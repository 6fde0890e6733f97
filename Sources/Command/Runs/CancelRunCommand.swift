internal import JSONWire

/// `sluice runs cancel`: ends a run.
enum CancelRunCommand {
    static let command = Program.Command(
        name: "runs cancel",
        usage: "RUN [--no-wait]",
        summary: "Cancel a run, and wait for its end",
        options: [
            .init(names: ["--no-wait"], value: nil, help: "do not wait for its end")
        ] + ControllerConnection.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        RunsCommands.withRun(arguments) { controller, id throws(WebClient.Failure) in
            let query = arguments.has("--no-wait") ? "?wait_for_completion=false" : ""
            let state = try controller.ask("POST", "/tasks/\(id)/cancel\(query)")
            Printed.write(state, arguments, as: RunText.full)
            return 0
        }
    }
}
