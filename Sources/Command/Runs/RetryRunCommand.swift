internal import JSONWire

/// `sluice runs retry`: carries a failed run on from the step that failed.
enum RetryRunCommand {
    static let command = Program.Command(
        name: "runs retry",
        usage: "RUN",
        summary: "Carry a failed run on from the step that failed",
        options: ControllerAccess.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        RunsCommands.withRun(arguments) { controller, id throws(WebClient.Failure) in
            let reply = try controller.reply("POST", "/tasks/\(id)/retry", body: .object([:]))
            let isNoRoute =
                reply.status == 405
                || reply.status == 404 && reply.value["code"]?.string != "task_unknown"
            if isNoRoute {
                throw WebClient.Failure(
                    message: "the server at \(controller.url) cannot retry runs: it has no "
                        + "POST /tasks/{id}/retry"
                )
            }
            guard reply.isSuccess else { throw controller.refusal(reply) }
            Printed.write(reply.value, arguments, as: RunText.full)
            return 0
        }
    }
}
