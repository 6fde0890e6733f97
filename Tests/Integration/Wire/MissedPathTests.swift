import JSONWire
import TestKit
import Testing

/// Requests that miss every endpoint, or are refused before one sees them: what the sender, the log and the ledger are told.
@Suite struct MissedPathTests {
    private let directory: TemporaryDirectory
    private let fixture: ServerFixture

    init() throws {
        directory = try TemporaryDirectory()
        fixture = try ServerFixture(LedgerBlocks.block(directory), isDurable: true)
    }

    private func code(_ reply: HTTPReply) throws -> String? {
        try JSONValue.parse(reply.body)["code"]?.string
    }

    @Test(arguments: ["/done/", "//done", "/done//", "/%2564one", "/d%256fne/"])
    func `a path that misses by slashes or escapes alone is named`(_ target: String) throws {
        defer { fixture.stop() }
        let reply = try fixture.post("\(target)?token=s3cret", "{}")
        #expect(reply.status == 404)
        #expect(reply.text.contains("`/done`"), "\(reply.text)")
    }

    @Test func `a path that is near otherwise is named in the log alone`() throws {
        defer { fixture.stop() }
        let reply = try fixture.post("/dane?token=s3cret", "{}")
        #expect(reply.status == 404)
        #expect(!reply.text.contains("done"))
        let line = try fixture.lines.wait(for: "Request refused")
        #expect(line["method"] == "POST")
        #expect(line["path"] == "/dane")
        #expect(line["peer"] == "127.0.0.1")
        #expect(line["nearest"] == "/done")
        #expect(!fixture.lines.text.contains("s3cret"))
    }

    @Test(arguments: [
        (8090, "/done", "{", "The body is not JSON"),
        (8090, "/done", #"{"status":"done"}"#, "The key is missing or null."),
        (8090, "/strict", #"{"id":"a"}"#, "No run waits for this key"),
        (8090, "/many", "{}", "This endpoint takes many items at once"),
        (8091, "/go", "{", "The body is not JSON"),
        (8088, "/workflows/runs", "[]", "The body must be an object, not a list."),
        (8088, "/workflows/runs", #"{"workflow_id":"no"}"#, "There is no workflow `no`"),
    ])
    func `the log line of a refusal has method, path without query, and peer`(
        _ port: Int,
        _ path: String,
        _ body: String,
        _ detail: String
    ) throws {
        defer { fixture.stop() }
        let reply = try fixture.post("\(path)?token=s3cret", body, on: port)
        #expect((400..<500).contains(reply.status))
        let line = try fixture.lines.wait(for: "Request refused: \(detail)")
        #expect(line["method"] == "POST")
        #expect(line["path"] == path)
        #expect(line["peer"] == "127.0.0.1")
        #expect(!fixture.lines.text.contains("s3cret"))
    }

    @Test func `a large body that is refused is logged with method and path, too`() throws {
        defer { fixture.stop() }
        let padding = String(repeating: " ", count: 300_000)
        for (port, path) in [(8090, "/done"), (8091, "/go")] {
            _ = try fixture.post(path, "{\(padding)", on: port)
            try eventually("the refusal at \(path) to be logged") {
                fixture.lines.records.contains { $0["path"] == path && $0["method"] == "POST" }
            }
        }
    }

    @Test func `a request for an unknown path is in the ledger, HEAD is not`() throws {
        defer { fixture.stop() }
        #expect(try fixture.at(8090).send("HEAD", "/unknown").status == 404)
        let reply = try fixture.post("/unknown", #"{"id":"a"}"#)
        let shown = try fixture.request(reply, is: "rejected")
        #expect(shown["code"] == .string("not_found"))
        #expect(shown["target"] == .string("/unknown"))
        #expect(shown["body"] == .string(#"{"id":"a"}"#))
        #expect(shown["endpoint"]?.string?.hasPrefix("http-callback :") == true)
        #expect(try fixture.asked("/ledger")["requests"]?.elements.count == 1)
    }

    @Test func `of many requests for unknown paths a few are written down, and the rest counted`()
        throws
    {
        defer { fixture.stop() }
        let connection = try RawConnection(port: fixture.ports[8090])
        for number in 0..<200 {
            try connection.send("GET /scan/\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try connection.readReply().status == 404)
        }
        let told = try fixture.lines.wait(for: "Requests for unknown paths")
        #expect((told["count"].flatMap { Int($0) } ?? 0) > 0)
    }

    @Test(arguments: ["gzip", "br", "deflate, gzip", "GZIP", "zstd"])
    func `a body with a coding that is not taken is refused with 415`(_ coding: String) throws {
        defer { fixture.stop() }
        for (port, target) in [(8090, "/done"), (8091, "/go"), (8088, "/workflows/runs")] {
            let reply = try fixture.post(
                target,
                "{}",
                on: port,
                headers: [("Content-Encoding", coding)]
            )
            let isController = port == 8088
            if !isController, coding.lowercased() == "gzip" {
                #expect(try code(reply) == "body_unparseable", "it is taken, and this is none")
                continue
            }
            #expect(reply.status == 415)
            #expect(try code(reply) == "media_type_unsupported")
            #expect(reply.text.contains("`\(coding)`"))
            let taken = isController ? "identity" : "gzip, deflate"
            #expect(reply.headers["Accept-Encoding"] == taken)
        }
        let plain = try fixture.post(
            "/done",
            #"{"id":"x","status":"done"}"#,
            headers: [("Content-Encoding", "identity")]
        )
        try expect(plain, .held)
        _ = try fixture.lines.wait(for: "Request refused: The Content-Encoding")
    }

    @Test func `413 names the bound's key and its value`() throws {
        defer { fixture.stop() }
        let reply = try fixture.post("/small", #"{"id":"\#(String(repeating: "x", count: 80))"}"#)
        #expect(reply.status == 413)
        #expect(reply.text.contains("max_body_size (64 bytes)"), "\(reply.text)")
        let line = try fixture.lines.wait(for: "Request refused: The body is larger")
        #expect(line["path"] == "/small")
        #expect(line["method"] == "POST")
    }
}
