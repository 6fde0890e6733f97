import HTTPEngine
import HTTPWire
import Loops
import Primitives
import Synchronization
import TestKit
import Testing

/// What may refuse a request by its head, and who answers which route.
@Suite struct GateTests {
    /// Lets so many requests in, and refuses further ones; a request with `x-blocked` always.
    private final class Bound: RequestGate {
        private let left: Atomic<Int>
        private let seen = Lock<[UUIDv7]>([])

        init(_ count: Int) {
            left = Atomic(count)
        }

        var ids: [UUIDv7] { seen.withLock { $0 } }

        func check(_ request: borrowing Request) throws(Problem) {
            let id = request.requestID
            seen.withLock { $0.append(id) }
            if request.header("x-blocked") != nil {
                throw Problem(status: 403, code: .originForbidden, detail: "Not from there.")
            }
            guard left.wrappingSubtract(1, ordering: .relaxed).oldValue > 0 else {
                throw Problem(status: 429, code: .overloaded, headers: [("X-Gate", "full")])
            }
        }
    }

    @Test(arguments: StreamKind.allCases)
    func `a gate is asked for each request, also where the head repeats the one before`(
        _ kind: StreamKind
    ) throws {
        let gate = Bound(3)
        let server = try HTTPServerFixture(kind, gates: [gate])
        let connection = try server.connect()
        var statuses: [Int] = []
        var ids: [String?] = []
        for _ in 0..<5 {
            try connection.send(requestText("POST", "/in", body: "12"))
            let reply = try connection.readReply()
            statuses.append(reply.status)
            ids.append(reply.headers["X-Request-Id"])
            if reply.status == 429 { #expect(reply.headers["X-Gate"] == "full") }
        }
        #expect(statuses == [200, 200, 200, 429, 429])
        #expect(ids == gate.ids.map(\.text), "a gate knows the id that the answer has")
    }

    @Test(arguments: StreamKind.allCases)
    func `a refusal comes before the body is asked for, or read where it is large`(
        _ kind: StreamKind
    ) throws {
        let server = try HTTPServerFixture(kind, gates: [Bound(100)])
        let waiting = try server.connect()
        let blocked = "POST /in HTTP/1.1\r\nHost: a\r\nX-Blocked: 1\r\n"
        try waiting.send(blocked + "Content-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        #expect(try waiting.readReply().status == 403, "and no 100")
        #expect(try waiting.isClosedByPeer())
        let large = try server.connect()
        try large.send(blocked + "Content-Length: 900000\r\n\r\nx")
        #expect(try large.readReply().status == 403)
        #expect(try large.isClosedByPeer())
        #expect(server.server.bodyMemoryTaken == 0)
        let small = try server.connect()
        try small.send(blocked + "Content-Length: 5\r\n\r\n12345" + requestText("GET", "/out"))
        #expect(try small.readReply().status == 403)
        #expect(try small.readReply().status == 200, "a small body is passed over")
        let welcome = try server.connect()
        try welcome.send(
            "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        )
        #expect(try welcome.readReply().status == 100)
        try welcome.send("ok")
        #expect(try welcome.readReply().text == "1 POST /in ok")
    }

    @Test func `who may not ask is not told what else was wrong, and nobody asks about no route`()
        throws
    {
        let gate = Bound(0)
        let server = try HTTPServerFixture(gates: [gate])
        let connection = try server.connect()
        let json = ["Content-Type: text/plain"]
        try connection.send(requestText("POST", "/small", headers: json, body: "x"))
        #expect(try connection.readReply().status == 429, "and not 415")
        try connection.send(
            requestText("GET", "/nowhere") + requestText("GET", "/in")
                + requestText("OPTIONS", "/in")
        )
        for status in [404, 405, 204] { #expect(try connection.readReply().status == status) }
        #expect(gate.ids.count == 1)
    }

    @Test func `a handler and gates belong to their route`() throws {
        let made = Lock<[String]>([])
        let gate = Bound(1)
        func answering(_ text: String) -> HandlerFactory {
            HandlerFactory { loop in
                made.withLock { $0.append("\(text) \(loop.index)") }
                return ClosureHandler { request, _, exchange in
                    exchange.respond(.text(200, "\(text) \(request.routeID)"))
                }
            }
        }
        let (one, two) = (answering("one"), answering("two"))
        let server = try HTTPServerFixture(
            threads: 2,
            routes: [
                Route(id: 1, methods: [.get], path: "/a", handler: one),
                Route(id: 2, methods: [.get], path: "/b", handler: one),
                Route(id: 3, methods: [.get], path: "/c", gates: [gate], handler: two),
                Route(id: 4, methods: [.get], path: "/d"),
            ]
        )
        let connection = try server.connect()
        for (path, status, text) in [
            ("/a", 200, "one 1"), ("/b", 200, "one 2"), ("/c", 200, "two 3"), ("/c", 429, nil),
            ("/d", 200, "4 GET /d "), ("/a", 200, "one 1"),
        ] as [(String, Int, String?)] {
            try connection.send(requestText("GET", path))
            let reply = try connection.readReply()
            #expect(reply.status == status)
            if let text { #expect(reply.text == text) }
        }
        #expect(made.withLock { $0.sorted() } == ["one 0", "one 1", "two 0", "two 1"])
    }
}
