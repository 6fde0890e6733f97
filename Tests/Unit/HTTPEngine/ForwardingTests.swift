import HTTPEngine
import HTTPWire
import Primitives
import TestKit
import Testing

/// Who sent a request that came through proxies; the tests' own connection is the proxy, at 127.0.0.1.
@Suite struct ForwardingTests {
    /// Answers with the client, the peer, and what the client called this server.
    private static let tell: HTTPServerFixture.Answer = { request, _, exchange in
        let origin = request.origin
        exchange.respond(
            .text(
                200,
                "\(request.clientAddress) \(request.peerAddress) \(origin.scheme) \(origin.authority)"
            )
        )
    }

    private func told(
        _ headers: [String],
        trusting proxies: [String],
        limits: ServerLimits = ServerLimits()
    ) throws -> [String] {
        let server = try HTTPServerFixture(
            limits: limits,
            trustedProxies: proxies,
            answer: Self.tell
        )
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out", headers: headers))
        let reply = try connection.readReply()
        #expect(reply.status == 200)
        return reply.text.split(separator: " ").map(String.init)
    }

    private func client(_ headers: [String], trusting proxies: [String]) throws -> String {
        try #require(try told(headers, trusting: proxies).first)
    }

    private static let own = ["127.0.0.0/8"]
    private static let all = ["127.0.0.0/8", "10.0.0.0/8", "2001:db8:1::/48"]

    @Test func `a peer that is no trusted proxy is the client, whatever it says`() throws {
        let lies = [
            "X-Forwarded-For: 203.0.113.9", "Forwarded: for=203.0.113.9;proto=https;host=evil",
            "X-Forwarded-Proto: https", "X-Forwarded-Host: evil",
        ]
        for proxies in [[], ["10.0.0.0/8"], ["::1", "127.0.0.2"]] {
            #expect(try told(lies, trusting: proxies) == ["127.0.0.1", "127.0.0.1", "http", "a"])
        }
    }

    @Test(arguments: [
        (["X-Forwarded-For: 203.0.113.9"], "203.0.113.9"),
        (["X-Forwarded-For: 6.6.6.6, 203.0.113.9"], "203.0.113.9"),
        (["X-Forwarded-For: 6.6.6.6", "X-Forwarded-For: 203.0.113.9"], "203.0.113.9"),
        (["X-Forwarded-For: 203.0.113.9, 10.0.0.7"], "203.0.113.9"),
        (["X-Forwarded-For: 6.6.6.6, 203.0.113.9,10.1.1.1 , 10.0.0.7"], "203.0.113.9"),
        (["X-Forwarded-For: 203.0.113.9:4711"], "203.0.113.9"),
        (["X-Forwarded-For: [2001:DB8:0:0::9]:443"], "2001:db8::9"),
        (["X-Forwarded-For: ::ffff:203.0.113.9"], "203.0.113.9"),
        (["X-Forwarded-For: 2001:db8::9, 2001:db8:1::5"], "2001:db8::9"),
        (["Forwarded: for=203.0.113.9"], "203.0.113.9"),
        (["Forwarded: For=\"[2001:db8::9]:4711\";proto=https;by=_x"], "2001:db8::9"),
        (["Forwarded: for=6.6.6.6, for=203.0.113.9;host=\"a,b\", for=10.0.0.7"], "203.0.113.9"),
        (["Forwarded: for=\"", "Forwarded: for=203.0.113.9"], "203.0.113.9"),
        (["Forwarded: for=\", for=203.0.113.9"], "203.0.113.9"),
        (["Forwarded: for=203.0.113.9", "X-Forwarded-For: 203.0.113.9"], "203.0.113.9"),
    ])
    func `the fields are read from their end, past trusted hops`(
        _ headers: [String],
        _ expected: String
    ) throws {
        #expect(try client(headers, trusting: Self.all) == expected)
    }

    @Test(arguments: [
        ([], "127.0.0.1"),
        (["X-Forwarded-For: "], "127.0.0.1"),
        (["X-Forwarded-For: unknown"], "127.0.0.1"),
        (["X-Forwarded-For: 203.0.113.9, nonsense, 10.0.0.7"], "10.0.0.7"),
        (["X-Forwarded-For: 203.0.113.9,, 10.0.0.7"], "10.0.0.7"),
        (["X-Forwarded-For: 203.0.113.9.1, 10.0.0.7"], "10.0.0.7"),
        (["X-Forwarded-For: 203.0.113.9:x y, 10.0.0.7"], "10.0.0.7"),
        (["X-Forwarded-For: 10.0.0.9, 10.0.0.7"], "10.0.0.9"),
        (["Forwarded: for=203.0.113.9, for=_hidden, for=10.0.0.7"], "10.0.0.7"),
        (["Forwarded: for=203.0.113.9, proto=https, for=10.0.0.7"], "10.0.0.7"),
        (["Forwarded: for=203.0.113.9, for=\"1.2.3.4\\\"\", for=10.0.0.7"], "10.0.0.7"),
        (["Forwarded: for=\"203.0.113.9"], "127.0.0.1"),
    ])
    func `what cannot be read leaves the last hop that can`(
        _ headers: [String],
        _ expected: String
    ) throws {
        #expect(try client(headers, trusting: Self.all) == expected)
    }

