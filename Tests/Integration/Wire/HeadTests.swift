import JSONWire
import TestKit
import Testing

/// HEAD has no effect anywhere (RFC 9110, 9.2.1 and 9.3.2): senders, scanners and link previews probe with it.
@Suite struct HeadTests {
    private static let block = Block(
        text: #"""
            store: memory
            controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
            listeners:
              - type: http-callback
                host: 127.0.0.1
                port: 8090
                callbacks:
                  - { path: /approve, method: GET, identify_by: "${query.id}" }
                  - { path: /done, identify_by: "${body.id}" }
                  - { path: /strict, identify_by: "${body.id}", unmatched: reject, channel: other }
              - type: http-trigger
                host: 127.0.0.1
                port: 8091
                triggers:
                  - { path: /go, method: GET, workflow: wait }
                  - { path: /start, workflow: wait }
            workflow: { id: wait, jobs: [ { id: w, type: wait, wait_for: "${input.key}" } ] }
            """#
    )

    /// What a reply says, but for its date and id.
    private static func said(_ reply: HTTPReply) -> [String] {
        ["\(reply.status)"]
            + ["Content-Type", "Content-Length", "Allow", "Location", "Connection"].map {
                reply.headers[$0] ?? "-"
            }
    }

    @Test func `HEAD on an endpoint is 200 for every path, and has no effect`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a1")
        let callbacks = [
            "/approve?id=a1", "/approve?id=none", "/approve", "/done", "/strict?id=a1",
        ]
        let triggers = ["/go", "/go?key=1", "/start"]
        var answers: Set<[String]> = []
        for (port, targets) in [(8090, callbacks), (8091, triggers)] {
            for target in targets {
                for headers in [[], [("Prefer", "wait=5"), ("Idempotency-Key", "\"k\"")]] {
                    let reply = try fixture.at(port).send("HEAD", target, headers: headers)
                    #expect(reply.status == 200)
                    #expect(reply.body.isEmpty)
                    answers.insert(Self.said(reply))
                }
            }
            #expect(try fixture.at(port).send("HEAD", "/nowhere").status == 404)
        }
        #expect(answers.count == 1, "\(answers)")
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        let tasks = try JSONValue.parse(fixture.at(8088).get("/tasks").body)
        #expect(tasks["tasks"]?.elements.count == 1)
        #expect(try fixture.at(8090).get("/approve?id=a1").text.contains("delivered"))
        try fixture.state(run, reaches: "completed")
    }

    @Test func `OPTIONS and 405 name HEAD`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        for (port, target, allow) in [
            (8090, "/approve", "GET, HEAD, OPTIONS"), (8090, "/done", "HEAD, POST, OPTIONS"),
            (8091, "/start", "HEAD, POST, OPTIONS"), (8091, "*", "GET, HEAD, POST, OPTIONS"),
        ] {
            let reply = try fixture.at(port).send("OPTIONS", target)
            #expect(reply.status == 204)
            #expect(reply.headers["Allow"] == allow)
        }
        let refused = try fixture.at(8090).send("DELETE", "/done")
        #expect(refused.status == 405)
        #expect(refused.headers["Allow"] == "HEAD, POST, OPTIONS")
    }

    @Test func `HEAD at the controller says what GET says`() throws {
        let fixture = try ServerFixture(Self.block)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a2")
        for target in [
            "/health", "/livez", "/readyz", "/openapi.json", "/workflows", "/tasks",
            "/tasks/\(run)", "/tasks/none", "/nowhere",
        ] {
            let get = try fixture.at(8088).get(target)
            let head = try fixture.at(8088).send("HEAD", target)
            #expect(Self.said(head) == Self.said(get), "\(target)")
            #expect(head.body.isEmpty)
        }
        #expect(try fixture.at(8088).send("HEAD", "/workflows/runs").status == 405)
    }
}
