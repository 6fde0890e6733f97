import JSONWire
import TestKit
import Testing

/// Requests that are wrong in one way each: every one gets its own answer, and the server goes on.
@Suite struct BadRequestTests {
    /// A body, what it is said to be, and what the sender is told.
    struct Case: Sendable, CustomTestStringConvertible {
        let what: String
        var type = "application/json"
        let body: [UInt8]
        let status: Int
        var code = ""

        init(_ what: String, _ body: String, _ status: Int, _ code: String = "") {
            self.what = what
            self.body = Array(body.utf8)
            self.status = status
            self.code = code
        }

        init(_ what: String, bytes: [UInt8], _ status: Int, _ code: String = "") {
            self.what = what
            body = bytes
            self.status = status
            self.code = code
        }

        init(_ what: String, type: String, _ body: String, _ status: Int, _ code: String = "") {
            self.init(what, body, status, code)
            self.type = type
        }

        var testDescription: String { what }
    }

    private static let listener = Block(
        text: "listener: { port: 8090, path: /callback, identify_by: \"${body.task_id}\" }\n"
            + Completion.controller
    )
    private static let deep = String(repeating: "[", count: 10_000)
    private static let multipart = """
        --b\r\nContent-Disposition: form-data; name="task_id"\r\n\r\nm-1\r\n--b--\r\n
        """

