internal import JSONWire

/// `sluice runs resume`: answers what a run asks a person.
enum ResumeRunCommand {
    static let command = Program.Command(
        name: "runs resume",
        usage: "RUN [-d JSON] [--interrupt ID]",
        summary: "Answer a question that a run asks, so that it continues",
        options: [
            .init(
                names: ["-d", "--data"],
                value: "JSON",
                help:
                    "the answer; @FILE reads a file, - standard input; without it nothing is changed"
            ),
            .init(
                names: ["--interrupt"],
                value: "ID",
                help: "the question, if there are several; sluice runs show lists them"
            ),
        ] + ControllerConnection.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        let answer: JSONValue
        do throws(Arguments.Mistake) {
            answer = try DataArgument.value(arguments, "-d") ?? .null
        } catch {
            return Program.mistaken(error.message)
        }
        return RunsCommands.withRun(arguments) { controller, id throws(WebClient.Failure) in
            let question = try question(arguments, try controller.ask("GET", "/tasks/\(id)"))
            let state = try controller.ask(
                "POST",
                "/tasks/\(id)/resume",
                body: .object(["answer": .object([question: answer])])
            )
            Printed.write(state, arguments, as: RunText.full)
            return 0
        }
    }

    /// The question that is meant: the one named, or the only one.
    private static func question(
        _ arguments: Arguments,
        _ state: JSONValue
    ) throws(WebClient.Failure) -> String {
        let open = RunText.list(state, "interrupts").compactMap { $0["interrupt_id"]?.string }
        guard !open.isEmpty else {
            throw WebClient.Failure(
                message: "the run asks nothing; it is \(RunText.member(state, "status"))"
            )
        }
        let listed = open.joined(separator: ", ")
        if let named = arguments.last("--interrupt") {
            if open.contains(named) { return named }
            throw WebClient.Failure(message: "the run does not ask `\(named)`; it asks \(listed)")
        }
        guard open.count == 1 else {
            throw WebClient.Failure(
                message: "the run asks several things; name one with --interrupt: \(listed)"
            )
        }
        return open[0]
    }
}
