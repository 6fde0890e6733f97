import JSONWire
import TestKit
import Testing

/// Parameters of endpoints' paths, over real HTTP.
@Suite struct PathParameterTests {
    private func fixture(_ listener: String) throws -> ServerFixture {
        try CallbackIdentityTests.fixture(listener)
    }

    @Test(arguments: [
        ("/t/77", "77"), ("/t/a%2Fb", "a/b"), ("/t/a+b", "a+b"), ("/t/%C3%A9", "é"),
        ("/t/a.b:c", "a.b:c"),
        ("/t/%7Bid%7D", "{id}"), ("/t/x?id=y", "x"),
    ]) func `a segment is the key, decoded`(_ target: String, _ key: String) throws {
        let fixture = try fixture(#"path: "/t/{id}", identify_by: "${path.id}", result: "${path}""#)
        defer { fixture.stop() }
        let run = try fixture.wait(for: key)
        try expect(fixture.post(target, "{}"), .delivered)
        #expect(try fixture.output(run) == .string("/t/\(key)"))
        try expect(fixture.post(target, "{}"), .duplicate)
    }

    @Test(arguments: ["/t", "/t/", "/t/a/b", "/T/a"])
    func `other paths are not there`(_ target: String) throws {
        let fixture = try fixture(#"path: "/t/{id}", identify_by: "${path.id}""#)
        defer { fixture.stop() }
        #expect(try fixture.post(target, "{}").status == 404)
    }

    @Test(arguments: [("/f/a", "a"), ("/f/a/b%20c/", "a/b c/"), ("/f/", "")])
    func `the rest of a path over its segments`(_ target: String, _ rest: String) throws {
        let fixture = try fixture(
            #"path: "/f/{rest:path}", identify_by: "${body.id}", result: "${path.rest}""#
        )
        defer { fixture.stop() }
        let run = try fixture.wait(for: "k")
        try expect(fixture.post(target, #"{"id":"k"}"#), .delivered)
        #expect(try fixture.output(run) == .string(rest))
    }

    @Test(arguments: [
        ("http://localhost:8090/f/x/${context.run_id}", "x/"),
        ("http://localhost:8090/f/a%20b/c/${context.run_id}", "a b/c/"),
        ("http://localhost:8090/f/${context.run_id}", ""),
    ])
    func `a URL that was sent is waited for with the rest of its path`(
        _ url: String,
        before: String
    ) throws {
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    listener: { port: 8090, path: "/f/{rest:path}", identify_by: "${path.rest}",
                                result: "${path.rest}" }
                    components:
                      service: { type: http-client, endpoint: "http://127.0.0.1:9101/jobs",
                                 output: "${result}", body: { callback_url: "\#(url)", id: "${context.run_id}" } }
                    workflow: { id: ask, jobs: [ { id: call, component: service, output: "${output}" } ] }

                    """#
            ).adding(Completion.controller)
        )
        defer { fixture.stop() }
        let run = try fixture.start("{}", workflow: "ask")
        let sent = try JSONValue.parse(
            fixture.service.waitForRequest(matching: "POST /jobs").body
        )
        let target = try #require(sent["callback_url"]?.string)
        let key = try before + #require(sent["id"]?.string)
        try fixture.waits(run, forKey: key)
        try expect(HTTPProbe.post(url: target, json: "{}"), .delivered)
        #expect(try fixture.output(run) == .string(key))
    }

    @Test func `text wins over a parameter, a parameter over the rest`() throws {
        let fixture = try fixture(
            #"""
            callbacks: [ { path: "/p/{rest:path}", identify_by: k, result: rest },
                         { path: "/p/{id}", identify_by: k, result: id }, { path: /p/all, identify_by: k, result: all },
                         { path: "/p/{id}/x", identify_by: k, result: x } ]
            """#
        )
        defer { fixture.stop() }
        for (target, which) in [
            ("/p/all", "all"), ("/p/1", "id"), ("/p/1/x", "x"), ("/p/1/y", "rest"),
            ("/p/all/x", "x"),
        ] {
            let run = try fixture.wait(for: "k")
            try expect(fixture.post(target, #"{"to":"\#(target)"}"#), .delivered)
            #expect(try fixture.output(run) == .string(which), "\(target)")
        }
    }

    @Test func `a parameter that nothing reads is a part of what a callback is, also read quickly`()
        throws
    {
        let fixture = try fixture(
            #"path: "/s/{part}", identify_by: "${body.id}", result: "${body.n}", reuse_keys: true"#
        )
        defer { fixture.stop() }
        for _ in 0..<2 { _ = try fixture.wait(for: "k") }
        for part in ["a", "b"] {
            try expect(fixture.post("/s/\(part)", #"{"id":"k","n":1}"#), .delivered)
            try expect(fixture.post("/s/\(part)", #"{"id":"k","n":1}"#), .duplicate)
        }
    }

    @Test func `status, deduplicate_by, base_path and bulk read parameters too`() throws {
        let fixture = try fixture(
            #"""
            base_path: "/hooks/{tenant}", callbacks: [
              { path: "/{id}/{state}", identify_by: "${path.tenant}-${path.id}", status: "${path.state}", fail_when: [bad],
                result: "${path.tenant}", deduplicate_by: "${path.state}" },
              { path: "/{run}", bulk: true, identify_by: "${path.run}-${item.id}" } ]
            """#
        )
        defer { fixture.stop() }
        let run = try fixture.wait(for: "t-1")
        try expect(fixture.post("/hooks/t/1/good", "{}"), .delivered)
        #expect(try fixture.output(run) == .string("t"))
        try expect(fixture.post("/hooks/t/1/good", #"{"again":true}"#), .duplicate)
        let bad = try fixture.wait(for: "t-2")
        try expect(fixture.post("/hooks/t/2/bad", "{}"), .delivered)
        _ = try fixture.failure(bad)
        _ = try fixture.wait(for: "r-1")
        let told = try JSONValue.parse(fixture.post("/hooks/t/r", #"[{"id":1},{"id":2}]"#).body)
        #expect(told["delivered"] == .integer(1) && told["held"] == .integer(1))
    }

    @Test func `a trigger reads them, and they are a part of what an Idempotency-Key stands for`()
        throws
    {
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    listener: { type: http-trigger, port: 8091, path: "/go/{what}/{id}", workflow: "${path.what}",
                                input: { id: "${path.id}", path: "${path}" } }

                    """#
            ).adding(Completion.controller, Completion.recorder("note", "other"))
        )
        defer { fixture.stop() }
        let run = try triggered(fixture.post("/go/note/a%20b", "{}", on: 8091))
        #expect(try fixture.output(run) == fixture.json(#"{"id":"a b","path":"/go/note/a b"}"#))
        let key = [("Idempotency-Key", "k")]
        let first = try triggered(fixture.post("/go/note/1", "{}", on: 8091, headers: key))
        let again = try triggered(fixture.post("/go/note/1", "{}", on: 8091, headers: key))
        #expect(first == again)
        try expect(fixture.post("/go/note/2", "{}", on: 8091, headers: key), .refused(422))
        try expect(fixture.post("/go/none/1", "{}", on: 8091), .refused(422))
    }

    @Test func `a replay reads them from the path as it was sent`() throws {
        let directory = try TemporaryDirectory()
        let block = Block(
            text: #"""
                store: { path: "\#(directory.path("store"))" }
                listener: { type: http-callback, host: 127.0.0.1, port: 8090, path: "/t/{id}", identify_by: "${path.id}",
                            result: "${query.n}", reuse_keys: true }

                """#
        ).adding(Completion.controller, CallbackIdentityTests.waiting)
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        _ = try fixture.wait(for: "a/b")
        let reply = try fixture.post("/t/a%2Fb?n=1", "{}")
        try expect(reply, .delivered)
        let id = try #require(reply.headers["x-request-id"])
        _ = try fixture.request(id, is: "delivered")
        let run = try fixture.wait(for: "a/b")
        #expect(try fixture.replay(id)["status"] == .integer(200))
        #expect(try fixture.output(run) == .string("1"))
    }
}
