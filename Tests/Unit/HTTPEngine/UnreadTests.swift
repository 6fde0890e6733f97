import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// Clients that do not read their answers.
@Suite struct UnreadTests {
    /// A server whose answers are of that size.
    private static func server(
        _ kind: StreamKind,
        _ size: Int,
        answerMemoryMax: Int,
        _ limits: ServerLimits = ServerLimits()
    ) throws -> HTTPServerFixture {
        try HTTPServerFixture(kind, limits: limits, answerMemoryMax: answerMemoryMax) {
            _,
            _,
            exchange in
            exchange.respond(Response(status: 200, body: [UInt8](repeating: 120, count: size)))
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `unread answers are bounded over all connections, and the slowest is closed`(
        _ kind: StreamKind
    ) throws {
        let bound = 4 << 20
        let server = try Self.server(kind, 100_000, answerMemoryMax: bound)
        var greedy: [RawConnection] = []
        for _ in 0..<30 {
            let connection = try server.connect()
            // More than the buffers of the system hold.
            try connection.send((0..<200).map { _ in requestText("GET", "/out") }.joined())
            greedy.append(connection)
        }
        try eventually {
            server.lines.messages.contains { $0.contains("server.max_answer_memory") }
        }
        try eventually { server.server.connectionsCount < 30 }
        // Each may be beyond it by what it was given at once, before it was paused.
        try eventually { server.server.answerMemoryTaken <= bound + (2 << 20) }
        let honest = try server.connect()
        for _ in 0..<50 {
            try honest.send(requestText("GET", "/out"))
            #expect(try honest.readReply().body.count == 100_000)
        }
        for connection in greedy { connection.close() }
        try eventually { server.server.answerMemoryTaken == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `one client alone gets an answer larger than the bound`(_ kind: StreamKind) throws {
        let server = try Self.server(kind, 20 << 20, answerMemoryMax: 1 << 20)
        let connection = try server.connect()
        for _ in 0..<2 {
            try connection.send(requestText("GET", "/out"))
            #expect(try connection.readReply().body.count == 20 << 20)
        }
        #expect(server.server.answerMemoryTaken == 0)
    }

    @Test(arguments: StreamKind.allCases)
    func `answers that wait for their turn count as unread`(_ kind: StreamKind) throws {
        var limits = ServerLimits()
        limits.unsentBytesMax = 64 << 10
        let held = Held()
        let served = Lock(0)
        let server = try HTTPServerFixture(kind, limits: limits) { request, _, exchange in
            if request.path == "/out" { return held.add(exchange.detach()) }
            served.withLock { $0 += 1 }
            exchange.respond(Response(status: 200, body: [UInt8](repeating: 121, count: 10_000)))
        }
        let connection = try server.connect()
        let many = (0..<100).map { _ in requestText("POST", "/in", body: "1") }.joined()
        try connection.send(requestText("GET", "/out") + many)
        try eventually { held.count == 1 && served.withLock { $0 } >= 7 }
        #expect(served.withLock { $0 } < 10, "reading rests while the first answer is due")
        held.take()?.respond(.text(200, "first"))
        #expect(try connection.readReply().text == "first")
        for _ in 0..<100 { #expect(try connection.readReply().body.count == 10_000) }
    }

    @Test(arguments: StreamKind.allCases)
    func `who reads slowly is not taken for one who does not read`(_ kind: StreamKind) throws {
        let server = try Self.server(kind, 8 << 20, answerMemoryMax: 256 << 20)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        var count = 0
        while count < 8 << 20 {
            // Within the 75 seconds that a client has for taking anything at all.
            server.clock.advance(by: .seconds(2))
            let some = try connection.readSome()
            try #require(!some.isEmpty, "closed after \(count) bytes")
            count += some.count
        }
    }
}
