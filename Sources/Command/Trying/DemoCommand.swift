internal import Demo
internal import Documents
internal import Platform
internal import Primitives

/// `sluice demo`: shows what Sluice does, without a network and without a configuration.
enum DemoCommand {
    static let all: [Program.Command] = [
        Program.Command(
            name: "demo",
            usage: "",
            summary: "Run an image pipeline against two built-in services, and check every output",
            options: [],
            notes:
                "It takes two seconds, uses free ports of 127.0.0.1, and leaves no files behind.",
            run: run
        ),
        Program.Command(
            name: "demo service",
            usage: "[PORT] [--delay 1s]",
            summary: "Serve POST /jobs as a slow service does: 202 now, a callback later",
            options: [
                .init(
                    names: ["--delay"],
                    value: "TIME",
                    help: "the duration of a job; 1s by default"
                )
            ],
            notes:
                "Port 9101 of 127.0.0.1 by default. A job is {\"callback_url\": …, \"work\": …}, with an\n"
                + "\"id\" of yours or without; \"fail\": true has it fail.",
            run: serve
        ),
    ]

    private static let defaultPort = 9101

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        if let word = arguments.operands.first {
            return Program.mistaken("there is no command `demo \(word)`; see sluice demo --help")
        }
        return Demonstration.run() ? 0 : 1
    }

    @Sendable private static func serve(_ arguments: Arguments) -> Int32 {
        guard let port = TryingService.port(arguments, default: defaultPort) else {
            return Program.mistaken("`demo service` takes one port, 0 to 65535")
        }
        let text = arguments.last("--delay") ?? "1s"
        guard let delay = DurationText.parse(text), delay.count >= 0 else {
            return Program.mistaken("--delay takes a time such as 1s or 250ms, not `\(text)`")
        }
        return TryingService.serve {
            let service = try SlowService(port: port, delay: delay) { Console.writeLine($0) }
            Console.writeLine("The service takes jobs at POST \(service.url)/jobs; Ctrl-C ends it.")
            return service
        }
    }
}
