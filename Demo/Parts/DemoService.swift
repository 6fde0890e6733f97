internal import HTTPEngine
internal import HTTPWire
internal import Loops
internal import Primitives

/// An outside service of the demo: an HTTP server on 127.0.0.1 that answers by closures, which may block.
final class DemoService: Sendable {
    /// A request.
    struct Request: Sendable {
        /// The first value of each header field, names in lower case.
        let headers: [String: String]
        /// The body.
        let body: [UInt8]
    }

    /// An answer, and what the service does once it has left.
    struct Answer: Sendable {
        /// The status.
        let status: Int
        /// The JSON of the body; empty for none.
        var json = ""
        /// What is done afterwards: calling back, for example.
        var afterwards: @Sendable () -> Void = {}
    }

    /// What a service does with a request, on a thread of its own.
    typealias Script = @Sendable (Request) -> Answer

    /// Where it is: `http://127.0.0.1:9101`.
    let url: String
    /// The port it listens on.
    let port: Int
    private let group: LoopGroup
    private let server: HTTPServer
    private let work: DemoWork

    /// Starts a service.
    ///
    /// - Parameters:
    ///   - path: The one path that it serves, by POST.
    ///   - port: The port; 0 takes a free one.
    ///   - script: What it does with each request.
    /// - Throws: `LoopError` where the port cannot be had.
    init(_ path: String, port: Int = 0, script: @escaping Script) throws {
        let work = DemoWork()
        self.work = work
        group = try LoopGroup(threads: 1, name: "service")
        server = try HTTPServer(
            group: group,
            sites: [
                Site(
                    name: "service",
                    addresses: [
                        ListenAddress(host: "127.0.0.1", port: UInt16(clamping: port))
                    ],
                    routes: [Route(id: 0, methods: [.post], path: path)]
                ) { _ in Handler(work: work, script: script) }
            ],
            log: .silent
        )
        try server.start()
        self.port = Int(server.boundPorts.first?.first ?? 0)
        url = "http://127.0.0.1:\(self.port)"
    }

    /// The bodies of all requests so far, in their order.
    var bodies: [[UInt8]] { work.bodies }

    /// Waits for everything that the service has begun, and closes it.
    func stop() {
        work.waitForAll()
        server.close()
        group.stop()
    }

    /// Hands requests to threads.
    private final class Handler: RequestHandler {
        private let work: DemoWork
        private let script: Script

        init(work: DemoWork, script: @escaping Script) {
            self.work = work
            self.script = script
        }

        func handle(
            _ request: borrowing HTTPEngine.Request,
            body: RawSpan,
            exchange: borrowing Exchange
        ) {
            let headers = Dictionary(request.headers.map { ($0.name, $0.value) }) { one, _ in one }
            let asked = DemoService.Request(headers: headers, body: body.copied)
            let pending = exchange.detach()
            let script = script
            work.begin(asked.body) {
                let answer = script(asked)
                pending.respond(
                    answer.json.isEmpty
                        ? .empty(answer.status) : .json(answer.status, Array(answer.json.utf8))
                )
                answer.afterwards()
            }
        }
    }
}

/// What a service has under way, a thread each.
private final class DemoWork: Sendable {
    private let state = Lock<(bodies: [[UInt8]], threads: [WorkerThread])>(([], []))

    /// The bodies of all requests so far, in their order.
    var bodies: [[UInt8]] { state.withLock { $0.bodies } }

    /// Does something on a thread of its own.
    func begin(_ body: [UInt8], _ work: @escaping @Sendable () -> Void) {
        let thread = WorkerThread(name: "service", body: work)
        state.withLock { state in
            state.bodies.append(body)
            state.threads.append(thread)
        }
    }

    /// Waits for everything that was begun.
    func waitForAll() {
        while let thread = state.withLock({ $0.threads.popLast() }) { thread.join() }
    }
}
