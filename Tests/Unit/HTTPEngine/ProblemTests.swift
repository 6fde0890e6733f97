import HTTPEngine
import HTTPWire
import JSONWire
import Primitives
import TestKit
import Testing

/// Every refusal has its status and its problem; the answers before it are not lost.
@Suite struct ProblemTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let request: String
        let status: Int
        let code: String
        let closes: Bool

        init(_ request: String, _ status: Int, _ code: String, closes: Bool = true) {
            self.request = request
            self.status = status
            self.code = code
            self.closes = closes
        }

        var testDescription: String { "\(status) \(request.prefix(60))" }
    }

    static let long = String(repeating: "a", count: 9000)
    static let cases = [
        Case(requestText("GET", "/none"), 404, "not_found", closes: false),
        Case(requestText("GET", "/out/"), 404, "not_found", closes: false),
        Case(requestText("POST", "/none", body: "x"), 404, "not_found", closes: false),
        Case(requestText("GET", "/in"), 405, "method_not_allowed", closes: false),
        Case(requestText("POST", "/out", body: "x"), 405, "method_not_allowed", closes: false),
        Case(requestText("CONNECT", "a:1"), 404, "not_found", closes: false),
        Case("GET /out HTTP/1.1\r\n\r\n", 400, "host_invalid"),
        Case("nonsense\r\n\r\n", 501, "method_not_allowed"),
        Case("\u{1}\u{2}\r\n\r\n", 400, "request_malformed"),
        Case("GET /out HTTP/2.0\r\nHost: a\r\n\r\n", 505, "version_unsupported"),
        Case(requestText("GET", "/" + long), 414, "uri_too_long"),
        Case(requestText("GET", "/out", headers: ["X: " + long + long]), 431, "headers_too_large"),
        Case(
            requestText("GET", "/out", headers: (0..<101).map { "X-\($0): 1" }),
            431,
            "headers_too_large"
        ),
        Case(
            requestText("POST", "/small", headers: ["Content-Type: application/json"])
                .replacing("\r\n\r\n", with: "\r\nContent-Length: 17\r\n\r\n"),
            413,
            "body_too_large"
        ),
        Case(
            requestText(
                "POST",
                "/small",
                headers: ["Content-Type: application/json", "Transfer-Encoding: chunked"]
            )
                + "11\r\n",
            413,
            "body_too_large"
        ),
        Case(
            requestText("POST", "/small", headers: ["Content-Type: text/plain"], body: "hi"),
            415,
            "media_type_unsupported",
            closes: false
        ),
        Case(
            requestText("POST", "/in", headers: ["Expect: magic"], body: "hi"),
            417,
            "expectation_failed"
        ),
        Case(
            "POST /none HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n",
            404,
            "not_found"
        ),
        Case(
            "POST /small HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 500\r\nExpect: 100-continue\r\n\r\n",
            413,
            "body_too_large"
        ),
        Case(
            requestText("POST", "/in", headers: ["Transfer-Encoding: gzip"]),
            501,
            "transfer_encoding_unsupported"
        ),
    ]

    @Test(arguments: cases, StreamKind.allCases)
    func `a refusal is a problem with a code and a request id`(
        _ one: Case,
        _ kind: StreamKind
    ) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out") + one.request)
        #expect(try connection.readReply().status == 200, "the answer before it")
        let reply = try connection.readReply()
        #expect(reply.status == one.status)
        #expect(reply.headers["Content-Type"] == "application/problem+json")
        let problem = try JSONValue.parse(reply.body)
        #expect(problem["code"]?.string == one.code)
        #expect(problem["status"] == .integer(Int64(one.status)))
        #expect(problem["request_id"]?.string == reply.headers["X-Request-Id"])
        #expect(problem["title"]?.string?.isEmpty == false)
        #expect(reply.headers["Connection"] == (one.closes ? "close" : nil))
        if one.closes { return #expect(try connection.isClosedByPeer()) }
        try connection.send(requestText("GET", "/out"))
        #expect(try connection.readReply().status == 200, "the connection lives on")
    }

    @Test(arguments: StreamKind.allCases)
    func `405 says what is allowed`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send(requestText("DELETE", "/out"))
        #expect(try connection.readReply().headers["Allow"] == "GET, HEAD, OPTIONS")
    }

    @Test(arguments: StreamKind.allCases)
    func `a refusal reaches a sender that goes on sending`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send(
            "POST /small HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 40000\r\n\r\n" + String(repeating: "x", count: 40_000)
        )
        #expect(try connection.readReply().status == 413)
        #expect(try connection.isClosedByPeer())
        connection.close()
        try eventually { server.server.connectionsCount == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `a refused sender that does not go is closed after a second`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind)
        let connection = try server.connect()
        try connection.send("nonsense\r\n\r\n")
        #expect(try connection.readReply().status == 501)
        #expect(try connection.isClosedByPeer())
        #expect(server.server.connectionsCount == 1)
        server.clock.advance(by: .seconds(1))
        try eventually { server.server.connectionsCount == 0 }
    }

    @Test(arguments: StreamKind.allCases)
    func `a problem of a handler has its members and headers`(_ kind: StreamKind) throws {
        let server = try HTTPServerFixture(kind) { _, _, exchange in
            exchange.respond(
                Problem(
                    status: 409,
                    code: .callbackAnswered,
                    detail: "He said \"no\"\n.",
                    retryAfterSeconds: 7,
                    headers: [("X-A", "b")],
                    members: [("errors", #"[{"index":0}]"#)]
                )
            )
        }
        let connection = try server.connect()
        try connection.send(requestText("GET", "/out"))
        let reply = try connection.readReply()
        let problem = try JSONValue.parse(reply.body)
        #expect(reply.headers["Retry-After"] == "7")
        #expect(reply.headers["X-A"] == "b")
        #expect(problem["type"]?.string == "about:blank")
        #expect(problem["title"]?.string == "Conflict")
        #expect(problem["detail"]?.string == "He said \"no\"\n.")
        #expect(problem["errors"]?.jsonText == #"[{"index":0}]"#)
    }

    @Test func `too many connections are told so`() throws {
        var limits = ServerLimits()
        limits.connectionsMax = 2
        let server = try HTTPServerFixture(limits: limits)
        let first = try server.connect()
        let second = try server.connect()
        for connection in [first, second] {
            try connection.send(requestText("GET", "/out"))
            #expect(try connection.readReply().status == 200)
        }
        let third = try server.connect()
        let reply = try third.readReply()
        #expect(reply.status == 503)
        #expect(reply.headers["Retry-After"] == "1")
        #expect(try third.isClosedByPeer())
        first.close()
        try eventually { server.server.connectionsCount == 2 }
        third.close()
        try eventually { server.server.connectionsCount == 1 }
        let fourth = try server.connect()
        try fourth.send(requestText("GET", "/out"))
        #expect(try fourth.readReply().status == 200)
    }
}
