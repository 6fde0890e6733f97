import HTTPEngine
import HTTPWire
import Loops
import Primitives
import TestKit
import Testing

/// A stream that is none of the kernel's: what the engine makes of its handshake, its pieces and its end.
@Suite struct SeamTests {
    private let security = MemoryDoor.security

    @Test func `a request over a sealed stream knows what its handshake came to`() throws {
        let server = try HTTPServerFixture(.sealed) { request, _, exchange in
            let facts = [
                String(request.isSecure), request.serverName ?? "-",
                String(request.peerCertificate?.count ?? 0), request.peerAddress,
                request.clientAddress, request.siteName,
            ]
            exchange.respond(.text(200, facts.joined(separator: " ")))
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        let sealed = "true hooks.example.com 3 127.0.0.1 127.0.0.1 test"
        #expect(try connection.readReply().text == sealed)
        let plain = try RawConnection(port: server.port)
        try plain.send(requestText("GET", "/out"))
        #expect(try plain.readReply().text == "false - 0 127.0.0.1 127.0.0.1 test")
    }

    @Test func `a client that is silent in its handshake is closed after its time`() throws {
        let server = try HTTPServerFixture(.sealed)
        let client = try server.memory.connect(isSealed: true, isSilent: true)
        try eventually { server.server.connectionsCount == 1 }
        server.clock.advance(by: .milliseconds(9_900))
        try answers(server)
        #expect(server.server.connectionsCount == 2)
        server.clock.advance(by: .milliseconds(100))
        try eventually { client.pipe.isClosedByServer }
        #expect(try client.receive(doing: "reading", deadline: .standard) == [])
        try eventually {
            server.lines.messages.contains {
                $0 == "A connection was closed before its handshake was done"
            }
        }
    }

    @Test func `a handshake that fails closes the connection, and nothing of it is left`() throws {
        var limits = ServerLimits()
        limits.handshakesMax = 1
        let server = try HTTPServerFixture(.sealed, limits: limits)
        for _ in 0..<3 {
            let client = try server.memory.connect(isSealed: true, isSilent: true)
            _ = try client.pipe.send(Array("GET / HTTP/1.1\r\n".utf8)[...], deadline: .standard)
            try eventually { client.pipe.isClosedByServer && server.server.connectionsCount == 0 }
        }
        let left = try server.memory.connect(isSealed: true, isSilent: true)
        try eventually { server.server.connectionsCount == 1 }
        left.close()
        try eventually { server.server.connectionsCount == 0 }
        try answers(server)
    }

    @Test
    func
        `a handshake beyond the bound is not begun, and a connection that is ready does not count`()
        throws
    {
        var limits = ServerLimits()
        limits.handshakesMax = 2
        let server = try HTTPServerFixture(.sealed, limits: limits)
        let ready = try server.connect()
        try ready.send(requestText("GET", "/out"))
        #expect(try ready.readReply().status == 200)
        let silent = try (0..<2).map { _ in
            try server.memory.connect(isSealed: true, isSilent: true)
        }
        try eventually { server.server.connectionsCount == 3 }
        let beyond = try server.memory.connect(isSealed: true)
        try eventually { beyond.pipe.isClosedByServer }
        #expect(server.server.connectionsCount == 3)
        _ = try silent[0].pipe.send(MemoryStream.hello[...], deadline: .standard)
        let welcome = try silent[0].pipe.receive(doing: "reading", deadline: .standard)
        #expect(welcome == MemoryStream.welcome)
        try answers(server)
    }

    @Test func `where there are too many connections a handshake is not begun`() throws {
        var limits = ServerLimits()
        limits.connectionsMax = 1
        let server = try HTTPServerFixture(.sealed, limits: limits)
        let first = try server.connect()
        try first.send(requestText("GET", "/out"))
        #expect(try first.readReply().status == 200)
        let sealed = try server.memory.connect(isSealed: true)
        try eventually { sealed.pipe.isClosedByServer }
        // One in clear can be told why.
        let plain = RawConnection(over: try server.memory.connect(isSealed: false))
        #expect(try plain.readReply().status == 503)
    }

    @Test func `a server that goes down does not wait for a handshake`() throws {
        let server = try HTTPServerFixture(.sealed)
        let client = try server.memory.connect(isSealed: true, isSilent: true)
        try eventually { server.server.connectionsCount == 1 }
        let left = Lock<Int?>(nil)
        server.server.drain(until: server.clock.now.advanced(by: .seconds(3_600))) { count in
            left.withLock { $0 = count }
        }
        try eventually {
            server.clock.advance(by: .seconds(1))
            return left.withLock { $0 } == 0
        }
        #expect(client.pipe.isClosedByServer)
    }

    /// How far a connection is when its client goes.
    enum Moment: String, CaseIterable {
        case idle, head, body, queued, unanswered, stream, lingering
    }

    @Test(arguments: Moment.allCases, [false, true])
    func `a client that goes leaves nothing behind, whatever was under way`(
        _ moment: Moment,
        isReset: Bool
    ) throws {
        for isSealed in [false, true] {
            let held = Held()
            let streams = Lock<[ResponseStream]>([])
            let server = try HTTPServerFixture(
                .sealed,
                admission: AdmissionSettings(maxConcurrentCount: 1, maxQueuedCount: 4)
            ) { request, _, exchange in
                guard request.path != "/tasks/1" else {
                    let stream = exchange.stream(status: 200, contentType: "text/plain")
                    return streams.withLock { $0.append(stream) }
                }
                held.add(exchange.detach())
            }
            let connection = RawConnection(over: try server.memory.connect(isSealed: isSealed))
            switch moment {
            case .idle: try eventually { server.server.connectionsCount == 1 }
            case .head: try connection.send("POST /in HTT")
            case .body:
                try connection.send("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\nx")
                try eventually { server.server.bodyMemoryTaken > 0 }
            case .queued:
                try connection.send(requestText("GET", "/out") + requestText("GET", "/out"))
                try eventually { server.server.admissionCounts(site: 0) == (1, 1) }
            case .unanswered:
                try connection.send(requestText("GET", "/out"))
                try eventually { held.count == 1 }
            case .stream:
                try connection.send(requestText("GET", "/tasks/1"))
                try eventually { streams.withLock { $0.count } == 1 }
            case .lingering:
                try connection.send("nonsense\r\n\r\n")
                #expect(try connection.readReply().status == 501)
            }
            if isReset { connection.reset() } else { connection.close() }
            for exchange in held.takeAll() { exchange.respond(.text(200, "nobody reads this")) }
            try eventually {
                for exchange in held.takeAll() { exchange.respond(.text(200, "nor this")) }
                streams.withLock { for stream in $0 { stream.write([120]) } }
                return server.server.connectionsCount == 0
            }
            #expect(server.server.bodyMemoryTaken == 0)
            #expect(server.server.answerMemoryTaken == 0)
            try eventually { server.server.admissionCounts(site: 0) == (0, 0) }
        }
    }

    @Test func `a large body that comes in records is whole, and so is its answer`() throws {
        let server = try HTTPServerFixture(
            .sealed,
            routes: [
                Route(id: 1, methods: [.post], path: "/in", bodyBytesMax: 8 << 20)
            ]
        ) { _, body, exchange in exchange.respond(Response(status: 200, body: body.copied)) }
        let connection = try server.connect()
        let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.count)\r\n\r\n"
        try connection.send(Array(head.utf8) + body)
        #expect(try connection.readReply().body == body)
    }

