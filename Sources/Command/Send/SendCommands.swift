internal import JSONWire
internal import Outbound
internal import Platform

/// `sluice send …`: sends what services would send, signed where that is asked for.
enum SendCommands {
    static let all: [Program.Command] = [
        SendCallbackCommand.command, SendTriggerCommand.command,
    ]

    /// The options that callbacks and triggers share.
    static let options: [Arguments.Option] =
        [
            .init(
                names: ["-d", "--data"],
                value: "JSON",
                help: "the body; @FILE reads a file, - standard input; {} by default"
            ),
            .init(
                names: ["-H", "--header"],
                value: "NAME: VALUE",
                help: "an additional header; repeatable"
            ),
            .init(
                names: ["-X", "--method"],
                value: "METHOD",
                help: "the method; the endpoint's, else POST"
            ),
            .init(names: ["--json"], value: nil, help: "print the status and the answer as JSON"),
        ] + Signing.options

    /// Sends a callback or a trigger, and prints the answer.
    ///
    /// - Parameters:
    ///   - arguments: The command line; its one operand is a URL, or an endpoint of the configuration.
    ///   - isTrigger: Which kind of endpoint is meant.
    /// - Returns: The exit code.
    static func send(_ arguments: Arguments, isTrigger: Bool) -> Int32 {
        guard arguments.operands.count == 1 else {
            return Program.mistaken(
                "this command takes one URL, or one endpoint of the configuration such as /done"
            )
        }
        do throws(Arguments.Mistake) {
            let target = try SendTarget(arguments.operands[0], arguments, isTrigger: isTrigger)
            let body = try DataArgument.bytes(arguments, "-d") ?? Array("{}".utf8)
            let method = arguments.last("-X") ?? target.method
            var request = OutboundRequest(method: method.uppercased(), url: target.url)
            request.headers = try headers(arguments)
            if !request.headers.contains(where: { $0.name.lowercased() == "content-type" }) {
                request.headers.append(("Content-Type", "application/json"))
            }
            request.headers += try Signing.headers(arguments, body: body)
            request.body = body
            request.followRedirects = 0
            return tell(request, asJSON: arguments.has("--json"))
        } catch {
            return Program.mistaken(error.message)
        }
    }

    /// Sends a request and prints what came back; the exit code is 0 for a 2xx status.
    static func tell(_ request: OutboundRequest, asJSON: Bool) -> Int32 {
        do throws(WebClient.Failure) {
            let reply = try WebClient().send(request)
            tell(reply, asJSON: asJSON)
            return reply.isSuccess ? 0 : 1
        } catch {
            return Program.failed("cannot reach \(request.url): \(error.message)")
        }
    }

    /// Prints an answer.
    static func tell(_ reply: WebClient.Reply, asJSON: Bool) {
        if asJSON {
            let object: JSONObject = [
                "status": .integer(Int64(reply.status)), "body": reply.value,
            ]
            return Console.writeData(JSONValue.object(object).prettyJSONText)
        }
        let text = reply.value.string ?? (reply.body.isEmpty ? "" : reply.value.jsonText)
        Console.writeLine(text.isEmpty ? "\(reply.status)" : "\(reply.status) \(text)")
    }

    private static func headers(
        _ arguments: Arguments
    ) throws(Arguments.Mistake) -> [(name: String, value: String)] {
        var headers: [(name: String, value: String)] = []
        for line in arguments.all("-H") {
            guard let pair = HeaderLine(line) else {
                throw Arguments.Mistake(message: "-H wants `NAME: VALUE`, not `\(line)`")
            }
            headers.append((pair.name, pair.value))
        }
        return headers
    }
}
