import Loops
import Outbound
import Primitives
import Testing

@Suite struct RedirectTests {
    @Test(arguments: [
        (301, "POST", "GET"), (302, "POST", "GET"), (303, "POST", "GET"), (307, "POST", "POST"),
        (308, "POST", "POST"), (302, "PUT", "PUT"), (303, "PUT", "GET"), (303, "HEAD", "HEAD"),
        (301, "GET", "GET"), (303, "DELETE", "GET"), (308, "DELETE", "DELETE"),
    ])
    func `a redirect changes the method as the status says`(
        _ status: Int,
        _ method: String,
        _ expected: String
    ) throws {
        let server = try OutboundServerFixture { seen, stream in
            let answer =
                seen.path == "/end"
                ? HTTPClientTests.ok.replacingBody(of: seen)
                : "HTTP/1.1 \(status) Go\r\nLocation: end\r\nContent-Length: 0\r\n\r\n"
            stream.write(Array(answer.utf8))
        }
        let hasBody = method == "POST" || method == "PUT"
        try withClient { client in
            let response = try client.fetch(
                OutboundRequest(
                    method: method,
                    url: server.url("/start"),
                    headers: [("Content-Type", "text/plain"), ("Authorization", "x")],
                    body: hasBody ? [1, 2, 3] : nil
                )
            )
            #expect(response.status == 200)
            #expect(response.effectiveURL == server.url("/end"))
            let last = try #require(server.requests.last)
            #expect(last.line == "\(expected) /end HTTP/1.1")
            #expect(last.body == (hasBody && expected == method ? [1, 2, 3] : []))
            #expect(last.values("authorization") == ["x"])
            #expect(last.values("content-type").isEmpty == (expected == "GET" && method != "GET"))
            #expect(server.accepted == 1)
        }
    }

    @Test(arguments: [(301, 301), (302, 302), (303, 200), (307, 200), (308, 200)])
    func `a POST need not go on as a GET`(_ status: Int, _ expected: Int) throws {
        let server = try OutboundServerFixture { seen, stream in
            let answer =
                seen.path == "/end"
                ? HTTPClientTests.ok
                : "HTTP/1.1 \(status) Go\r\nLocation: end\r\nContent-Length: 0\r\n\r\n"
            stream.write(Array(answer.utf8))
        }
        try withClient { client in
            var request = OutboundRequest(method: "POST", url: server.url("/start"), body: [1])
            request.turnsIntoGET = false
            let response = try client.fetch(request)
            #expect(response.status == expected)
            #expect(server.requests.count == (expected == 200 ? 2 : 1))
        }
    }

    @Test func `another server does not see what proves who we are`() throws {
        let second = try OutboundServerFixture.saying(HTTPClientTests.ok)
        let first = try OutboundServerFixture.saying(
            "HTTP/1.1 302 Go\r\nLocation: \(second.url("/there"))\r\nContent-Length: 0\r\n\r\n"
        )
        try withClient { client in
            let url = first.url().split(separator: "//").joined(separator: "//me:pw@")
            _ = try client.fetch(
                OutboundRequest(
                    url: url,
                    headers: [("Cookie", "c"), ("X-Kept", "1"), ("AUTHORIZATION", "a")]
                )
            )
            #expect(first.requests.first?.values("cookie") == ["c"])
            let seen = try #require(second.requests.first)
            #expect(seen.path == "/there")
            #expect(seen.values("cookie") == [])
            #expect(seen.values("authorization") == [])
            #expect(seen.values("x-kept") == ["1"])
        }
    }

    @Test func `redirects are bounded`() throws {
        let server = try OutboundServerFixture.saying(
            "HTTP/1.1 302 Go\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"
        )
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: server.url(), followRedirects: 3))
            #expect(error == .protocolError("redirected more than 3 times"))
            #expect(server.requests.count == 4)
        }
    }

    @Test func `with no redirects allowed the redirect is the answer`() throws {
        let server = try OutboundServerFixture.saying(
            "HTTP/1.1 302 Go\r\nLocation: /again\r\nContent-Length: 2\r\n\r\nhi"
        )
        try withClient { client in
            let response = try client.fetch(OutboundRequest(url: server.url(), followRedirects: 0))
            #expect(response.status == 302)
            #expect(response.header("location") == "/again")
            #expect(response.body == Array("hi".utf8))
        }
    }

    @Test(arguments: ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://127.0.0.1:1/x"])
    func `a redirect to another scheme is refused`(_ target: String) throws {
        let server = try OutboundServerFixture.saying(
            "HTTP/1.1 302 Go\r\nLocation: \(target)\r\nContent-Length: 0\r\n\r\n"
        )
        try withClient { client in
            let error = try client.failure(OutboundRequest(url: server.url()))
            #expect(error == .protocolError("redirected to a URL that is neither http nor https"))
        }
    }

    @Test func `a redirect without a target is the answer`() throws {
        let server = try OutboundServerFixture.saying(
            "HTTP/1.1 302 Go\r\nContent-Length: 0\r\n\r\n"
        )
        try withClient { client in
            let response = try client.fetch(OutboundRequest(url: server.url()))
            #expect(response.status == 302)
        }
    }
}

extension String {
    /// The answer to a HEAD has no body.
    fileprivate func replacingBody(of seen: OutboundServerFixture.Seen) -> String {
        seen.line.hasPrefix("HEAD") ? String(dropLast(2)) : self
    }
}
