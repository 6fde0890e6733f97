import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// Going down gently, and at once.
@Suite struct DrainTests {
    private final class Outcome: Sendable {
        private let value = Lock<Int?>(nil)
        var left: Int? { value.withLock { $0 } }
        func set(_ left: Int) { value.withLock { $0 = left } }
    }

    private func drain(_ server: HTTPServerFixture, seconds: Int64 = 30) -> Outcome {
        let outcome = Outcome()
        let deadline = server.clock.now.advanced(by: .seconds(seconds))
        server.server.drain(until: deadline) { outcome.set($0) }
        return outcome
    }

    @Test(arguments: StreamKind.allCases)
    func `idle connections are closed, and nothing is accepted`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind, threads: 2)
        let port = server.port
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        #expect(try connection.readReply().status == 200)
        let outcome = drain(server)
        // The connection may still send a request for a second, and is listened to for another after its end.
        try eventually {
            server.clock.advance(by: .seconds(1))
            return outcome.left == 0
        }
        #expect(try connection.isClosedByPeer())
        #expect(throws: (any Error).self) {
            let late = try RawConnection(port: port)
            try late.send(requestText("GET", "/out"))
            _ = try late.readReply()
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `an idle connection that sends a request meanwhile gets its answer`(
        _ kind: StreamKind
    ) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind, threads: 2) { request, _, exchange in
            if request.path == "/out" { return held.add(exchange.detach()) }
            exchange.respond(.text(200, "late"))
        }
        let busy = try server.connect()
        try busy.send(requestText("GET", "/out"))
        try eventually { held.count == 1 }
        let idle = try (0..<6).map { _ in try server.connect() }
        for connection in idle {
            try connection.send(requestText("POST", "/in", body: "1"))
            #expect(try connection.readReply().text == "late")
        }
        let outcome = drain(server)
        // For as long as another is busy, also beyond the second.
        for (number, connection) in idle.enumerated() {
            if number == 3 { server.clock.advance(by: .seconds(10)) }
            try connection.send(requestText("POST", "/in", body: "2"))
            let reply = try connection.readReply()
            #expect(reply.text == "late")
            #expect(reply.headers["Connection"] == "close")
            #expect(try connection.isClosedByPeer())
            connection.close()
        }
        #expect(outcome.left == nil)
        held.take()?.respond(.text(200, "done"))
        #expect(try busy.readReply().headers["Connection"] == "close")
        busy.close()
        try eventually { outcome.left == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `requests that were sent before are all answered, and the last answer says so`(
        _ kind: StreamKind
    )
        throws
    {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, _, exchange in held.add(exchange.detach()) }
        let connection = try server.connect()
        try connection.send((0..<300).map { _ in requestText("GET", "/out") }.joined())
        try eventually { held.count == 128 }
        let outcome = drain(server)
        var answered = 0
        while answered < 300 {
            try eventually { held.count > 0 }
            for exchange in held.takeAll() {
                exchange.respond(.text(200, "\(answered)"))
                answered += 1
            }
        }
        for number in 0..<300 {
            let reply = try connection.readReply()
            #expect(reply.text == "\(number)")
            #expect((reply.headers["Connection"] == "close") == (number == 299))
        }
        #expect(try connection.isClosedByPeer())
        connection.close()
        try eventually { outcome.left == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `a server without connections is drained at once`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let outcome = drain(server)
        try eventually { outcome.left == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `an answer that is due is given and says that it is the last`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, _, exchange in held.add(exchange.detach()) }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        try eventually { held.count == 1 }
        let outcome = drain(server)
        held.take()?.respond(.text(200, "last"))
        let reply = try connection.readReply()
        #expect(reply.text == "last")
        #expect(reply.headers["Connection"] == "close")
        #expect(try connection.isClosedByPeer())
        connection.close()
        try eventually { outcome.left == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `a request that is coming in is served`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send("POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nh")
        try eventually { server.server.bodyMemoryTaken > 0 }
        let outcome = drain(server)
        try connection.send("i")
        let reply = try connection.readReply()
        #expect(reply.text == "1 POST /in hi")
        #expect(reply.headers["Connection"] == "close")
        connection.close()
        try eventually { outcome.left == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `the deadline ends the waiting, and close ends the rest`(_ kind: StreamKind) throws {
        let held = Held()
        let server = try HTTPServerFixture(kind) { _, _, exchange in held.add(exchange.detach()) }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        try eventually { held.count == 1 }
        let outcome = drain(server, seconds: 5)
        server.clock.advance(by: .seconds(4))
        #expect(outcome.left == nil)
        server.clock.advance(by: .seconds(1))
        try eventually { outcome.left == 1 }
        server.server.close()
        #expect(try connection.isClosedByPeer())
        held.take()?.respond(.text(200, "nobody hears it"))
    }

    @Test(arguments: StreamKind.allCases)
    func `an exchange outlives its server without harm`(_ kind: StreamKind) throws {
        let held = Held()
        var server: HTTPServerFixture? = try HTTPServerFixture(
            kind,
            admission: AdmissionSettings(maxConcurrentCount: 1)
        ) { _, _, exchange in held.add(exchange.detach()) }
        let connection = try #require(try server?.connect())
        try connection.send(requestText("GET", "/out") + requestText("GET", "/out"))
        try eventually { held.count == 1 }
        server = nil
        held.take()?.respond(.text(200, "nobody hears it"))
        #expect(try connection.isClosedByPeer())
    }

    @Test(arguments: StreamKind.allCases)
    func `a server that was never started, or is closed, is drained at once`(
        _ kind: StreamKind
    ) throws {
        let server = try HTTPServerFixture(kind)
        server.server.close()
        let outcome = drain(server)
        try eventually { outcome.left == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `an address that is taken is told, and nothing listens`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let taken = server.port
        #expect(throws: (any Error).self) {
            _ = try RawServer.start(port: taken)
        }
    }
}
