internal import JSONWire

/// `sluice runs show`: one run in full.
enum ShowRunCommand {
    static let command = Program.Command(
        name: "runs show",
        usage: "RUN [--history]",
        summary: "Show a run: its state, what it waits for, its output or failure",
        options: [
            .init(names: ["--history"], value: nil, help: "what happened so far as well")
        ] + ControllerAccess.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        RunsCommands.withRun(arguments) { controller, id throws(WebClient.Failure) in
            let query = arguments.has("--history") ? "?history=true" : ""
            let state = try controller.ask("GET", "/tasks/\(id)\(query)")
            Printed.write(state, arguments, as: RunText.full)
            return 0
        }
    }
}
