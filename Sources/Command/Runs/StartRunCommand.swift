internal import JSONWire

/// `sluice runs start`: starts a run on a server that is up.
enum StartRunCommand {
    static let command = Program.Command(
        name: "runs start",
        usage: "[WORKFLOW] [-i JSON] [--wait]",
        summary: "Start a run on a running server",
        options: [
            .init(
                names: ["-i", "--input"],
                value: "JSON",
                help: "the run's input; @FILE reads a file, - standard input"
            ),
            .init(names: ["--wait"], value: nil, help: "wait for its end, and show the run"),
            .init(names: ["--session"], value: "ID", help: "the session it belongs to"),
            .init(
                names: ["--idempotency-key"],
                value: "KEY",
                help: "a repetition with the same key does not start a second run"
            ),
        ] + ControllerConnection.options,
        notes:
            "Without WORKFLOW the default workflow is started. With --wait the exit code is 1 if the run\n"
            + "was waited for and has not completed.",
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.count <= 1 else {
            return Program.mistaken("`runs start` takes one workflow; see sluice runs start --help")
        }
        var asked: JSONObject = ["wait_for_completion": .bool(arguments.has("--wait"))]
        if let workflow = arguments.operands.first { asked["workflow_id"] = .string(workflow) }
        if let session = arguments.last("--session") { asked["session_id"] = .string(session) }
        do throws(Arguments.Mistake) {
            if let input = try DataArgument.value(arguments, "-i") { asked["input"] = input }
        } catch {
            return Program.mistaken(error.message)
        }
        do throws(WebClient.Failure) {
            return try start(asked, arguments)
        } catch {
            return Program.failed(error.message)
        }
    }

    private static func start(
        _ asked: JSONObject,
        _ arguments: Arguments
    ) throws(WebClient.Failure) -> Int32 {
        let controller = try ControllerConnection(arguments)
        let key = arguments.last("--idempotency-key").map {
            (name: "Idempotency-Key", value: JSONValue.string($0).jsonText)
        }
        let reply = try controller.reply(
            "POST",
            "/workflows/runs",
            body: .object(asked),
            headers: key.map { [$0] } ?? []
        )
        guard reply.isSuccess else { throw controller.refusal(reply) }
        let state = reply.value
        Printed.write(state, arguments, as: RunText.full)
        guard arguments.has("--wait") else { return 0 }
        return state["status"]?.string == "completed" ? 0 : 1
    }
}