    @Test func `what was queued is sent while the last answer waits for its turn, and that too`()
        throws
    {
        let held = Held()
        let server = try HTTPServerFixture(.sealed) { _, _, exchange in held.add(exchange.detach())
        }
        let client = try server.memory.connect(isSealed: true)
        let connection = RawConnection(over: client)
        try connection.send(requestText("GET", "/out") + requestText("GET", "/out"))
        try connection.finishSending()
        try eventually { held.count == 2 }
        let large = [UInt8](repeating: 120, count: MemoryPipe.toClientMax + 20_000)
        held.take()?.respond(Response(status: 200, body: large))
        try eventually { client.pipe.isClientFull }
        for _ in 0..<3 { try server.group.onEach { _ in } }
        // In one turn of the loop: the last answer is given, then what was queued before it is taken.
        let isOpen = Watched(false)
        server.group.ports[0].post { _ in
            _ = isOpen.wait(until: .standard) { $0 ? true : nil }
        }
        held.take()?.respond(.text(200, "the last"))
        var bytes = try connection.readSome()
        isOpen.withLock { $0 = true }
        bytes += try connection.readToEnd()
        #expect(bytes.count > large.count)
        #expect(bytes.suffix(8) == Array("the last".utf8)[...])
    }

    /// Has a request of a new connection answered.
    private func answers(_ server: HTTPServerFixture) throws {
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        #expect(try connection.readReply().status == 200)
    }
}
