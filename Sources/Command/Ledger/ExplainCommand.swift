internal import JSONWire
internal import Primitives

/// `sluice explain`: everything known about a key.
enum ExplainCommand {
    static let command = Program.Command(
        name: "explain",
        usage: "KEY [--channel NAME]",
        summary: "Show everything known about a key, and why it did or did not match",
        options: [
            .init(
                names: ["--channel"],
                value: "NAME",
                help: "only this channel; endpoints without one are on `default`"
            )
        ] + ControllerConnection.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.count == 1, let key = arguments.operands.first, !key.isEmpty else {
            return Program.mistaken("`explain` takes one key")
        }
        return LedgerCommands.ask(arguments) { controller throws(WebClient.Failure) in
            let channel = arguments.last("--channel").map {
                "&channel=\(PercentCode.queryValue($0))"
            }
            let known = try controller.ask(
                "GET",
                "/explain?key=\(PercentCode.queryValue(key))\(channel ?? "")"
            )
            LedgerCommands.warn(known)
            Printed.write(known, arguments, as: LedgerText.explanation)
            return 0
        }
    }
}
