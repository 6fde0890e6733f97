internal import JSONWire

/// `sluice runs show`: one run in full.
enum ShowRunCommand {
    static let command = Program.Command(
        name: "runs show",
        usage: "RUN [--history] [--outputs]",
        summary: "Show a run: its input, its steps, what it waits for, its output or failure",
        options: [
            .init(names: ["--history"], value: nil, help: "also show what has happened so far"),
            .init(names: ["--outputs"], value: nil, help: "also show the output of each step"),
        ] + ControllerConnection.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        RunsCommands.withRun(arguments) { controller, id throws(WebClient.Failure) in
            let asked = [("--history", "history"), ("--outputs", "step_outputs")]
                .filter { arguments.has($0.0) }.map { "\($0.1)=true" }
            let query = asked.isEmpty ? "" : "?" + asked.joined(separator: "&")
            let state = try controller.ask("GET", "/tasks/\(id)\(query)")
            Printed.write(state, arguments, as: RunText.full)
            return 0
        }
    }
}
