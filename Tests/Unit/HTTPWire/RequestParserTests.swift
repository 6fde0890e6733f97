import HTTPWire
import Testing

@Suite struct RequestParserTests {
    static let requests = [
        "GET /a%20b/c?x=1&y=%C3%A9 HTTP/1.1\r\nHost: example.com:8080\r\nAccept:  */* \t\r\nX-E:\r\n\r\n",
        "POST /in HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\nConnection: close\r\n\r\nhello world",
        "PUT /in HTTP/1.1\r\nhost:[::1]:80\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "5;n=v\r\nhello\r\n6\r\n world\r\n000\r\nTrailer: t\r\n\r\n",
        "GET http://other.example/abs?q HTTP/1.1\r\nHost: a\r\n\r\n",
        "OPTIONS * HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    ]

    @Test func `a request is taken apart`() {
        let run = ParserRun(Self.requests[0])
        #expect(
            run.messages == [
                ParserRun.Message(
                    method: "GET",
                    path: "/a b/c",
                    query: "x=1&y=%C3%A9",
                    headers: ["host=example.com:8080", "accept=*/*", "x-e="],
                    body: "",
                    isKeptAlive: true
                )
            ]
        )
    }

    @Test(arguments: requests)
    func `a request is the same wherever it is cut`(_ text: String) {
        let whole = ParserRun(text)
        #expect(whole.refusal == nil)
        #expect(whole.messages.count == 1)
        for index in 0...text.utf8.count {
            #expect(ParserRun(cut(text, at: index)) == whole, "cut at \(index)")
        }
        #expect(ParserRun(text.utf8.map { [$0] }) == whole, "byte by byte")
    }

    @Test func `requests that follow each other are all there, wherever they are cut`() {
        let text =
            Self.requests[0] + Self.requests[2] + "\r\n" + Self.requests[3] + Self.requests[1]
        let whole = ParserRun(text)
        #expect(whole.messages.map(\.path) == ["/a b/c", "/in", "/abs", "/in"])
        #expect(whole.messages.map(\.body) == ["", "hello world", "", "hello world"])
        for index in 0...text.utf8.count {
            #expect(ParserRun(cut(text, at: index)) == whole, "cut at \(index)")
        }
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close", false),
        ("HTTP/1.1", "Connection: x, Close", false), ("HTTP/1.0", "", false),
        ("HTTP/1.0", "Connection: Keep-Alive", true),
        ("HTTP/1.1", "Connection: keep-alive\r\nConnection: close", false),
    ])
    func `the connection lives on as version and header say`(
        _ version: String,
        _ header: String,
        _ isKept: Bool
    ) {
        let line = header.isEmpty ? "" : header + "\r\n"
        let run = ParserRun("GET / \(version)\r\nHost: a\r\n\(line)\r\n")
        #expect(run.messages.map(\.isKeptAlive) == [isKept])
    }

    @Test func `an upgrade is not spoken: the message is read as any other`() {
        let run = ParserRun(
            "POST /a HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: ws\r\n"
                + "Content-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\n"
                + "Upgrade: ws\r\n\r\nGET /c HTTP/1.1\r\nHost: a\r\n\r\n"
        )
        #expect(run.messages.map(\.path) == ["/a", "/b", "/c"])
    }

    @Test func `the queries' pairs are decoded`() {
        let text = "GET /?a=1&b=x+y%2B&&c&a=2&=e&%C3%A9=%C3%BC HTTP/1.1\r\nHost: a\r\n\r\n"
        let pairs = withHead(text) { head in head.queryPairs.map { "\($0.name):\($0.value)" } }
        #expect(pairs == ["a:1", "b:x y+", "c:", "a:2", ":e", "é:ü"])
        #expect(withHead(text) { $0.query(first: "a") } == "1")
        #expect(withHead(text) { $0.query(first: "é") } == "ü")
        #expect(withHead(text) { $0.query(first: "z") ?? "none" } == "none")
    }

    @Test func `segments of the path are decoded one by one`() {
        let text = "GET /tasks/a%2Fb//c HTTP/1.1\r\nHost: a\r\n\r\n"
        let segments = withHead(text) { head in (0..<5).map { head.pathSegment($0) ?? "none" } }
        #expect(segments == ["tasks", "a/b", "", "c", "none"])
    }

    @Test func `a header is found without regard to case, the first one counts`() {
        let text = "GET / HTTP/1.1\r\nHost: a\r\nX-KEY: one\r\nx-key: two\r\n\r\n"
        #expect(withHead(text) { $0.header("x-key") } == "one")
        #expect(withHead(text) { $0.header(named: "X-Key") } == "one")
        #expect(withHead(text) { $0.header("x-kez") ?? "none" } == "none")
    }

    @Test func `a kept message does not need its read any more`() {
        let parser = RequestParser(limits: WireLimits())
        let bytes = Array(Self.requests[1].utf8)
        var offset = 0
        bytes.withRawSpan { read in
            #expect(parser.advance(read, from: &offset) == .head)
            #expect(parser.advance(read, from: &offset) == .message)
            parser.keepMessage(in: read)
        }
        let nothing: [UInt8] = []
        let path = nothing.withRawSpan { parser.withMessage(in: $0) { head, _ in head.path } }
        #expect(path == "/in")
    }

    private func withHead<Result>(
        _ text: String,
        _ look: (borrowing Head) -> Result
    ) -> Result? {
        let parser = RequestParser(limits: WireLimits())
        var offset = 0
        return Array(text.utf8).withRawSpan { read in
            guard parser.advance(read, from: &offset) == .head else { return nil }
            return parser.withMessage(in: read) { head, _ in look(head) }
        }
    }
}
