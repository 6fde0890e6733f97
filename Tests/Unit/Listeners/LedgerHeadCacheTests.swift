import HTTPEngine
import HTTPWire
import Loops
import Primitives
import TestKit
import Testing

@testable import Journal
@testable import Listeners

/// Heads that are kept for the ledger, over real connections.
@Suite struct LedgerHeadCacheTests {
    /// What was found for each request.
    private final class Found: Sendable {
        let heads = Lock<[TraceHead]>([])
    }

    /// Asks for the head of every request, and answers.
    private final class Handler: RequestHandler {
        private let known = LedgerHeadCache()
        private let mask = RequestRedactor(key: (1, 2))
        private let found: Found

        init(_ found: Found) {
            self.found = found
        }

        func handle(_ request: borrowing Request, body: RawSpan, exchange: borrowing Exchange) {
            let head = known.head(of: request, mask: mask)
            found.heads.withLock { $0.append(head) }
            exchange.respond(Response(status: 200))
        }
    }

    private func heads(_ requests: [String]) throws -> [TraceHead] {
        let group = try LoopGroup(threads: 1, name: "heads")
        defer { group.stop() }
        let found = Found()
        let site = Site(
            name: "heads",
            addresses: [ListenAddress(host: "127.0.0.1", port: 0)],
            routes: [Route(id: 0, methods: [.post, .put], path: "/a")]
        ) { _ in Handler(found) }
        let server = try HTTPServer(group: group, sites: [site], log: .silent)
        try server.start()
        defer { server.close() }
        let connection = try RawConnection(port: Int(server.boundPorts[0][0]))
        defer { connection.close() }
        for request in requests {
            try connection.send(request)
            _ = try connection.readReply()
        }
        return found.heads.withLock { $0 }
    }

    private func request(_ fields: String, method: String = "POST") -> String {
        "\(method) /a?token=secret HTTP/1.1\r\nHost: h\r\n\(fields)Content-Length: 0\r\n\r\n"
    }

    @Test func `a head that comes again is the same, and not made again`() throws {
        let same = request("X-Note: a\r\n")
        let heads = try heads([same, same, request("X-Note: b\r\n"), same])
        #expect(heads[0] === heads[1])
        #expect(heads[2] !== heads[0])
        #expect(heads[3].headers == heads[0].headers)
        #expect(heads[2].headers != heads[0].headers)
    }

    @Test func `another method is another head, though all bytes behind it are the same`() throws {
        let heads = try heads([request(""), request("", method: "PUT")])
        #expect(heads.map(\.method) == ["POST", "PUT"])
    }

    @Test func `secrets are hidden in what is kept`() throws {
        let heads = try heads([request("")])
        #expect(heads[0].target.hasPrefix("/a?token=hash:"))
    }

    @Test func `a long head is not kept, and told all the same`() throws {
        let long = request("X-Note: \(String(repeating: "n", count: 5000))\r\n")
        let heads = try heads([long, long])
        #expect(heads[0] !== heads[1])
        #expect(heads[0].headers == heads[1].headers)
    }
}
