internal import JSONWire

/// `sluice ledger show`: one request in full.
enum ShowLedgerCommand {
    static let command = Program.Command(
        name: "ledger show",
        usage: "REQUEST",
        summary: "Show a request: how it was handled and why, its headers, its body",
        options: ControllerConnection.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.count == 1, let id = arguments.operands.first else {
            return Program.mistaken(
                "`ledger show` takes one request's id; sluice ledger list shows them"
            )
        }
        guard LedgerCommands.isID(id) else {
            return Program.mistaken(
                "`\(id)` is not the id of a request; sluice ledger list shows them"
            )
        }
        return LedgerCommands.ask(arguments) { controller throws(WebClient.Failure) in
            let request = try controller.ask("GET", "/ledger/\(id)")
            Printed.write(request, arguments, as: LedgerText.full)
            return 0
        }
    }
}
