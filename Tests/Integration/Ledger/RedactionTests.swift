import JSONWire
import Primitives
import TestKit
import Testing

/// Secrets of requests are in no log and no ledger, wherever they stand.
@Suite struct RedactionTests {
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
                          - { path: "/hook/{token:secret}/{job}", identify_by: "${path.job}", result: "${path.token}" }
                          - { path: /off, enabled: false, identify_by: "${body.id}" }
                          - { path: /done, identify_by: "${body.id}", max_body_size: 400,
                              redact: [query.k, header.X-K, body.x, body.a.b] }
                      - { type: http-trigger, host: 127.0.0.1, port: 8091, path: "/go/{key:secret}", workflow: wait,
                          input: { key: "${body.key}" }, redact: body.pin }
                    workflows:
                      - id: wait
                        jobs: [ { id: hold, type: wait, wait_for: "${input.key}", timeout: 60s } ]
                        output: "${jobs.hold.output}"
                    """#
            ),
            isDurable: true
        )
    }

    private static let secret = "s3cr3t-Value"

    private func shown(_ reply: HTTPReply, _ status: String) throws -> String {
        let shown = try fixture.request(reply, is: status).jsonText
        #expect(!shown.contains(Self.secret))
        return shown
    }

    @Test func `a secret in the path works, and is a hash in the ledger`() throws {
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"p-1"}"#, workflow: "wait")
        try fixture.state(run, reaches: "waiting")
        let reply = try fixture.post("/hook/\(Self.secret)/p-1?a=b", "{}")
        #expect(reply.status == 200)
        #expect(try fixture.output(run) == .string(Self.secret), "expressions see it")
        let first = try shown(reply, "delivered")
        #expect(first.contains("/hook/hash:") && first.contains("/p-1?a=b"))
        let again = try fixture.post("/hook/\(Self.secret)/p-1?a=b", "{}")
        #expect(again.text.contains("duplicate"), "what it is made of is the secret itself")
        let other = try fixture.post("/hook/another/p-1?a=b", "{}")
        #expect(other.status == 409)
    }

    @Test func `a path with a slip does not tell its secret either`() throws {
        defer { fixture.stop() }
        for path in ["/hook/\(Self.secret)", "/hook/\(Self.secret)/a/b", "/go/\(Self.secret)"] {
            #expect(try fixture.post(path, "{}").status == 404)
        }
        let notAllowed = try fixture.at(8090).get("/hook/\(Self.secret)/x")
        #expect(notAllowed.status == 405)
        #expect(try shown(notAllowed, "rejected").contains("/hook/hash:"))
        #expect(try fixture.post("/hook/\(Self.secret)/x", "{", on: 8090).status == 400)
        let go = try fixture.post(
            "/go/\(Self.secret)",
            #"{"key":"t","pin":"\#(Self.secret)"}"#,
            on: 8091
        )
        #expect(go.status == 200)
        _ = try shown(go, "triggered")
        let line = try fixture.lines.wait(for: "Request refused")
        #expect(line.fields.contains { $0.name == "path" && $0.value == "/hook/…" })
        let list = try fixture.asked("/ledger").jsonText
        #expect(!list.contains(Self.secret), "\(list)")
    }

    @Test func `what an endpoint names is hidden in query, header and body`() throws {
        defer { fixture.stop() }
        let body =
            #"{"id":"r-1","x":"\#(Self.secret)","a":[{"b":"\#(Self.secret)"},{"b":12345}],"y":"left"}"#
        let reply = try fixture.post(
            "/done?k=\(Self.secret)&j=1",
            body,
            headers: [("X-K", Self.secret)]
        )
        #expect(reply.status == 202)
        let entry = try fixture.request(reply, is: "held")
        let text = entry.jsonText
        #expect(!text.contains(Self.secret) && !text.contains("12345"))
        #expect(text.contains("k=hash:") && text.contains("&j=1"))
        #expect(entry["headers"]?["x-k"]?.string?.hasPrefix("hash:") == true)
        let kept = try #require(entry["body"]?.string)
        #expect(kept.utf8.count == body.utf8.count, "it is as long as it was announced")
        let value = try JSONValue.parse(Array(kept.utf8))
        #expect(value["x"]?.string?.hasPrefix("hash:") == true)
        #expect(value["y"] == .string("left"))
        let id = try #require(reply.headers["x-request-id"])
        #expect(try !fixture.replay(id).jsonText.contains("request_cut"))
    }

    @Test func `a form's fields are hidden, and nothing is kept of what cannot be read`() throws {
        defer { fixture.stop() }
        func kept(
            _ body: String,
            _ headers: (String, String)...,
            is status: String
        ) throws -> String {
            let reply = try fixture.at(8090).send(
                "POST",
                "/done",
                headers: headers,
                body: Array(body.utf8)
            )
            return try fixture.request(reply, is: status)["body"]?.string ?? ""
        }
        let form = ("Content-Type", "application/x-www-form-urlencoded")
        let shown = try kept("id=f-1&x=\(Self.secret)&y=2", form, is: "held")
        #expect(shown.hasPrefix("id=f-1&x=hash:") && shown.hasSuffix("&y=2"))
        let cut = try kept(#"{"x":"\#(Self.secret)""#, is: "rejected")
        #expect(cut == "")
        let long = try kept(
            #"{"x":"\#(Self.secret)","p":"\#(String(repeating: "p", count: 500))"}"#,
            is: "rejected"
        )
        #expect(long == "")
    }

    @Test func `an endpoint that is switched off answers 410`() throws {
        defer { fixture.stop() }
        let reply = try fixture.post("/off", #"{"id":"o-1"}"#)
        #expect(reply.status == 410)
        #expect(reply.text.contains("endpoint_retired"))
        #expect(try fixture.at(8090).send("HEAD", "/off").status == 200)
        _ = try fixture.request(reply, is: "rejected")
    }
}
