internal import JSONWire
internal import Platform

/// `sluice send event`.
enum SendEventCommand {
    static let command = Program.Command(
        name: "send event",
        usage: "NAME [-d JSON]",
        summary: "Send an event, which starts a run of every workflow subscribed to it",
        options: [
            .init(
                names: ["-d", "--data"],
                value: "JSON",
                help: "the event's payload, a map; @FILE reads a file, - standard input"
            )
        ] + ControllerAccess.options,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.count == 1, let name = arguments.operands.first else {
            return Program.mistaken("this takes one event's name, such as order.created")
        }
        var event: JSONObject = ["name": .string(name)]
        do throws(Arguments.Mistake) {
            if let payload = try DataArgument.value(arguments, "-d") { event["payload"] = payload }
        } catch {
            return Program.mistaken(error.message)
        }
        do throws(WebClient.Failure) {
            let controller = try ControllerAccess(arguments)
            let reply = try controller.reply("POST", "/events", body: .object(event))
            if reply.status == 404 {
                throw WebClient.Failure(
                    message: "the server at \(controller.url) does not take events yet: it has no "
                        + "POST /events"
                )
            }
            guard reply.isSuccess else { throw controller.refusal(reply) }
            SendCommands.tell(reply, asJSON: arguments.has("--json"))
            return 0
        } catch {
            return Program.failed(error.message)
        }
    }
}
