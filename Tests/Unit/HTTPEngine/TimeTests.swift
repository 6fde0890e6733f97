import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// Timeouts, on a clock that the test moves.
///
/// Those of bodies go over sockets alone: their clock may move only when all that was sent is with the server, which a stream in
/// pieces does not show.
@Suite struct TimeTests {
    @Test(arguments: StreamKind.allCases)
    func `a head that does not end gets 408`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send("GET /out HTTP/1.1\r\nHost:")
        try arrive(at: server)
        server.clock.advance(by: .seconds(10))
        let reply = try connection.readReply()
        #expect(reply.status == 408)
        #expect(reply.text.contains("request_timeout"))
        #expect(try connection.isClosedByPeer())
    }

    @Test(arguments: StreamKind.allCases)
    func `a connection without a request is closed after 75 seconds`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        #expect(try connection.readReply().status == 200)
        server.clock.advance(by: .seconds(74))
        try connection.send(requestText("GET", "/out"))
        #expect(try connection.readReply().status == 200)
        server.clock.advance(by: .seconds(75))
        #expect(try connection.isClosedByPeer())
        try eventually { server.server.connectionsCount == 0 }
    }

    @Test
    func `a body that comes in too slowly gets 408, one that keeps the rate does not`() throws {
        let server = try HTTPServerFixture()
        let slow = try server.connect()
        let quick = try server.connect()
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
        try slow.send(head + "x")
        try quick.send(head + String(repeating: "y", count: 10_000))
        try eventually { server.server.bodyMemoryTaken == 200_000 }
        var sent = 10_000
        while sent < 90_000 {
            server.clock.advance(by: .seconds(4))
            try quick.send(String(repeating: "y", count: 10_000))
            sent += 10_000
            try arrive(at: server)
        }
        #expect(try slow.readReply().status == 408)
        try quick.send(String(repeating: "y", count: 10_000))
        #expect(try quick.readReply().status == 200)
        #expect(server.server.bodyMemoryTaken == 0)
    }

    @Test
    func `bytes sent at once buy no silence`() throws {
        let server = try HTTPServerFixture()
        let connection = try server.connect()
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
        try connection.send(head + String(repeating: "y", count: 90_000))
        try eventually { server.server.bodyMemoryTaken > 0 }
        try arrive(at: server)
        // Seconds would do where all bytes came at once; by their number they would buy a minute and a half.
        for _ in 0..<40 {
            server.clock.advance(by: .milliseconds(500))
            try arrive(at: server)
        }
        #expect(try connection.readReply().status == 408)
        #expect(server.server.bodyMemoryTaken == 0)
    }

    @Test(arguments: StreamKind.allCases)
    func `an answer that is not given yet has all the time it needs`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, _, exchange in held.add(exchange.detach()) }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        try eventually { held.count == 1 }
        server.clock.advance(by: .seconds(86_400))
        try arrive(at: server)
        held.take()?.respond(.text(200, "late"))
        #expect(try connection.readReply().text == "late")
    }

    @Test
    func `bodies beyond the memory wait, then get 503`() throws {
        let server = try HTTPServerFixture(bodyMemoryMax: 200 << 10)
        let first = try server.connect()
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 200000\r\n\r\n"
        try first.send(head + String(repeating: "x", count: 1000))
        try eventually { server.server.bodyMemoryTaken == 200_000 }
        let second = try server.connect()
        try second.send(head + String(repeating: "y", count: 1000))
        try eventually { server.server.bodiesWaitingCount == 1 }
        // It is counted before it notes the time.
        try arrive(at: server)
        for _ in 0..<15 {
            server.clock.advance(by: .seconds(2))
            // Fast enough even where one of them comes in a tick too late.
            try first.send(String(repeating: "x", count: 10_000))
            try arrive(at: server)
        }
        let reply = try second.readReply()
        #expect(reply.status == 503)
        #expect(reply.headers["Retry-After"] != nil)
        let small = try server.connect()
        try small.send(requestText("POST", "/in", body: "fits in one read"))
        #expect(try small.readReply().status == 200)
        let large = try server.connect()
        try large.send("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\nx")
        let refused = try large.readReply()
        #expect(refused.status == 413)
        #expect(refused.text.contains("server.max_body_memory"))
    }

    @Test(arguments: StreamKind.allCases)
    func `a body that waits for memory goes on when there is some`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind, bodyMemoryMax: 128 << 10) { _, body, exchange in
            exchange.respond(.text(200, String(body.byteCount)))
        }
        let first = try server.connect()
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n"
        try first.send(head + String(repeating: "x", count: 99_999))
        try eventually { server.server.bodyMemoryTaken == 100_000 }
        let second = try server.connect()
        try second.send(head + String(repeating: "y", count: 100_000))
        try eventually { server.server.bodiesWaitingCount == 1 }
        try first.send("x")
        #expect(try first.readReply().text == "100000")
        #expect(try second.readReply().text == "100000")
        #expect(server.server.bodyMemoryTaken == 0)
    }

    @Test
    func `a sender that stops sending loses its memory to the one that waits`() throws {
        let server = try HTTPServerFixture(bodyMemoryMax: 1 << 20)
        let head = "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 900000\r\n\r\n"
        let idle = try server.connect()
        // So few that they come with the head: more could come after the clock was moved on.
        try idle.send(head + String(repeating: "x", count: 1000))
        try eventually { server.server.bodyMemoryTaken == 900_000 }
        let other = try server.connect()
        try other.send(head + String(repeating: "y", count: 1000))
        try eventually { server.server.bodiesWaitingCount == 1 }
        try arrive(at: server)
        for _ in 0..<6 {
            server.clock.advance(by: .seconds(1))
            try arrive(at: server)
        }
        #expect(try idle.readReply().status == 408)
        try other.send(String(repeating: "y", count: 899_000))
        #expect(try other.readReply().status == 200)
    }
}
