internal import JSONWire
internal import Platform
internal import Primitives

/// `sluice ledger list`: the requests that reached an endpoint, newest first.
enum ListLedgerCommand {
    static let command = Program.Command(
        name: "ledger list",
        usage: "[--status STATUS[,STATUS]…] [--endpoint TEXT] [--since 10m] [--limit N]",
        summary: "List the requests that reached an endpoint, newest first",
        options: [
            .init(
                names: ["--status"],
                value: "STATUS",
                help:
                    "only these statuses: delivered, held, progress, duplicate, triggered, bulk, rejected, "
                    + "expired, handshake"
            ),
            .init(
                names: ["--endpoint"],
                value: "TEXT",
                help: "only endpoints whose names contain this text, such as a path"
            ),
            .init(
                names: ["--since"],
                value: "WHEN",
                help: "only requests from this time on: a time, or an age such as 10m"
            ),
            .init(names: ["--until"], value: "WHEN", help: "only requests before this time"),
            .init(names: ["--key"], value: "KEY", help: "only requests with this key"),
            .init(
                names: ["--run"],
                value: "RUN",
                help: "only requests that went to this run, or started it"
            ),
            .init(names: ["--limit"], value: "N", help: "the maximum number; 50 by default"),
            .init(
                names: ["--cursor"],
                value: "CURSOR",
                help: "the next page; the list before prints it"
            ),
        ] + ControllerConnection.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken("`ledger list` takes no operand; see sluice ledger list --help")
        }
        return LedgerCommands.ask(arguments) { controller throws(WebClient.Failure) in
            let page = try controller.ask("GET", "/ledger" + query(arguments))
            LedgerCommands.warn(page)
            print(page, asJSON: arguments.has("--json"))
            return 0
        }
    }

    private static func query(_ arguments: Arguments) -> String {
        let names = [
            ("--status", "status"), ("--endpoint", "endpoint"), ("--since", "since"),
            ("--until", "until"), ("--key", "key"), ("--run", "task_id"), ("--limit", "limit"),
            ("--cursor", "cursor"),
        ]
        let pairs = names.compactMap { option, name in
            arguments.last(option).map { "\(name)=\(PercentCode.queryValue($0))" }
        }
        return pairs.isEmpty ? "" : "?\(pairs.joined(separator: "&"))"
    }

    private static func print(_ page: JSONValue, asJSON: Bool) {
        if asJSON { return Console.writeData(page.prettyJSONText) }
        let requests = RunText.list(page, "requests")
        guard !requests.isEmpty else { return Console.writeLine("There are no such requests.") }
        let verdicts = requests.map { $0["verification"].map(LedgerText.sender) ?? "" }
        let hasVerdicts = verdicts.contains { !$0.isEmpty }
        let rows = zip(requests, verdicts).map { request, verdict in
            [
                RunText.member(request, "request_id"), RunText.member(request, "time"),
                RunText.member(request, "status"), RunText.member(request, "endpoint"),
                RunText.member(request, "key"), RunText.member(request, "note"),
            ] + (hasVerdicts ? [verdict] : [])
        }
        let head =
            ["REQUEST", "TIME", "STATUS", "ENDPOINT", "KEY", "NOTE"]
            + (hasVerdicts ? ["SENDER"] : [])
        Console.writeLine(TextTable(head: head, rows: rows).text)
        if let cursor = page["next_cursor"]?.string {
            Console.writeLine("There are more: --cursor \(cursor)")
        }
    }
}
