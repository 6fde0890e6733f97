internal import Demo
internal import Platform

/// `sluice listen`: prints every request that comes, to see what a service really sends.
enum ListenCommand {
    static let command = Program.Command(
        name: "listen",
        usage: "[PORT] [--host ADDRESS] [--status N] [--json]",
        summary: "Print every request that a port receives, and answer it",
        options: [
            .init(
                names: ["--host"],
                value: "ADDRESS",
                help: "the address to listen on; 127.0.0.1 by default, 0.0.0.0 for all"
            ),
            .init(
                names: ["--status"],
                value: "N",
                help: "the status of the answers; 200 by default"
            ),
            .init(names: ["--json"], value: nil, help: "print each request as a line of JSON"),
        ],
        notes: "Port 8090 by default. Everything is printed as it came, secrets too.",
        run: run
    )

    private static let defaultPort = 8090

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard let port = TryingService.port(arguments, default: defaultPort) else {
            return Program.mistaken("`listen` takes one port, 0 to 65535")
        }
        let word = arguments.last("--status") ?? "200"
        guard let status = Int(word), (200...599).contains(status) else {
            return Program.mistaken("--status takes 200 to 599, not `\(word)`")
        }
        let isJSON = arguments.has("--json")
        return TryingService.serve {
            let service = try CatchAllService(
                host: arguments.last("--host") ?? "127.0.0.1",
                port: port,
                status: status
            ) { received in
                if isJSON {
                    Console.writeData(received.jsonText)
                } else {
                    Console.writeLine(received.text)
                }
            }
            Console.writeLine("Listening at \(service.url); Ctrl-C ends it.", to: .error)
            return service
        }
    }
}