    static let bodies: [Case] = [
        Case("not JSON", "task_id=1", 400, "body_unparseable"),
        Case("cut off", #"{"task_id":"a""#, 400, "body_unparseable"),
        Case("two values", "{} {}", 400, "body_unparseable"),
        Case("a list", #"[{"task_id":"a"}]"#, 422, "key_missing"),
        Case("a text", #""task_id""#, 422, "key_missing"),
        Case("a number", "12", 422, "key_missing"),
        Case("null", "null", 422, "key_missing"),
        Case("without the key", #"{"id":"a"}"#, 422, "key_missing"),
        Case("the key null", #"{"task_id":null}"#, 422, "key_missing"),
        Case("the key empty", #"{"task_id":""}"#, 422, "key_invalid"),
        Case("the key a list", #"{"task_id":["a"]}"#, 422, "key_invalid"),
        Case("the key a map", #"{"task_id":{"a":1}}"#, 422, "key_invalid"),
        Case("the key a fraction", #"{"task_id":1.5}"#, 422, "key_invalid"),
        Case("the key a whole number", #"{"task_id":15}"#, 202),
        Case("the key true", #"{"task_id":true}"#, 202),
        Case(
            "the key 1024 bytes long",
            #"{"task_id":"\#(String(repeating: "k", count: 1024))"}"#,
            202
        ),
        Case(
            "the key 1025 bytes long",
            #"{"task_id":"\#(String(repeating: "k", count: 1025))"}"#,
            422,
            "key_invalid"
        ),
        Case(
            "a text of almost 1 MiB",
            #"{"task_id":"large","x":"\#(String(repeating: "x", count: 1_048_500))"}"#,
            202
        ),
        Case(
            "a text of 1 MiB",
            #"{"task_id":"large","x":"\#(String(repeating: "x", count: 1_048_576))"}"#,
            413,
            "body_too_large"
        ),
        Case("nested 10,000 deep", deep, 400, "body_unparseable"),
        Case(
            "nested 10,000 deep and closed",
            deep + String(repeating: "]", count: 10_000),
            400,
            "body_unparseable"
        ),
        Case(
            "invalid UTF-8",
            bytes: Array(#"{"task_id":""#.utf8) + [0xFF, 0xFE] + Array("\"}".utf8),
            400,
            "body_unparseable"
        ),
        Case(
            "an overlong form",
            bytes: Array(#"{"task_id":""#.utf8) + [0xC0, 0xAF] + Array("\"}".utf8),
            400,
            "body_unparseable"
        ),
        Case(
            "a NUL as it stands",
            bytes: Array(#"{"task_id":"a"#.utf8) + [0] + Array("\"}".utf8),
            400,
            "body_unparseable"
        ),
        Case("NULs only", bytes: [UInt8](repeating: 0, count: 64), 400, "body_unparseable"),
        Case("a NUL escaped", #"{"task_id":"a\u0000b"}"#, 202),
        Case("a lone surrogate in the key", #"{"task_id":"\ud800"}"#, 422, "key_invalid"),
        Case("a lone surrogate elsewhere", #"{"task_id":"s-1","result":"\ud800"}"#, 202),
        Case("empty", "", 422, "key_missing"),
        Case(
            "a form",
            type: "application/x-www-form-urlencoded",
            "task_id=f-1&status=done",
            202
        ),
        Case(
            "a form without the key",
            type: "application/x-www-form-urlencoded",
            "a=b",
            422,
            "key_missing"
        ),
        Case(
            "a form with a broken escape",
            type: "application/x-www-form-urlencoded",
            "task_id=%zz",
            202
        ),
        Case("multipart", type: "multipart/form-data; boundary=b", multipart, 202),
        Case(
            "multipart without a boundary",
            type: "multipart/form-data",
            multipart,
            400,
            "body_unparseable"
        ),
        Case(
            "multipart that is none",
            type: "multipart/form-data; boundary=b",
            "hello",
            400,
            "body_unparseable"
        ),
        Case("text", type: "text/plain", "task_id", 422, "key_missing"),
        Case(
            "another media type",
            type: "application/pdf",
            "%PDF",
            415,
            "media_type_unsupported"
        ),
        Case(
            "JSON by suffix",
            type: "application/vnd.x+json; charset=utf-8",
            #"{"task_id":"s"}"#,
            202
        ),
    ]

    @Test func `every body that is wrong has its answer, and the server goes on`() throws {
        let fixture = try ServerFixture(Self.listener)
        defer { fixture.stop() }
        for wrong in Self.bodies {
            let reply = try fixture.at(8090).send(
                "POST",
                "/callback",
                headers: [("Content-Type", wrong.type)],
                body: wrong.body
            )
            #expect(reply.status == wrong.status, "\(wrong.what): \(reply.text.prefix(300))")
            if wrong.status >= 400 {
                try expect(reply, .refused(wrong.status))
                let code = try JSONValue.parse(reply.body)["code"]?.string
                #expect(code == wrong.code, "\(wrong.what)")
                #expect(reply.body.count < 2000, "\(wrong.what): an answer does not repeat a body")
            }
        }
        #expect(try fixture.at(8088).get("/health").status == 200)
        try expect(fixture.post("/callback", #"{"task_id":"well"}"#), .held)
    }

    @Test(arguments: [
        ("task_id=q-1", 202), ("task%5Fid=q-2", 202), ("%74ask_id=q%2D3", 202),
        ("task_id=a+b", 202), ("task_id=%zz", 202), ("task_id=%ff", 422), ("task_id=", 422),
        ("", 422), ("task_id=a&task_id=b", 422), ("other=1", 422), ("task_id=%00", 202),
    ])
    func `a key in the query may be percent-encoded`(query: String, status: Int) throws {
        let fixture = try ServerFixture(Block(10).withPort(8090).adding(Completion.controller))
        defer { fixture.stop() }
        let reply = try fixture.post("/webhook?\(query)", "{}")
        #expect(reply.status == status, "\(query): \(reply.text)")
    }

    /// What no HTTP/1.1 request may look like, or what is refused by its head alone.
    static let heads: [(String, Int)] = [
        ("GET\r\n\r\n", 400),
        ("POST /callback HTTP/1.1\r\n\r\n", 400),
        ("POST /callback HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 0\r\n\r\n", 400),
        ("POST /callback HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", 400),
        (
            "POST /callback HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            400
        ),
        (
            "POST /callback HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            400
        ),
        ("POST /callback HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501),
        ("POST /callback HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
        (
            "POST /callback HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 20_000))\r\n\r\n",
            431
        ),
        ("POST /\(String(repeating: "x", count: 9000)) HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        ("POST /%zz HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 400),
        ("POST /callback HTTP/9.9\r\nHost: a\r\n\r\n", 505),
        ("\u{16}\u{3}\u{1}\r\n\r\n", 400),
    ]

    @Test func `every head that is wrong has its answer, and the server goes on`() throws {
        let fixture = try ServerFixture(Self.listener)
        defer { fixture.stop() }
        for (head, status) in Self.heads {
            let connection = try RawConnection(port: fixture.ports[8090])
            try connection.send(head)
            let reply = try connection.readReply()
            #expect(reply.status == status, "\(head.prefix(120)): \(reply.text)")
        }
        for cut in [
            "POST /callback HTTP/1.1\r\nHo",
            "POST /callback HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc",
        ] {
            let connection = try RawConnection(port: fixture.ports[8090])
            try connection.send(cut)
            connection.reset()
        }
        try expect(fixture.post("/callback", #"{"task_id":"well"}"#), .held)
    }

    @Test func `every wrong request to the controller has its answer`() throws {
        let fixture = try ServerFixture(Block(7).adding(Completion.controller, Completion.waiter))
        defer { fixture.stop() }
        let wrong: [(String, Int, String)] = [
            ("{x", 400, "body_unparseable"), ("[]", 422, "input_invalid"),
            (#"{"workflow":"wait"}"#, 422, "input_invalid"),
            (#"{"workflow_id":5}"#, 422, "input_invalid"),
            (#"{"workflow_id":"nothing"}"#, 404, "workflow_unknown"),
            (#"{"wait_for_completion":"yes"}"#, 422, "input_invalid"),
        ]
        for (body, status, code) in wrong {
            let reply = try fixture.post("/workflows/runs", body, on: 8088)
            try expect(reply, .refused(status))
            #expect(try JSONValue.parse(reply.body)["code"] == .string(code), "\(body)")
        }
        for id in ["x", "01a1fd8c-6900-7c3e-8b1d-5f0a9c2e7d41", "%7B%7D"] {
            #expect(try fixture.at(8088).get("/tasks/\(id)").status == 404, "\(id)")
        }
        let form = try fixture.at(8088).send(
            "POST",
            "/workflows/runs",
            headers: [("Content-Type", "text/plain")],
            body: Array("{}".utf8)
        )
        try expect(form, .refused(415))
        let foreign = try fixture.post(
            "/workflows/runs",
            "{}",
            on: 8088,
            headers: [("Origin", "https://evil.example")]
        )
        try expect(foreign, .refused(403))
        let rebound = try fixture.at(8088).get("/health", headers: [("Host", "evil.example")])
        try expect(rebound, .refused(403))
    }
}
