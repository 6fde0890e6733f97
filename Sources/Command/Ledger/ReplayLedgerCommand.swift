internal import JSONWire

/// `sluice ledger replay`: has requests handled again.
enum ReplayLedgerCommand {
    static let command = Program.Command(
        name: "ledger replay",
        usage: "REQUEST… [--accept-unverified]",
        summary: "Have endpoints handle requests again",
        options: [
            .init(
                names: ["--accept-unverified"],
                value: nil,
                help: "replay refused requests, too; look at them first"
            )
        ] + ControllerConnection.options,
        notes: """
            A replay is a new request, not a duplicate of the first one. The exit code is 1 if one was not
            replayed, or its endpoint refused it.
            """,
        run: run
    )

    /// How many are asked for at once.
    private static let countMax = 1000

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        let ids = arguments.operands
        guard !ids.isEmpty else {
            return Program.mistaken(
                "`ledger replay` takes ids of requests; sluice ledger list shows them"
            )
        }
        if let wrong = ids.first(where: { !LedgerCommands.isID($0) }) {
            return Program.mistaken(
                "`\(wrong)` is not the id of a request; sluice ledger list shows them"
            )
        }
        return LedgerCommands.ask(arguments) { controller throws(WebClient.Failure) in
            var isWell = true
            for start in stride(from: 0, to: ids.count, by: countMax) {
                let page = ids[start..<min(start + countMax, ids.count)]
                let answer = try controller.ask(
                    "POST",
                    "/ledger/replay",
                    body: .object([
                        "ids": .array(page.map(JSONValue.string)),
                        "accept_unverified": .bool(arguments.has("--accept-unverified")),
                    ])
                )
                let replays = RunText.list(answer, "replays")
                isWell = isWell && replays.allSatisfy(isTaken)
                Printed.write(answer, arguments) { _ in
                    replays.map(LedgerText.replay).joined(separator: "\n")
                }
            }
            return isWell ? 0 : 1
        }
    }

    private static func isTaken(_ replay: JSONValue) -> Bool {
        if case .integer(let status)? = replay["status"] { return (200..<300).contains(status) }
        return false
    }
}
