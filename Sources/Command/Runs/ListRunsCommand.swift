internal import JSONWire
internal import Platform
internal import Primitives

/// `sluice runs list`: the runs of a server, newest first.
enum ListRunsCommand {
    static let command = Program.Command(
        name: "runs list",
        usage: "[--status STATUS[,STATUS]…] [--workflow ID] [--since 10m] [--limit N]",
        summary: "List the runs of a server, newest first",
        options: [
            .init(
                names: ["--status"],
                value: "STATUS",
                help:
                    "only these statuses: pending, running, waiting, interrupted, completed, failed, cancelled"
            ),
            .init(names: ["--workflow"], value: "ID", help: "only runs of this workflow"),
            .init(names: ["--session"], value: "ID", help: "only runs of this session"),
            .init(
                names: ["--since"],
                value: "WHEN",
                help: "only runs started from this time on: a time, or an age such as 10m"
            ),
            .init(names: ["--until"], value: "WHEN", help: "only runs started before this time"),
            .init(names: ["--limit"], value: "N", help: "the maximum number; 50 by default"),
            .init(
                names: ["--cursor"],
                value: "CURSOR",
                help: "the next page; the list before prints it"
            ),
        ] + ControllerConnection.options,
        run: run
    )

    private static let statuses: Set<String> = [
        "pending", "running", "waiting", "interrupted", "completed", "failed", "cancelled",
    ]

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken("`runs list` takes no operand; see sluice runs list --help")
        }
        let asked = (arguments.last("--status") ?? "").split(separator: ",").map(String.init)
        if let unknown = asked.first(where: { !statuses.contains($0) }) {
            return Program.mistaken(
                "there is no status `\(unknown)`; there are \(statuses.sorted().joined(separator: ", "))"
            )
        }
        do throws(WebClient.Failure) {
            let page = try ControllerConnection(arguments).ask("GET", "/tasks" + query(arguments))
            print(page, asJSON: arguments.has("--json"))
            return 0
        } catch {
            return Program.failed(error.message)
        }
    }

    private static func query(_ arguments: Arguments) -> String {
        let names = [
            ("--status", "status"), ("--workflow", "workflow_id"), ("--session", "session_id"),
            ("--since", "since"), ("--until", "until"), ("--limit", "limit"),
            ("--cursor", "cursor"),
        ]
        let pairs = names.compactMap { option, name in
            arguments.last(option).map { "\(name)=\(PercentCode.queryValue($0))" }
        }
        return pairs.isEmpty ? "" : "?\(pairs.joined(separator: "&"))"
    }

    private static func print(_ page: JSONValue, asJSON: Bool) {
        if asJSON { return Console.writeData(page.prettyJSONText) }
        guard case .array(let runs)? = page["tasks"], !runs.isEmpty else {
            return Console.writeLine("There are no such runs.")
        }
        let rows = runs.map { run in
            [
                RunText.member(run, "task_id"), RunText.member(run, "status"),
                RunText.member(run, "workflow_id"), RunText.member(run, "started_at"),
                RunText.short(run),
            ]
        }
        let table = TextTable(head: ["RUN", "STATUS", "WORKFLOW", "STARTED", ""], rows: rows)
        Console.writeLine(table.text)
        if let cursor = page["next_cursor"]?.string {
            Console.writeLine("There are more: --cursor \(cursor)")
        }
    }
}
