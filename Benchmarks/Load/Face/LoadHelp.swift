/// What the program says of itself.
enum LoadHelp {
    /// Every option there is.
    static let options: [OptionWords.Known] = [
        .init(name: "--url", value: "URL", help: "where the requests go: http://HOST:PORT/PATH"),
        .init(
            name: "--start",
            value: "URL",
            help:
                "a bulk trigger (item: ${body.items}, input with key) that starts the runs that wait"
        ),
        .init(
            name: "--controller",
            value: "URL",
            help: "the controller; every run is looked at through it"
        ),
        .init(name: "--token", value: "TOKEN", help: "what the controller asks for"),
        .init(name: "--count", value: "N", help: "how many requests, or runs, at most"),
        .init(name: "--duration", value: "TIME", help: "how long at most (10s without --count)"),
        .init(name: "--connections", value: "N", help: "connections in all (64)"),
        .init(name: "--pipeline", value: "N", help: "requests under way on a connection (1)"),
        .init(name: "--threads", value: "N", help: "threads that send (1)"),
        .init(
            name: "--rate",
            value: "N",
            help:
                "requests per second whatever the answers do (open loop); latency counts from the moment "
                + "a request was due"
        ),
        .init(name: "--items", value: "N", help: "callbacks in one body of `bulk` (100)"),
        .init(name: "--body-size", value: "N", help: "bytes of a callback's body (194)"),
        .init(
            name: "--header",
            value: "LINE",
            help: "a header field for every request, {key} in it is the request's key; repeatable"
        ),
        .init(
            name: "--tag",
            value: "TEXT",
            help: "23 letters that begin every key; fresh ones by default"
        ),
        .init(name: "--first", value: "N", help: "the number of the first key (0)"),
        .init(name: "--timeout", value: "TIME", help: "how long an answer is waited for (10s)"),
        .init(
            name: "--steps",
            value: nil,
            help:
                "says `ready` before and `done` after the measurement and waits for a line of input each time"
        ),
        .init(name: "--show", value: nil, help: "prints the first request, and sends nothing"),
        .init(name: "--json", value: nil, help: "prints the result as JSON"),
        .init(name: "--anywhere", value: nil, help: "allows addresses that are not loopback"),
        .init(name: "--help", value: nil, help: "prints this"),
    ]

    /// The whole help.
    static var text: String {
        let names = options.map { $0.name + ($0.value.map { " \($0)" } ?? "") }
        let width = names.map(\.count).max() ?? 0
        let lines = zip(names, options).map { name, option in
            "  " + name + String(repeating: " ", count: width - name.count) + "  " + option.help
        }
        return """
            sluice-load: sends requests to a server and measures how it answers

            Usage: sluice-load SCENARIO --url URL [OPTIONS]

            Scenarios:
              callback  one callback a request, each with a key of its own
              bulk      many callbacks a request
              trigger   one trigger a request
              churn     a connection for each callback
              prepare   only starts runs that wait: --start URL --count N

            Options:
            \(lines.joined(separator: "\n"))

            With --start and --count, `callback`, `bulk` and `churn` first start as many runs as there will be callbacks, one
            for each key, and wait until all of them wait. With --controller every run is looked at in the end:
            it must have completed with the result of its own callback.

            A body of 194 bytes is {"task_id":KEY,"status":"completed","output":{"url":...KEY...,...}}; with --body-size it
            has a member `padding` as long as it takes. In bulk bodies the callbacks are the list `results`.

            Exit codes: 0 every request was answered with success and every run is as it should be; 1 not so;
            2 the command line is wrong.
            """
    }
}
