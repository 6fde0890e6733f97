import HTTPEngine
import HTTPWire
import Loops
import Primitives
import TestKit
import Testing

/// A server whose handler is a closure, reached over loopback or in memory.
final class HTTPServerFixture: Sendable {
    /// What answers a request.
    typealias Answer = @Sendable (borrowing Request, RawSpan, borrowing Exchange) -> Void

    /// What is shown requests that the engine refused.
    typealias Refused = @Sendable (borrowing Request, RawSpan, Problem) -> Void

    let group: LoopGroup
    let server: HTTPServer
    let clock = ManualClock()
    let lines = LogLines()
    let reports = ProblemReports()
    let kind: StreamKind
    let memory: MemoryDoor

    init(
        _ kind: StreamKind = .tcp,
        threads: Int = 1,
        limits: ServerLimits = ServerLimits(),
        admission: AdmissionSettings = AdmissionSettings(),
        routes: [Route] = HTTPServerFixture.routes,
        basePath: String = "",
        headProbes: Bool = false,
        trustedProxies: [String] = [],
        gates: [any RequestGate] = [],
        bodyMemoryMax: Int = 512 << 20,
        answerMemoryMax: Int = 256 << 20,
        answer: @escaping Answer = echo,
        onRefused: @escaping Refused = { _, _, _ in }
    ) throws {
        self.kind = kind
        group = try LoopGroup(threads: threads, name: "test")
        let site = Site(
            name: "test",
            addresses: [ListenAddress(host: "127.0.0.1", port: 0)],
            basePath: basePath,
            routes: routes,
            headProbes: headProbes,
            limits: limits,
            admission: admission,
            trustedProxies: TrustedProxies(trustedProxies.compactMap(IPBlock.init)),
            gates: gates,
            onProblem: { [reports] in reports.add($0) }
        ) { _ in ClosureHandler(answer, onRefused) }
        let lines = lines
        server = try HTTPServer(
            group: group,
            sites: [site],
            bodyMemoryMax: bodyMemoryMax,
            answerMemoryMax: answerMemoryMax,
            log: Log(level: .debug) { lines.add($0) },
            clock: .manual(clock),
            tick: .milliseconds(2)
        )
        memory = MemoryDoor(group, server)
        try server.start()
    }

    deinit {
        server.close()
        group.stop()
    }

    /// A few paths: id 1 takes POST and PUT, id 2 GET, id 3 a parameter, id 4 small bodies of JSON.
    static let routes = [
        Route(id: 1, methods: [.post, .put], path: "/in"),
        Route(id: 2, methods: [.get], path: "/out"),
        Route(id: 3, methods: [.get, .delete], path: "/tasks/{id}"),
        Route(
            id: 4,
            methods: [.post],
            path: "/small",
            bodyBytesMax: 16,
            mediaTypes: ["application/json", "+json"]
        ),
    ]

    /// Answers 200 with the route's id, the method, the path, the body's size and the body.
    static let echo: Answer = { request, body, exchange in
        var bytes: [UInt8] = []
        bytes.append(bytes: body)
        let text = String(decoding: bytes, as: UTF8.self)
        exchange.respond(
            .text(200, "\(request.routeID) \(request.method.name) \(request.path) \(text)")
        )
    }

    var port: Int { Int(server.boundPorts[0][0]) }

    func connect() throws -> RawConnection {
        switch kind {
        case .tcp: try RawConnection(port: port)
        case .sealed: RawConnection(over: try memory.connect(isSealed: true))
        }
    }
}

/// Log lines that a test looks at.
final class LogLines: Sendable {
    private let records = Lock<[LogRecord]>([])

    func add(_ record: LogRecord) {
        records.withLock { $0.append(record) }
    }

    var messages: [String] { records.withLock { $0 }.map(\.message) }
}

/// Reports of problems that a test looks at.
final class ProblemReports: Sendable {
    private let reports = Lock<[ProblemReport]>([])

    func add(_ report: ProblemReport) {
        reports.withLock { $0.append(report) }
    }

    var all: [ProblemReport] { reports.withLock { $0 } }
}

/// A handler that is a closure.
final class ClosureHandler: RequestHandler {
    private let answer: HTTPServerFixture.Answer
    private let onRefused: HTTPServerFixture.Refused

    init(
        _ answer: @escaping HTTPServerFixture.Answer,
        _ onRefused: @escaping HTTPServerFixture.Refused = { _, _, _ in }
    ) {
        self.answer = answer
        self.onRefused = onRefused
    }

    func refused(_ request: borrowing Request, body: RawSpan, problem: Problem) {
        onRefused(request, body, problem)
    }

    func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
        answer(request, body, exchange)
    }
}

/// Exchanges that a handler put aside, to be answered by the test.
final class Held: Sendable {
    private let exchanges = Lock<[PendingExchange]>([])

    func add(_ exchange: PendingExchange) {
        exchanges.withLock { $0.append(exchange) }
    }

    var count: Int { exchanges.withLock { $0.count } }

    /// Takes the one that came first.
    func take() -> PendingExchange? {
        exchanges.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    /// Takes them all.
    func takeAll() -> [PendingExchange] {
        exchanges.withLock { exchanges in
            let all = exchanges
            exchanges = []
            return all
        }
    }
}

/// Waits until the loops have seen what was sent before: another request goes through meanwhile.
func arrive(at server: HTTPServerFixture) throws {
    for _ in 0..<3 {
        let probe = try server.connect()
        try probe.send(requestText("GET", "/none"))
        #expect(try probe.readReply().status == 404)
    }
}

/// The text of a request.
func requestText(
    _ method: String,
    _ target: String,
    headers: [String] = [],
    body: String = ""
) -> String {
    let length = body.isEmpty ? [] : ["Content-Length: \(body.utf8.count)"]
    return (["\(method) \(target) HTTP/1.1", "Host: a"] + headers + length + ["", body])
        .joined(separator: "\r\n")
}

/// A second server, on a port that is given.
enum RawServer {
    static func start(port: Int) throws -> HTTPServer {
        let group = try LoopGroup(threads: 1, name: "second")
        defer { group.stop() }
        let address = ListenAddress(host: "127.0.0.1", port: UInt16(clamping: port))
        let site = Site(name: "second", addresses: [address], routes: HTTPServerFixture.routes) {
            _ in
            ClosureHandler(HTTPServerFixture.echo)
        }
        let server = try HTTPServer(group: group, sites: [site], log: .silent)
        try server.start()
        return server
    }
}
