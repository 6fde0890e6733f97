import HTTPEngine
import HTTPWire
import Loops
import Primitives
import TestKit
import Testing

/// Requests that are held beyond their handler's call, and handled on their loop afterwards.
@Suite struct HeldRequestTests {
    /// Holds every request to `/in` that is not resumed yet, and echoes the others.
    private final class Holding: RequestHandler {
        private let loop: EventLoop
        private let shelf: Shelf

        init(_ loop: EventLoop, _ shelf: Shelf) {
            self.loop = loop
            self.shelf = shelf
        }

        func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
            guard request.routeID == 1 else {
                return HTTPServerFixture.echo(request, body, exchange)
            }
            shelf.add(request.hold(body, exchange, on: loop))
        }
    }

    /// The requests that are held.
    private final class Shelf: Sendable {
        private let held = Lock<[HeldRequest]>([])

        func add(_ request: HeldRequest) { held.withLock { $0.append(request) } }

        func take() throws -> HeldRequest {
            try eventually("a request to be held") { held.withLock { !$0.isEmpty } }
            return held.withLock { $0.removeFirst() }
        }
    }

    private static func server(_ kind: StreamKind, _ shelf: Shelf) throws -> HTTPServerFixture {
        let factory = HandlerFactory { Holding($0, shelf) }
        return try HTTPServerFixture(
            kind,
            admission: AdmissionSettings(maxConcurrentCount: 2, maxQueuedCount: 8),
            routes: [
                Route(id: 1, methods: [.post, .get], path: "/in/{name}", handler: factory),
                Route(id: 2, methods: [.get], path: "/out", handler: factory),
            ]
        )
    }

    /// Handles a request on its loop, and tells what its handler saw.
    private static func resume(
        _ held: HeldRequest,
        _ answer: @escaping HTTPServerFixture.Answer
    ) {
        held.port.post { loop in held.resume(on: loop, answer) }
    }

    private static let tell: HTTPServerFixture.Answer = { request, body, exchange in
        var bytes: [UInt8] = []
        bytes.append(bytes: body)
        let fields = request.headers.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let parts = [
            request.method.name, request.rawTarget, request.version.text,
            request.parameter("name") ?? "-", fields, request.siteName, request.peerAddress,
            String(request.routeID), String(decoding: bytes, as: UTF8.self),
        ]
        exchange.respond(.text(200, parts.joined(separator: "|")))
    }

    @Test(arguments: StreamKind.allCases)
    func `a request that was held is handled as it came`(_ kind: StreamKind) throws {
        let shelf = Shelf()
        let server = try Self.server(kind, shelf)
        let connection = try server.connect()
        try connection.send(
            "POST /in/a%20b?c=d%26 HTTP/1.1\r\nHost: h\r\nX-Empty:\r\nX-Two: 1\r\nx-two:  2 \r\n"
                + "Content-Length: 3\r\n\r\nabc"
        )
        Self.resume(try shelf.take(), Self.tell)
        let reply = try connection.readReply()
        #expect(
            reply.text
                == "POST|/in/a%20b?c=d%26|HTTP/1.1|a b|host=h&x-empty=&x-two=1&x-two=2&content-length=3"
                + "|test|127.0.0.1|1|abc"
        )
        // One of HTTP/1.0, without any field, and one whose body came in chunks.
        let old = try server.connect()
        try old.send("GET /in/x HTTP/1.0\r\n\r\n")
        Self.resume(try shelf.take(), Self.tell)
        #expect(try old.readReply().text == "GET|/in/x|HTTP/1.0|x||test|127.0.0.1|1|")
        try connection.send(
            "POST /in/y HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n"
        )
        Self.resume(try shelf.take(), Self.tell)
        #expect(
            try connection.readReply().text
                == "POST|/in/y|HTTP/1.1|y|host=h&transfer-encoding=chunked|test|127.0.0.1|1|abc"
        )
    }

    @Test(arguments: StreamKind.allCases)
    func `answers keep their order, and a place is given back once`(_ kind: StreamKind) throws {
        let shelf = Shelf()
        let server = try Self.server(kind, shelf)
        for _ in 0..<4 {
            let connection = try server.connect()
            try connection.send(
                requestText("POST", "/in/1", body: "x") + requestText("GET", "/out")
            )
            let held = try shelf.take()
            try arrive(at: server)
            Self.resume(held, Self.tell)
            #expect(try connection.readReply().text.hasSuffix("|x"))
            #expect(try connection.readReply().text == "2 GET /out ")
        }
    }

    @Test func `a request whose client is gone is handled all the same`() throws {
        let shelf = Shelf()
        let server = try Self.server(.tcp, shelf)
        let connection = try server.connect()
        try connection.send(requestText("POST", "/in/1", body: "body"))
        let held = try shelf.take()
        connection.reset()
        try eventually("the connection to be gone") { server.server.connectionsCount == 0 }
        let seen = Lock("")
        Self.resume(held) { request, body, exchange in
            let text = "\(request.path) \(body.byteCount) \(request.peerAddress)"
            seen.withLock { $0 = text }
            exchange.respond(.text(200, "to nobody"))
        }
        try eventually("the request to be handled") { seen.withLock { !$0.isEmpty } }
        #expect(seen.withLock { $0 } == "/in/1 4 127.0.0.1")
    }

    @Test(arguments: StreamKind.allCases)
    func `every way to answer works for a request that was held`(_ kind: StreamKind) throws {
        let shelf = Shelf()
        let server = try Self.server(kind, shelf)
        let connection = try server.connect()
        func ask() throws -> HeldRequest {
            try connection.send(requestText("POST", "/in/1", body: "x"))
            return try shelf.take()
        }
        Self.resume(try ask()) { _, _, exchange in
            exchange.respondFast(status: 202, body: Array("{}".utf8).span)
        }
        #expect(try connection.readReply().status == 202)
        Self.resume(try ask()) { request, body, exchange in
            let kept = request.keep(body)
            let pending = exchange.detach()
            pending.respond(.text(200, String(decoding: kept.bytes, as: UTF8.self)))
        }
        #expect(try connection.readReply().text == "x")
        Self.resume(try ask()) { _, _, exchange in
            exchange.respond(Problem(status: 401, code: .unauthorized))
        }
        #expect(try connection.readReply().status == 401)
        Self.resume(try ask()) { _, _, exchange in
            let stream = exchange.stream(status: 200, contentType: "text/plain")
            _ = stream.write(Array("piece".utf8))
            stream.finish()
        }
        #expect(try connection.readReply().text == "piece")
        // One that its handler forgets, and one that is let go before that.
        Self.resume(try ask()) { _, _, _ in }
        #expect(try connection.readReply().status == 500)
        _ = try ask()
        #expect(try connection.readReply().status == 500)
    }

    @Test func `who sent a request is known while it is handled, and not to the next`() throws {
        let server = try HTTPServerFixture { request, _, exchange in
            let before = request.sender ?? "-"
            request.setSender("github")
            let during = request.sender ?? "-"
            request.setSender(nil)
            exchange.respond(.text(200, "\(before) \(during) \(request.sender ?? "-")"))
        }
        let connection = try server.connect()
        for _ in 0..<2 {
            try connection.send(requestText("GET", "/out"))
            #expect(try connection.readReply().text == "- github -")
        }
    }
}
