import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// Pipelines that are longer than what is read ahead: every request gets its own answer, in order, whatever the timing.
@Suite struct PipelineTests {
    /// Answers exchanges on a thread of its own, so that the answer always comes in a later turn of the loop.
    private final class LateAnswers: Sendable {
        /// What waits to be answered.
        private final class Line: Sendable {
            typealias Waiting = (exchange: PendingExchange, text: String)
            let parker = Parker()
            private let state = Lock((waiting: [Waiting](), isOver: false))

            func add(_ exchange: PendingExchange, _ text: String) {
                state.withLock { $0.waiting.append((exchange, text)) }
                parker.unpark()
            }

            func end() {
                state.withLock { $0.isOver = true }
                parker.unpark()
            }

            func take() -> (some: [Waiting], isOver: Bool) {
                state.withLock { state in
                    let some = state.waiting
                    state.waiting = []
                    return (some, state.isOver)
                }
            }
        }

        private let line: Line
        private let thread: WorkerThread

        init() {
            let line = Line()
            self.line = line
            thread = WorkerThread(name: "answers") {
                while true {
                    let (some, isOver) = line.take()
                    for one in some { one.exchange.respond(.text(200, one.text)) }
                    if isOver { return }
                    if some.isEmpty { line.parker.park() }
                }
            }
        }

        func add(_ exchange: PendingExchange, _ text: String) { line.add(exchange, text) }

        func stop() {
            line.end()
            thread.join()
        }
    }

    /// What the requests of a pipeline look like.
    enum Heads: String, CaseIterable {
        case same, mixed
    }

    /// The request with a number, and the status and text that it must get.
    private static func request(_ number: Int, size: Int, _ heads: Heads) -> (String, Int, String) {
        let shape = heads == .same ? 0 : (number &* 2_654_435_761 >> 7) % 5
        let start = "\(number) "
        let filler = String(repeating: "x", count: max(0, size - start.utf8.count))
        let body = start + filler
        switch shape {
        case 1:
            let chunks =
                "\(String(start.utf8.count, radix: 16))\r\n\(start)\r\n"
                + "\(String(max(1, filler.utf8.count), radix: 16))\r\n\(filler.isEmpty ? "y" : filler)\r\n0\r\n\r\n"
            let text = "POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks
            return (text, 200, String(number))
        case 2: return (requestText("GET", "/nowhere/\(number)"), 404, "")
        case 3: return (requestText("POST", "/out", body: body), 405, "")
        default:
            let bare = requestText("POST", "/in", body: body)
            // Exactly as long as was asked for, where the head leaves room for it.
            let over = bare.utf8.count - size
            let fitted = over > 0 && over < filler.count ? start + filler.dropLast(over) : body
            return (requestText("POST", "/in", body: fitted), 200, String(number))
        }
    }

    private static func server(_ kind: StreamKind, _ late: LateAnswers) throws -> HTTPServerFixture
    {
        var limits = ServerLimits()
        // The client sends everything before it reads.
        limits.unsentBytesMax = 16 << 20
        return try HTTPServerFixture(kind, threads: 2, limits: limits) { _, body, exchange in
            let text = body.withBytes { bytes in
                var digits: [UInt8] = []
                for index in bytes.indices where bytes[index] != 32 && digits.count == index {
                    digits.append(bytes[index])
                }
                return String(decoding: digits, as: UTF8.self)
            }
            late.add(exchange.detach(), text)
        }
    }

    /// Sends a pipeline whole, then compares every answer with its request.
    private static func run(
        _ server: HTTPServerFixture,
        count: Int,
        size: Int,
        _ heads: Heads,
        finishes: Bool
    ) throws {
        let requests = (0..<count).map { request($0, size: size, heads) }
        let connection = try server.connect()
        let text = requests.map(\.0).joined()
        try connection.send(text, deadline: .seconds(60))
        if finishes { try connection.finishSending() }
        for (number, wanted) in requests.enumerated() {
            let reply = try connection.readReply(deadline: .seconds(60))
            try #require(reply.status == wanted.1, "answer \(number)")
            if wanted.1 == 200 { try #require(reply.text == wanted.2, "answer \(number)") }
        }
        if finishes { #expect(try connection.isClosedByPeer()) }
    }

    @Test(arguments: [(2_000, 256), (4_000, 400), (3_000, 977)], Heads.allCases)
    func `every request of a long pipeline gets its own answer, which comes late`(
        _ shape: (count: Int, size: Int),
        _ heads: Heads
    ) throws {
        let late = LateAnswers()
        defer { late.stop() }
        for kind in StreamKind.allCases {
            let server = try Self.server(kind, late)
            for _ in 0..<4 {
                try Self.run(server, count: shape.count, size: shape.size, heads, finishes: false)
            }
        }
    }

    @Test(arguments: [130, 300, 1_000, 2_500], StreamKind.allCases)
    func `a client that sends no more behind its pipeline gets every answer`(
        _ count: Int,
        _ kind: StreamKind
    ) throws {
        let late = LateAnswers()
        defer { late.stop() }
        let server = try Self.server(kind, late)
        for round in 0..<8 {
            let heads = Heads.allCases[round % 2]
            try Self.run(server, count: count, size: 100 + round * 51, heads, finishes: true)
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `nothing is read before what was kept is parsed`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, body, exchange in
            if body.isEmpty { return held.add(exchange.detach()) }
            exchange.respond(.text(200, String(body.byteCount)))
        }
        let connection = try server.connect()
        let many = (0..<300).map { _ in requestText("GET", "/out") }.joined()
        try connection.send(many + requestText("POST", "/in", body: "12345"))
        try eventually { held.count == 128 }
        // These wait in the socket while the rest of the first write waits in memory.
        try connection.send(requestText("POST", "/in", body: "1234567") + "{}\r\n\r\n")
        try connection.finishSending()
        var answered = 0
        while answered < 300 {
            try eventually { held.count > 0 }
            for exchange in held.takeAll() {
                exchange.respond(.text(200, "late"))
                answered += 1
            }
        }
        for _ in 0..<300 { #expect(try connection.readReply().text == "late") }
        #expect(try connection.readReply().text == "5")
        #expect(try connection.readReply().text == "7")
        #expect(try connection.readReply().status == 400)
        #expect(try connection.isClosedByPeer())
    }

    @Test(arguments: StreamKind.allCases)
    func `an error in the middle of a pipeline is told after the answers before it`(
        _ kind: StreamKind
    ) throws {
        let late = LateAnswers()
        defer { late.stop() }
        let server = try Self.server(kind, late)
        let bad = [
            "GET /out HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx",
            "POST /in HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
            "GET /out HTTP/1.1\r\n\r\n",
        ]
        for text in bad {
            let connection = try server.connect()
            let before = (0..<200).map { Self.request($0, size: 300, .same) }
            try connection.send(before.map(\.0).joined() + text + requestText("GET", "/out"))
            for request in before { #expect(try connection.readReply().text == request.2) }
            #expect(try connection.readReply().status == 400)
            #expect(try connection.isClosedByPeer())
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `100 Continue keeps its place among kept requests`(_ kind: StreamKind) throws {
        let late = LateAnswers()
        defer { late.stop() }
        let server = try Self.server(kind, late)
        let connection = try server.connect()
        let before = (0..<400).map { Self.request($0, size: 300, .same) }
        try connection.send(
            before.map(\.0).joined()
                + "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n"
        )
        for request in before { #expect(try connection.readReply().text == request.2) }
        #expect(try connection.readReply().status == 100)
        try connection.send("400 ")
        #expect(try connection.readReply().text == "400")
    }
}
