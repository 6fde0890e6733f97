internal import JSONWire
internal import Platform
internal import Primitives

/// `sluice runs retry`: carries failed runs on, each from the step that failed.
enum RetryRunCommand {
    static let command = Program.Command(
        name: "runs retry",
        usage: "RUN | --all [--workflow ID] [--since 10m] [--until 1m]",
        summary: "Retry a failed run from the step that failed, or all failed runs",
        options: [
            .init(
                names: ["--all"],
                value: nil,
                help: "all failed runs, restricted by the options below"
            ),
            .init(names: ["--workflow"], value: "ID", help: "only runs of this workflow"),
            .init(
                names: ["--since"],
                value: "WHEN",
                help: "only runs started from this time on: a time, or an age such as 10m"
            ),
            .init(names: ["--until"], value: "WHEN", help: "only runs started before this time"),
        ] + ControllerConnection.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        let filters = ["--workflow", "--since", "--until"].filter(arguments.has)
        guard arguments.has("--all") else {
            if let filter = filters.first {
                return Program.mistaken("\(filter) goes with --all; see sluice runs retry --help")
            }
            return one(arguments)
        }
        guard arguments.operands.isEmpty else {
            return Program.mistaken("`runs retry` takes one run's id, or --all")
        }
        do throws(WebClient.Failure) {
            return try all(arguments)
        } catch {
            return Program.failed(error.message)
        }
    }

    private static func one(_ arguments: Arguments) -> Int32 {
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

    /// Retries one run after the other, a page at a time, oldest pages last.
    ///
    /// A run that another client has taken up meanwhile, or that is not kept any more, is told and passed over.
    private static func all(_ arguments: Arguments) throws(WebClient.Failure) -> Int32 {
        let controller = try ControllerConnection(arguments)
        let filters = [
            ("--workflow", "workflow_id"), ("--since", "since"), ("--until", "until"),
        ].compactMap { option, name in
            arguments.last(option).map { "&\(name)=\(PercentCode.queryValue($0))" }
        }.joined()
        var cursor: String?
        var retried: [JSONValue] = []
        var refused: [JSONValue] = []
        repeat {
            let after = cursor.map { "&cursor=\($0)" } ?? ""
            let page = try controller.ask(
                "GET",
                "/tasks?status=failed&limit=\(pageSize)\(filters)\(after)"
            )
            for run in RunText.list(page, "tasks") {
                let id = RunText.member(run, "task_id")
                guard UUIDv7(text: id) != nil else { continue }
                let reply = try controller.reply("POST", "/tasks/\(id)/retry", body: .object([:]))
                if reply.isSuccess {
                    retried.append(.string(id))
                } else {
                    let why = controller.refusal(reply).message
                    refused.append(.object(["task_id": .string(id), "reason": .string(why)]))
                    if !arguments.has("--json") {
                        Console.writeLine(
                            "\(id) was not retried: \(TerminalText.line(why))",
                            to: .error
                        )
                    }
                    if reply.status == 503 || reply.status == 429 {
                        throw WebClient.Failure(
                            message: "\(why) (\(retried.count) retried before)"
                        )
                    }
                }
            }
            cursor = page["next_cursor"]?.string
        } while cursor != nil
        let told: JSONObject = ["retried": .array(retried), "refused": .array(refused)]
        Printed.write(.object(told), arguments) { _ in
            let counted = retried.count == 1 ? "1 run was" : "\(retried.count) runs were"
            let others = refused.isEmpty ? "" : ", \(refused.count) could not be"
            return "\(counted) retried\(others)."
        }
        return refused.isEmpty ? 0 : 1
    }

    /// How many runs one list names.
    private static let pageSize = 500
}
