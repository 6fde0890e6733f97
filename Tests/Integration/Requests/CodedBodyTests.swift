import JSONWire
import Primitives
import TestKit
import Testing

/// Bodies as senders send them: compressed, or of another media type than they are.
@Suite struct CodedBodyTests {
    private let directory: TemporaryDirectory
    private let fixture: ServerFixture

    init() throws {
        directory = try TemporaryDirectory()
        fixture = try ServerFixture(
            Block(
                text: #"""
                    store: { path: "\#(directory.path("store"))" }
                    controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
                    listeners:
                      - type: http-callback
                        host: 127.0.0.1
                        port: 8090
                        callbacks:
                          - { path: /done, identify_by: "${body.id}", result: "${body.result}" }
                          - { path: /many, bulk: true, identify_by: "${item.id}" }
                          - { path: /text, body: json, identify_by: "${body.id}" }
                          - { path: /slack, body: form, form_field: payload, identify_by: "${body.id}" }
                          - { path: /raw, body: raw, identify_by: "${query.id}", result: "${body.base64}" }
                          - { path: /sent, identify_by: "${body.id}", result: "${request.body_base64}" }
                      - { type: http-trigger, host: 127.0.0.1, port: 8091, path: /go, workflow: wait, input: "${body}" }
                    workflows:
                      - id: wait
                        jobs: [ { id: hold, type: wait, wait_for: "${input.key}", timeout: 60s } ]
                        output: "${jobs.hold.output}"
                    """#
            ),
            isDurable: true
        )
    }

    private func send(
        _ target: String,
        _ body: [UInt8],
        _ headers: (String, String)...,
        on port: Int = 8090
    ) throws -> HTTPReply {
        try fixture.at(port).send("POST", target, headers: headers, body: body)
    }

    private static func json(_ id: String) -> [UInt8] {
        Array(#"{"id":"\#(id)","result":{"ok":true}}"#.utf8)
    }

    @Test func `gzip and deflate are decoded, on the loop and on a worker`() throws {
        defer { fixture.stop() }
        let big =
            #"{"id":"c-3","result":"\#((0..<30_000).map(String.init).joined(separator: " "))"}"#
        let bodies: [(String, String, [UInt8])] = [
            ("c-1", "gzip", Deflater.gzip(Self.json("c-1"))),
            ("c-2", "Deflate", Deflater.zlib(Self.json("c-2"))),
            ("c-3", "x-gzip", Deflater.gzip(Array(big.utf8))),
        ]
        for (key, coding, body) in bodies {
            let run = try fixture.start(#"{"key":"\#(key)"}"#, workflow: "wait")
            try fixture.state(run, reaches: "waiting")
            let reply = try send("/done", body, ("Content-Encoding", coding))
            #expect(reply.status == 200, "\(reply.text)")
            let output = try fixture.output(run)
            if key != "c-3" { #expect(output["ok"] == .bool(true)) }
            // The same, not coded or coded otherwise, is the same callback.
            let plain = key == "c-3" ? Array(big.utf8) : Self.json(key)
            let again = try send("/done", plain)
            #expect(again.text == #"{"status":"delivered","duplicate":true}"#)
        }
        let started = try send(
            "/go",
            Deflater.gzip(Array(#"{"key":"c-9"}"#.utf8)),
            ("Content-Encoding", "gzip"),
            on: 8091
        )
        let id = try #require(JSONValue.parse(started.body)["task_id"]?.string)
        #expect(try fixture.state(id, reaches: "waiting")["input"]?["key"] == .string("c-9"))
    }

    @Test func `what is no such body is refused by what is wrong with it`() throws {
        defer { fixture.stop() }
        let whole = Deflater.gzip(Self.json("b-1"))
        func code(
            _ body: [UInt8],
            _ coding: String = "gzip",
            at path: String = "/done"
        ) throws
            -> String
        {
            let reply = try send(path, body, ("Content-Encoding", coding))
            if reply.status == 415 {
                #expect(reply.headers["accept-encoding"] == "gzip, deflate")
            }
            let code = try JSONValue.parse(reply.body)["code"]?.string ?? ""
            return "\(reply.status) \(code)"
        }
        #expect(try code(Array(whole.dropLast(3))) == "400 body_unparseable")
        #expect(try code(whole + [0]) == "400 body_unparseable")
        #expect(try code(Self.json("b-1")) == "400 body_unparseable")
        #expect(try code(whole, "br") == "415 media_type_unsupported")
        #expect(try code(whole, "gzip, gzip") == "415 media_type_unsupported")
        let twice = try fixture.at(8090).send(
            "POST",
            "/done",
            headers: [("Content-Encoding", "gzip"), ("Content-Encoding", "br")],
            body: whole
        )
        #expect(twice.status == 415)
        let dense = Array(Deflater.zeros(50 << 20).prefix(20_000))
        #expect(try code(dense) == "413 body_too_large")
        let reply = try send("/done", whole, ("Content-Encoding", "br"))
        #expect(reply.text.contains("send the body as it is, or as gzip or deflate."))
    }

    @Test func `ten gigabytes of zeros are refused, and others are served meanwhile`() throws {
        defer { fixture.stop() }
        let bomb = Deflater.zeros(10 << 30)
        let reply = try send("/many", bomb, ("Content-Encoding", "gzip"))
        #expect(reply.status == 413)
        #expect(reply.text.contains("The decoded body has more than 67108864 bytes."))
        #expect(try send("/done", Self.json("z-1")).status == 202)
    }

    @Test func `the ledger keeps a body as it came, and a replay decodes it again`() throws {
        defer { fixture.stop() }
        let body = Deflater.gzip(Self.json("l-1"))
        let reply = try send("/done", body, ("Content-Encoding", "gzip"))
        let shown = try fixture.request(reply, is: "held")
        #expect(shown["headers"]?["content-encoding"] == .string("gzip"))
        let id = try #require(shown["id"]?.string ?? reply.headers["x-request-id"])
        let again = try fixture.replay(id)
        #expect("\(again.jsonText)".contains("held"), "\(again.jsonText)")
    }

    @Test func `an endpoint says what its bodies are`() throws {
        defer { fixture.stop() }
        let text = try send("/text", Self.json("t-1"), ("Content-Type", "text/plain"))
        #expect(text.status == 202, "\(text.text)")
        let payload = "payload=%7B%22id%22%3A%22s-1%22%7D&x=1"
        let form = try send("/slack", Array(payload.utf8), ("Content-Type", "text/plain"))
        #expect(form.status == 202, "\(form.text)")
        let wrong = try send("/slack", Array("a=1".utf8))
        #expect(wrong.status == 400)
        #expect(wrong.text.contains("The form has no field `payload`, which holds the JSON."))
        let raw = try send("/raw?id=r-1", [0, 255, 1], ("Content-Type", "image/png"))
        #expect(raw.status == 202, "\(raw.text)")
    }

    @Test func `the request's own bytes can be named`() throws {
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"q-1"}"#, workflow: "wait")
        try fixture.state(run, reaches: "waiting")
        let body = Deflater.gzip(Self.json("q-1"))
        #expect(try send("/sent", body, ("Content-Encoding", "gzip")).status == 200)
        #expect(try fixture.output(run) == .string(Base64.text(of: body)))
    }
}
