import HTTPWire
import Loops
import Primitives
import TestKit
import Testing

@testable import HTTPEngine

/// Several sites on one address, told apart by host and path.
@Suite struct SharedAddressTests {
    /// A site that answers with its name.
    private static func site(
        _ name: String,
        hosts: [String] = [],
        basePath: String = "",
        _ routes: [(Method, String)],
        port: UInt16,
        limits: ServerLimits = ServerLimits()
    ) throws -> Site {
        Site(
            name: name,
            addresses: [ListenAddress(host: "127.0.0.1", port: port)],
            hosts: try hosts.map { try #require(HostPattern($0), "\($0)") },
            basePath: basePath,
            routes: routes.enumerated().map { Route(id: $0, methods: [$1.0], path: $1.1) },
            limits: limits
        ) { _ in
            ClosureHandler { request, _, exchange in
                exchange.respond(
                    .text(200, "\(request.siteName) \(request.parameter("id") ?? "-")")
                )
            }
        }
    }

    private static func sites(port: UInt16) throws -> [Site] {
        [
            try site(
                "hooks",
                hosts: ["hooks.example.com", "127.0.0.1", "[::1]"],
                [(.post, "/in"), (.get, "/in/{id}")],
                port: port
            ),
            try site(
                "api",
                hosts: ["API.example.com."],
                basePath: "/v1",
                [(.get, "/runs")],
                port: port
            ),
            try site(
                "deep",
                hosts: ["api.example.com"],
                basePath: "/v1/deep",
                [(.get, "/x")],
                port: port
            ),
            try site("wild", hosts: ["*.example.com"], [(.get, "/in"), (.get, "/w")], port: port),
            try site("wilder", hosts: ["*.a.example.com"], [(.get, "/w")], port: port),
            try site("any", [(.get, "/in"), (.put, "/both"), (.get, "/v1/runs")], port: port),
            try site("more", basePath: "/more", [(.get, "/x"), (.get, "/y")], port: port),
            try site("other", [(.delete, "/both")], port: port),
        ]
    }

    /// A server on a port that was free a moment ago, which sites need to share it.
    private static func start(_ sites: (UInt16) throws -> [Site]) throws -> (HTTPServer, LoopGroup)
    {
        let group = try LoopGroup(threads: 1, name: "shared")
        for _ in 0..<20 {
            let probe = try group.listen(ListenAddress(host: "127.0.0.1", port: 0)) { $0.close() }
            let port = probe.port
            probe.close()
            try group.onEach { _ in }
            do {
                let server = try HTTPServer(group: group, sites: sites(port), log: .silent)
                try server.start()
                return (server, group)
            } catch LoopError.addressInUse {
                continue
            }
        }
        throw KitError.missing("a free port")
    }

    /// Requests: method, target, host, and the status and text that they get.
    private static let cases: [(String, String, String, Int, String?)] = [
        // The host that is named, in any form (RFC 9110, 4.2.3 and 7.2).
        ("POST", "/in", "hooks.example.com", 200, "hooks -"),
        ("POST", "/in", "HOOKS.Example.COM", 200, "hooks -"),
        ("POST", "/in", "hooks.example.com:8443", 200, "hooks -"),
        ("POST", "/in", "hooks.example.com.", 200, "hooks -"),
        ("POST", "/in", "hooks.example.com.:80", 200, "hooks -"),
        ("POST", "/in", "127.0.0.1:9", 200, "hooks -"),
        ("POST", "/in", "[::1]:9", 200, "hooks -"),
        ("GET", "/in/7", "hooks.example.com", 200, "hooks 7"),
        // An absolute target's host counts, and the field beside it does not (RFC 9112, 3.2.2).
        ("POST", "http://hooks.example.com/in", "elsewhere.test", 200, "hooks -"),
        ("GET", "https://x.example.com:1/w", "hooks.example.com", 200, "wild -"),
        // A longer base path first, and on its segments.
        ("GET", "/v1/runs", "api.example.com", 200, "api -"),
        ("GET", "/v1/deep/x", "api.example.com", 200, "deep -"),
        ("GET", "/v1/deepx", "api.example.com", 404, nil),
        // Wildcards: any labels before, the longest first, not the name itself.
        ("GET", "/w", "b.example.com", 200, "wild -"),
        ("GET", "/w", "c.b.example.com", 200, "wild -"),
        ("GET", "/w", "x.a.example.com", 200, "wilder -"),
        ("GET", "/in", "x.a.example.com", 200, "wild -"),
        ("GET", "/w", "example.com", 404, nil),
        ("GET", "/w", "badexample.com", 404, nil),
        // A site without hosts takes the rest, also of hosts that others name.
        ("GET", "/in", "nobody.test", 200, "any -"),
        ("GET", "/more/x", "hooks.example.com", 200, "more -"),
        ("GET", "/more", "nobody.test", 404, nil),
        ("PUT", "/both", "nobody.test", 200, "any -"),
        ("DELETE", "/both", "nobody.test", 200, "other -"),
        ("GET", "/in", "hooks.example.com", 200, "wild -"),
    ]

    @Test(arguments: [false, true])
    func `a request goes to the site of its host and path`(isSealed: Bool) throws {
        let (server, group) = try Self.start { try Self.sites(port: $0) }
        defer {
            server.close()
            group.stop()
        }
        let ports = server.boundPorts
        #expect(ports.count == 8 && Set(ports.joined()).count == 1)
        let door = MemoryDoor(group, server)
        let connection = RawConnection(over: try door.connect(isSealed: isSealed, site: 3))
        // One connection for all: each twice, so that heads repeat.
        for (method, target, host, status, text) in Self.cases + Self.cases.reversed() {
            for _ in 0..<2 {
                try connection.send("\(method) \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n")
                let reply = try connection.readReply()
                #expect(reply.status == status, "\(method) \(target) \(host): \(reply.text)")
                if let text { #expect(reply.text == text, "\(method) \(target) \(host)") }
            }
        }
        try connection.send("DELETE /in HTTP/1.1\r\nHost: nobody.test\r\n\r\n")
        #expect(try connection.readReply().headers["Allow"] == "GET, HEAD, OPTIONS")
        try connection.send("OPTIONS /both HTTP/1.1\r\nHost: nobody.test\r\n\r\n")
        #expect(try connection.readReply().headers["Allow"] == "PUT, DELETE, OPTIONS")
    }

    @Test func `a host that no site takes is 421, and the connection lives on`() throws {
        let (server, group) = try Self.start { port in
            [try Self.site("one", hosts: ["one.test"], [(.get, "/")], port: port)]
        }
        defer {
            server.close()
            group.stop()
        }
        let connection = try RawConnection(port: Int(server.boundPorts[0][0]))
        for (host, status) in [("two.test", 421), ("one.test", 200), ("x.one.test", 421)] {
            try connection.send("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")
            let reply = try connection.readReply()
            #expect(reply.status == status)
            #expect(status == 200 || reply.text.contains("host_unknown"))
        }
        try connection.send("GET / HTTP/1.0\r\n\r\n")
        #expect(try connection.readReply().status == 421, "HTTP/1.0 may name none")
    }

    @Test func `two sites that take the same requests are told at start`() throws {
        let group = try LoopGroup(threads: 1, name: "shared")
        defer { group.stop() }
        func make(_ first: [String], _ second: [String], _ path: String) throws {
            _ = try HTTPServer(
                group: group,
                sites: [
                    try Self.site("a", hosts: first, basePath: "/x", [(.get, "/{one}")], port: 1),
                    try Self.site("b", hosts: second, [(.get, path)], port: 1),
                ],
                log: .silent
            )
        }
        let error = RouteError.shared(path: "/x/{one}", first: "a", second: "b")
        #expect(throws: error) { try make([], [], "/x/{two}") }
        #expect(throws: error) { try make(["H.test"], ["h.test.", "g.test"], "/x/{two}") }
        #expect(throws: error) { try make(["*.test"], ["*.TEST"], "/x/{two}") }
        try make(["h.test"], ["g.test"], "/x/{two}")
        try make(["h.test"], [], "/x/{two}")
        try make(["*.test"], ["h.test"], "/x/{two}")
        try make([], [], "/x/two")
    }

    @Test func `a host is a name, an address, or all names below one`() {
        for text in ["a", "a-b.c_d.test", "A.test.", "*.a.test", "10.0.0.1", "[2001:db8::1]"] {
            #expect(HostPattern(text) != nil, "\(text)")
        }
        for text in [
            "", "*", "*.", ".a", "a b", "a:80", "a/b", "*.*.a", "a.*", "[::1", "::1", "*.[::1]",
            "ä.test",
            "[]",
        ] {
            #expect(HostPattern(text) == nil, "\(text)")
        }
    }
}
