import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// Requests for a route's path that the engine refuses by itself are shown to the handler.
@Suite struct RefusedTests {
    /// What was shown: route, method, path, status, and how much of the body was there.
    private final class Shown: Sendable {
        private let lines = Lock<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private static func server(
        _ kind: StreamKind,
        _ shown: Shown,
        _ held: Held? = nil,
        limits: ServerLimits = ServerLimits()
    ) throws -> HTTPServerFixture {
        let places = held == nil ? 0 : 1
        return try HTTPServerFixture(
            kind,
            limits: limits,
            admission: AdmissionSettings(maxConcurrentCount: places, maxQueuedCount: places),
            answer: { request, body, exchange in
                guard let held else { return HTTPServerFixture.echo(request, body, exchange) }
                held.add(exchange.detach())
            },
            onRefused: { request, body, problem in
                let method = request.method.name
                shown.add(
                    "\(request.routeID) \(method) \(request.path) \(problem.status) \(body.byteCount)"
                )
            }
        )
    }

    @Test(arguments: [
        (requestText("GET", "/in"), 405, "1 GET /in 405 0"),
        (requestText("DELETE", "/in?a=b", body: "four"), 405, "1 DELETE /in 405 4"),
        (requestText("POST", "/tasks/7", body: "x"), 405, "3 POST /tasks/7 405 1"),
        (requestText("POST", "/small", body: "{}"), 415, "4 POST /small 415 2"),
        (
            requestText(
                "POST",
                "/small",
                headers: ["Content-Type: application/json"],
                body: String(repeating: "x", count: 17)
            ), 413, "4 POST /small 413 0"
        ),
        (
            requestText(
                "POST",
                "/small",
                headers: ["Content-Type: application/json", "Transfer-Encoding: chunked"]
            ) + "8\r\n12345678\r\nb\r\n12345678901\r\n0\r\n\r\n", 413, "4 POST /small 413 8"
        ),
        (requestText("POST", "/in", headers: ["Expect: more"], body: "x"), 417, "1 POST /in 417 0"),
    ])
    func `for its method, size, media type or expectation`(
        _ text: String,
        _ status: Int,
        _ line: String
    ) throws {
        for kind in StreamKind.allCases {
            let shown = Shown()
            let server = try Self.server(kind, shown)
            let connection = try server.connect()
            try connection.send(text)
            #expect(try connection.readReply().status == status)
            #expect(shown.all == [line])
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `one that is taken, or for no route, is not`(_ kind: StreamKind) throws {
        let shown = Shown()
        let server = try Self.server(kind, shown)
        let connection = try server.connect()
        // After one that was refused, nothing of it is left for the next ones.
        try connection.send(requestText("GET", "/in"))
        #expect(try connection.readReply().status == 405)
        for (text, status) in [
            (requestText("POST", "/in", body: "x"), 200), (requestText("GET", "/nowhere"), 404),
            (requestText("OPTIONS", "/in"), 204), ("POST /in HTTP/1.1\r\nno field\r\n\r\n", 400),
        ] {
            try connection.send(text)
            #expect(try connection.readReply().status == status, "\(text)")
        }
        #expect(shown.all == ["1 GET /in 405 0"])
    }

    @Test(arguments: StreamKind.allCases)
    func `when there is no room, at once or after waiting`(_ kind: StreamKind) throws {
        let shown = Shown()
        let held = Held()
        let server = try Self.server(kind, shown, held)
        func send() throws -> RawConnection {
            let connection = try server.connect()
            try connection.send(requestText("POST", "/in", body: "text"))
            return connection
        }
        let first = try send()
        try eventually { held.count == 1 }
        let second = try send()
        try eventually { server.server.admissionCounts(site: 0) == (1, 1) }
        #expect(try send().readReply().status == 503)
        #expect(shown.all == ["1 POST /in 503 4"])
        server.clock.advance(by: .seconds(5))
        #expect(try second.readReply().status == 503)
        #expect(shown.all == ["1 POST /in 503 4", "1 POST /in 503 4"])
        held.take()?.respond(.empty(204))
        #expect(try first.readReply().status == 204)
    }
}