    @Test func `two fields that contradict each other leave the client unknown, and in no network`()
        throws
    {
        let headers = [
            "Forwarded: for=10.0.0.1;proto=https;host=evil", "X-Forwarded-For: 203.0.113.9",
        ]
        let told = try told(headers, trusting: Self.own)
        #expect(told == [RequestOrigin.unknown, "127.0.0.1", "http", "a"])
        #expect(IPAddress(told[0]) == nil)
    }

    @Test(arguments: [
        (["X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: https"], "https", "a"),
        (
            [
                "X-Forwarded-For: 203.0.113.9", "X-Forwarded-Proto: HTTPS",
                "X-Forwarded-Host: hooks.example.com:8443",
            ],
            "https", "hooks.example.com:8443"
        ),
        (
            [
                "X-Forwarded-For: 203.0.113.9, 10.0.0.7", "X-Forwarded-Proto: ftp, https, http",
                "X-Forwarded-Host: evil, real.example, inner",
            ],
            "https", "real.example"
        ),
        (["X-Forwarded-Proto: gopher", "X-Forwarded-Host: a b"], "http", "a"),
        (
            [
                "Forwarded: for=203.0.113.9;proto=https;host=\"hooks.example.com\", for=10.0.0.7;host=x"
            ],
            "https", "hooks.example.com"
        ),
        (["Forwarded: for=203.0.113.9;host=\"a/b\""], "http", "a"),
    ])
    func `scheme and host are those that the proxy at the edge was called by`(
        _ headers: [String],
        _ scheme: String,
        _ authority: String
    ) throws {
        let told = try told(headers, trusting: Self.all)
        #expect(Array(told.suffix(2)) == [scheme, authority])
    }

    @Test func `a list of ten thousand hops is followed for a hundred, and read once`() throws {
        var limits = ServerLimits()
        limits.wire.headerBytesMax = 1 << 20
        let hops = (0..<10_000).map { "10.0.\($0 / 250).\($0 % 250)" }.joined(separator: ", ")
        let trusted = try told(
            ["X-Forwarded-For: \(hops)"],
            trusting: Self.all,
            limits: limits
        )
        #expect(trusted[0] == "10.0.39.150", "the hundredth from the end")
        let other = try told(
            ["X-Forwarded-For: \(hops)"],
            trusting: Self.own,
            limits: limits
        )
        #expect(other[0] == "10.0.39.249")
        let quotes = String(repeating: "\"", count: 100_001)
        let open = try told(["Forwarded: \(quotes)"], trusting: Self.own, limits: limits)
        #expect(open[0] == "127.0.0.1")
    }

    @Test func `a gate and a report of a problem know the client`() throws {
        let server = try HTTPServerFixture(
            trustedProxies: Self.own,
            gates: [OneClient("203.0.113.9")],
            answer: Self.tell
        )
        let connection = try server.connect()
        for (client, status) in [("203.0.113.9", 200), ("203.0.113.10", 403)] {
            let header = "X-Forwarded-For: \(client)"
            try connection.send(requestText("GET", "/out", headers: [header]))
            #expect(try connection.readReply().status == status)
        }
        let report = try #require(server.reports.all.first)
        #expect(report.line.client == "203.0.113.10")
        #expect(report.peer == "127.0.0.1")
    }

    /// Lets one client in.
    private final class OneClient: RequestGate {
        private let client: String

        init(_ client: String) { self.client = client }

        func check(_ request: borrowing Request) throws(Problem) {
            guard request.clientAddress == client else {
                throw Problem(status: 403, code: .originForbidden)
            }
        }
    }
}

/// How addresses are written.
@Suite struct AddressTextTests {
    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("2001:0DB8::0001", "2001:db8::1"), ("::", "::"),
        ("::1", "::1"), ("1::", "1::"), ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"),
        ("::ffff:1.2.3.4", "1.2.3.4"),
    ])
    func `an address is written as RFC 5952 wants it`(_ text: String, _ canonical: String) {
        #expect(IPAddress(text)?.text == canonical)
    }
}
