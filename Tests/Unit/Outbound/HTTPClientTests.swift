import Loops
import Outbound
import Primitives
import Testing

@Suite struct HTTPClientTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-A: 1\r\nX-a: 2\r\n\r\nhi"

    @Test func `an answer comes back whole`() throws {
        let server = try OutboundServerFixture.saying(HTTPClientTests.ok)
        try withClient { client in
            let response = try client.fetch(OutboundRequest(url: server.url("/a?b=c")))
            #expect(response.status == 200)
            #expect(response.body == Array("hi".utf8))
            #expect(response.headers.map(\.value) == ["2", "1", "2"])
            #expect(response.header("x-A") == "1")
            #expect(response.effectiveURL == server.url("/a?b=c"))
        }
    }

    @Test(arguments: [
        ("200 OK", "text/x; charset=utf-8", true), ("200 OK", "text/y", false),
        ("404 Not Found", "text/x", false),
    ])
    func `a listener hears what is of its type, and the body is whole all the same`(
        status: String,
        type: String,
        isHeard: Bool
    ) throws {
        let server = try OutboundServerFixture.saying(
            "HTTP/1.1 \(status)\r\nContent-Length: 2\r\nContent-Type: \(type)\r\n\r\nhi"
        )
        let heard = Lock<[UInt8]>([])
        try withClient { client in
            var request = OutboundRequest(url: server.url("/a"))
            request.bodyListener = BodyListener(mediaType: "text/x") { bytes in
                heard.withLock { $0 += bytes }
            }
            let body = try client.fetch(request).body
            #expect(body == Array("hi".utf8))
        }
        #expect(heard.withLock { $0 } == (isHeard ? Array("hi".utf8) : []))
    }

    @Test func `a request is sent as it is given`() throws {
        let server = try OutboundServerFixture.saying(HTTPClientTests.ok)
        try withClient { client in
            let body = [UInt8](repeating: 65, count: 3_000_000)
            _ = try client.fetch(
                OutboundRequest(
                    method: "PUT",
                    url: server.url(),
                    headers: [
                        ("X-One", "1"), ("X-Empty", ""), ("Content-Type", "text/plain"),
                        ("X-One", "zwei ü"), ("Content-Length", "7"),
                    ],
                    body: body
                )
            )
            let seen = try #require(server.requests.first)
            #expect(seen.line == "PUT / HTTP/1.1")
            #expect(seen.values("x-one") == ["1", "zwei ü"])
            #expect(seen.values("x-empty") == [""])
            #expect(seen.values("content-type") == ["text/plain"])
            #expect(seen.values("content-length") == ["3000000"])
            #expect(seen.values("expect") == [])
            #expect(seen.values("user-agent") == ["sluice/test"])
            #expect(seen.body == body)
        }
    }

    @Test(
        arguments: [
            ("GET", nil, [] as [String]), ("HEAD", nil, []), ("DELETE", nil, []),
            ("OPTIONS", nil, []),
            ("POST", nil, ["0"]), ("PATCH", nil, ["0"]), ("PUT", [], ["0"]),
            ("GET", [1, 2], ["2"]),
            ("DELETE", [1], ["1"]), ("POST", [0, 13, 10], ["3"]), ("PURGE", nil, []),
        ] as [(String, [UInt8]?, [String])]
    )
    func `every method is framed by its body`(
        _ method: String,
        _ body: [UInt8]?,
        _ length: [String]
    ) throws {
        let server = try OutboundServerFixture.saying(
            "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
        )
        try withClient { client in
            let request = OutboundRequest(
                method: method,
                url: server.url(),
                headers: [("User-Agent", "mine")],
                body: body
            )
            let response = try client.fetch(request)
            #expect(response.status == 204)
            let seen = try #require(server.requests.first)
            #expect(seen.line == "\(method) / HTTP/1.1")
            #expect(seen.values("content-length") == length)
            #expect(seen.values("content-type") == [])
            #expect(seen.values("user-agent") == ["mine"])
            #expect(seen.body == body ?? [])
        }
    }

    @Test func `a chunked answer is put together`() throws {
        let server = try OutboundServerFixture.saying(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\nT: 1\r\n\r\n"
        )
        try withClient { client in
            let response = try client.fetch(OutboundRequest(url: server.url()))
            #expect(response.body == Array("abcde".utf8))
        }
    }

    @Test func `a compressed answer is decoded, unless the request says how it wants it`() throws {
        // "hello" by gzip -n.
        let packed: [UInt8] = [
            31, 139, 8, 0, 0, 0, 0, 0, 0, 3, 203, 72, 205, 201, 201, 7, 0, 134, 166, 16, 54, 5, 0,
            0, 0,
        ]
        let head =
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: \(packed.count)\r\n\r\n"
        let server = try OutboundServerFixture { $1.write(Array(head.utf8) + packed) }
        try withClient { client in
            let plain = try client.fetch(OutboundRequest(url: server.url()))
            #expect(plain.body == Array("hello".utf8))
            #expect(
                server.requests.first?.values("accept-encoding").first?.contains("gzip") == true
            )
            let raw = try client.fetch(
                OutboundRequest(url: server.url(), headers: [("Accept-Encoding", "gzip")])
            )
            #expect(raw.body == packed)
        }
    }

    @Test func `a connection is used again`() throws {
        let server = try OutboundServerFixture.saying(HTTPClientTests.ok)
        try withClient { client in
            for _ in 0..<5 { _ = try client.fetch(OutboundRequest(url: server.url())) }
            #expect(server.accepted == 1)
            #expect(server.requests.count == 5)
        }
    }

    @Test(arguments: [1, 3])
    func `fifty requests are on their way at once`(_ threads: Int) throws {
        let server = try OutboundServerFixture { seen, stream in
            let body = seen.path
            stream.write(
                Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8)
            )
        }
        try withClient(threads: threads) { client in
            let outcomes = Outcomes()
            for number in 0..<50 {
                client.send(OutboundRequest(url: server.url("/\(number)"))) { outcomes.add($0) }
            }
            let bodies = try outcomes.wait(for: 50).map {
                String(decoding: try $0.get().body, as: UTF8.self)
            }
            #expect(Set(bodies) == Set((0..<50).map { "/\($0)" }))
        }
    }

    @Test func `requests without a place wait, first come first served`() throws {
        let server = try OutboundServerFixture { _, stream in
            stream.loop.schedule(after: .milliseconds(2)) {
                stream.write(Array(HTTPClientTests.ok.utf8))
            }
        }
        try withClient(maxConcurrentCount: 1) { client in
            let outcomes = Outcomes()
            let ids = (0..<10).map { number in
                client.send(OutboundRequest(url: server.url("/\(number)"))) { outcomes.add($0) }
            }
            client.cancel(ids[5])
            #expect(outcomes.wait(for: 10).count == 10)
            #expect(server.requests.map(\.path) == [0, 1, 2, 3, 4, 6, 7, 8, 9].map { "/\($0)" })
            #expect(server.accepted == 1)
        }
    }

    @Test func `a request that waits too long for a place is timed out`() throws {
        let server = try OutboundServerFixture { _, _ in }
        try withClient(maxConcurrentCount: 1) { client in
            client.send(OutboundRequest(url: server.url())) { _ in }
            let error = try client.failure(
                OutboundRequest(url: server.url(), timeout: .milliseconds(50))
            )
            #expect(error == .timedOut(after: .milliseconds(50), connected: false))
        }
    }

    @Test func `a slow answer is timed out, and its place given back`() throws {
        let server = try OutboundServerFixture { seen, stream in
            if seen.path == "/ok" { stream.write(Array(HTTPClientTests.ok.utf8)) }
        }
        try withClient(maxConcurrentCount: 1) { client in
            let error = try client.failure(
                OutboundRequest(url: server.url(), timeout: .milliseconds(100))
            )
            #expect(error == .timedOut(after: .milliseconds(100), connected: true))
            #expect(error.code == .requestTimeout)
            let response = try client.fetch(OutboundRequest(url: server.url("/ok")))
            #expect(response.status == 200)
        }
    }

    @Test func `a refused connection is told with the reason`() throws {
        let port = try closedPort()
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: "http://127.0.0.1:\(port)/"))
            guard case .connectFailed(let reason) = error else { throw error }
            #expect(reason.contains("127.0.0.1"))
            #expect(error.code == .connectFailed)
        }
    }

    @Test func `TLS to a server that does not speak it is told`() throws {
        let server = try OutboundServerFixture { _, _ in }
        let answering = try LoopGroup(threads: 1, name: "plain")
        defer { answering.stop() }
        let plain = try answering.listen(ListenAddress(host: "127.0.0.1", port: 0)) { stream in
            stream.write(Array("220 mail ready\r\n".utf8))
            stream.setReading(true)
        }
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: "https://127.0.0.1:\(plain.port)/"))
            guard case .tls = error else { throw error }
            #expect(error.code == .connectFailed)
            // One that never answers the handshake.
            let silent = try client.failure(
                OutboundRequest(
                    url: "https://127.0.0.1:\(server.port)/",
                    connectTimeout: .milliseconds(100)
                )
            )
            #expect(silent == .timedOut(after: .milliseconds(100), connected: false))
        }
    }

    @Test func `a client that is let go of ends its requests`() throws {
        let server = try OutboundServerFixture { _, _ in }
        let outcomes = Outcomes()
        do {
            let client = try HTTPClient(threads: 1, maxConcurrentCount: 1, log: .silent)
            client.send(OutboundRequest(url: server.url())) { outcomes.add($0) }
        }
        #expect(outcomes.all.count == 1)
    }

    @Test func `a client may be stopped by the end of a request`() throws {
        let server = try OutboundServerFixture.saying(HTTPClientTests.ok)
        let client = try HTTPClient(threads: 1, maxConcurrentCount: 1, log: .silent)
        let outcomes = Outcomes()
        client.send(OutboundRequest(url: server.url())) { result in
            client.stop()
            outcomes.add(result)
        }
        #expect(try outcomes.wait().first?.get().status == 200)
    }

    @Test func `an unknown host is told by name`() throws {
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: "http://no-such-host.invalid/"))
            #expect(error == .cannotResolve(host: "no-such-host.invalid"))
        }
    }

    @Test(arguments: [
        "", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "HTTP/1.1 200 O",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\nhalf",
    ])
    func `a connection that breaks is told`(_ message: String) throws {
        let server = try OutboundServerFixture { _, stream in
            stream.write(Array(message.utf8))
            stream.closeWhenDrained()
        }
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: server.url()))
            guard case .connectionLost = error else { throw error }
        }
    }

    @Test(arguments: ["nonsense\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-OpenSSH\r\n"])
    func `what is no HTTP is an invalid response`(_ message: String) throws {
        let server = try OutboundServerFixture { _, stream in
            stream.write(Array(message.utf8))
            stream.closeWhenDrained()
        }
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: server.url()))
            #expect(error.code == .responseInvalid)
        }
    }

    @Test(arguments: ["Content-Length: 100\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n64\r\n"])
    func `a body over the bound is cut off`(_ framing: String) throws {
        let body = String(repeating: "x", count: 100)
        let server = try OutboundServerFixture.saying(
            "HTTP/1.1 200 OK\r\n\(framing)\(body)\r\n0\r\n\r\n"
        )
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: server.url(), responseBytesMax: 99))
            #expect(error == .bodyTooLarge(limit: 99))
            #expect(error.code == .responseTooLarge)
        }
    }

    @Test func `a body of exactly the bound is taken`() throws {
        let server = try OutboundServerFixture.saying(HTTPClientTests.ok)
        try withClient { client in
            let request = OutboundRequest(url: server.url(), responseBytesMax: 2)
            let response = try client.fetch(request)
            #expect(response.body.count == 2)
        }
    }

    @Test func `a header section without end is cut off`() throws {
        let server = try OutboundServerFixture { _, stream in
            let line = "X-Long: \(String(repeating: "y", count: 8000))\r\n"
            stream.write(Array("HTTP/1.1 200 OK\r\n\(String(repeating: line, count: 50))\r\n".utf8))
        }
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: server.url()))
            #expect(error.code == .responseInvalid)
        }
    }

    @Test func `a cancelled request ends at once and its connection closes`() throws {
        let server = try OutboundServerFixture { _, _ in }
        try withClient { client in
            let outcomes = Outcomes()
            let id = client.send(OutboundRequest(url: server.url())) { outcomes.add($0) }
            #expect(eventually { server.requests.count == 1 })
            client.cancel(id)
            client.cancel(id)
            guard case .failure(.cancelled)? = outcomes.wait().first else { throw NoOutcome() }
            #expect(eventually { server.closed == 1 })
            #expect(outcomes.all.count == 1)
        }
    }

    @Test func `a stop ends everything as cancelled, once`() throws {
        let server = try OutboundServerFixture { _, _ in }
        let outcomes = Outcomes()
        try withClient(maxConcurrentCount: 2) { client in
            for _ in 0..<5 { client.send(OutboundRequest(url: server.url())) { outcomes.add($0) } }
            #expect(eventually { server.requests.count == 2 })
            client.stop()
            client.send(OutboundRequest(url: server.url())) { outcomes.add($0) }
        }
        #expect(outcomes.all.count == 6)
        for outcome in outcomes.all {
            guard case .failure(.cancelled) = outcome else { throw NoOutcome() }
        }
    }

    @Test(arguments: [
        ("ftp://127.0.0.1/x", "http"), ("file:///etc/passwd", "h"), ("http://", ""), ("", ""),
        ("no scheme", ""), ("http://127.0.0.1:99999/", ""), ("http://a b/", ""),
        ("http://[::1/", ""),
        ("http://\u{0}x/", ""), ("gopher://x/", ""), ("javascript:alert(1)", ""),
    ])
    func `what is no HTTP URL is refused before anything is sent`(
        _ url: String,
        _ part: String
    ) throws {
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: url))
            // A text without a scheme is read as a host by libcurl; then that has no address.
            #expect(error.code == .requestInvalid || error == .cannotResolve(host: url))
            #expect(error.message.contains(part))
        }
    }

    @Test(arguments: [
        ("GET ", "X", "1"), ("", "X", "1"), ("CONNECT", "X", "1"), ("GET\r\nX: y", "X", "1"),
        ("GET", "X\r\nY", "1"), ("GET", "", "1"), ("GET", "X:", "1"), ("GET", "X", "1\r\nY: 2"),
        ("GET", "X", "1\nY: 2"), ("GET", "X", "\u{0}"), ("GET", "ü", "1"),
    ])
    func `nothing can be smuggled into the head`(
        _ method: String,
        _ name: String,
        _ value: String
    ) throws {
        let server = try OutboundServerFixture.saying(HTTPClientTests.ok)
        try withClient { client in
            let request = OutboundRequest(
                method: method,
                url: server.url(),
                headers: [(name, value)]
            )
            guard case .invalidRequest = try client.failure(request) else { throw NoOutcome() }
            #expect(server.accepted == 0)
        }
    }

    @Test func `user and password are sent, and never told`() throws {
        let server = try OutboundServerFixture { seen, stream in
            guard seen.path == "/ok" else { return stream.close() }
            stream.write(Array(HTTPClientTests.ok.utf8))
        }
        let gone = try closedPort()
        try withClient { client in
            func url(_ rest: String) -> String { "http://wolf:geheim@\(rest)" }
            let response = try client.fetch(
                OutboundRequest(url: url("127.0.0.1:\(server.port)/ok"))
            )
            #expect(server.requests.first?.values("authorization") == ["Basic d29sZjpnZWhlaW0="])
            #expect(response.effectiveURL == server.url("/ok"))
            let failing = [
                url("127.0.0.1:\(gone)/"), url("127.0.0.1:\(server.port)/cut"),
                url("no-such-host.invalid/"), url("127.0.0.1:99999/"), url("[::1/"),
                "ftp://wolf:geheim@127.0.0.1/", url(""),
            ]
            for one in failing {
                let error = try client.failure(OutboundRequest(url: one))
                let texts = [error.message, "\(error)", String(reflecting: error)]
                for text in texts {
                    #expect(!text.contains("geheim") && !text.contains("wolf"), "\(one)")
                }
            }
        }
    }
}
