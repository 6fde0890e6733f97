import JSONWire
import Primitives
import TestKit
import Testing

/// Endpoints that take requests only so often, with the tests' own connection as a trusted proxy.
@Suite struct RateLimitTests {
    private let fixture: ServerFixture

    init() throws {
        fixture = try ServerFixture(
            Block(
                text: #"""
                    server: { trusted_proxies: [127.0.0.1] }
                    controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
                    listeners:
                      - type: http-callback
                        host: 127.0.0.1
                        port: 8090
                        callbacks:
                          - { path: /all, identify_by: "${body.id}", rate_limit: { rate: 2/1h } }
                          - { path: /client, identify_by: "${body.id}",
                              rate_limit: [ { rate: 1/1h, burst: 2, per: client }, { rate: 5/1h } ] }
                          - { path: /key, identify_by: "${body.id}", rate_limit: { rate: 1/1h, per: key } }
                          - { path: /keys, bulk: true, identify_by: "${item.id}",
                              rate_limit: { requests: 1, period: 1h, per: key } }
                          - { path: /room, max_held_count: 1, identify_by: "${body.id}" }
                      - { type: http-trigger, host: 127.0.0.1, port: 8091, path: /go, workflow: wait,
                          input: { from: "${client.address}", by: "${client.peer}" }, rate_limit: 3/1h }
                    workflows:
                      - id: wait
                        jobs: [ { id: hold on, type: wait, wait_for: "${input.key | never}", timeout: 60s } ]
                    """#
            )
        )
    }

    private func post(
        _ path: String,
        _ body: String,
        from client: String? = nil
    ) throws -> HTTPReply {
        try fixture.post(path, body, headers: client.map { [("X-Forwarded-For", $0)] } ?? [])
    }

    private func isLimited(_ reply: HTTPReply) throws -> Bool {
        guard reply.status == 429 else { return false }
        let problem = try JSONValue.parse(reply.body)
        #expect(problem["code"] == .string("rate_limited"))
        let seconds = try #require(reply.headers["retry-after"].flatMap(Int.init))
        #expect((1...3600).contains(seconds))
        return true
    }

    @Test func `an endpoint takes so many requests in all, and says when to come again`() throws {
        defer { fixture.stop() }
        let statuses = try (0..<4).map { index in
            try post("/all", #"{"id":"a-\#(index)"}"#, from: "203.0.113.\(index)").status
        }
        #expect(statuses == [202, 202, 429, 429])
        let limited = try post("/all", #"{"id":"a-9"}"#)
        #expect(try isLimited(limited))
        #expect(limited.text.contains("More than 2/1h for this endpoint are not taken"))
    }

    @Test func `clients are counted apart, behind a proxy too, and a network of version 6 is one`()
        throws
    {
        defer { fixture.stop() }
        func status(_ client: String) throws -> Int {
            try post("/client", #"{"id":"c-\#(client)"}"#, from: client).status
        }
        #expect(try status("2001:db8::1") == 202)
        #expect(try status("2001:db8::2") == 202)
        #expect(try status("2001:db8::3") == 429, "the same /64")
        #expect(try status("6.6.6.6, 2001:db8::1") == 429, "what it says itself does not count")
        #expect(try status("2001:db8:0:1::1") == 202, "another /64")
        #expect(try status("203.0.113.1") == 202)
        #expect(try status("203.0.113.2") == 202)
        #expect(try status("203.0.113.3") == 429, "the endpoint's five are over")
    }

    @Test func `a key is counted before anything is matched, also in bulk`() throws {
        defer { fixture.stop() }
        #expect(try post("/key", #"{"id":"k-1"}"#).status == 202)
        let again = try post("/key", #"{"id":"k-1"}"#)
        #expect(try isLimited(again), "also where it would be a duplicate")
        #expect(try post("/key", #"{"id":"k-2"}"#).status == 202)
        let bulk = try post("/keys", #"[{"id":"b-1"},{"id":"b-2"},{"id":"b-1","n":2}]"#)
        #expect(bulk.status == 503, "a retry may be worth it")
        #expect(bulk.text.contains("rate_limited"))
    }

    @Test func `triggers have rates, and their runs know client and proxy`() throws {
        defer { fixture.stop() }
        let replies = try (0..<4).map { index in
            try fixture.post(
                "/go",
                "{}",
                on: 8091,
                headers: [("Forwarded", "for=203.0.113.\(index)")]
            )
        }
        #expect(replies.map(\.status) == [200, 200, 200, 429])
        let id = try #require(JSONValue.parse(replies[1].body)["task_id"]?.string)
        let input = try #require(try fixture.state(id, reaches: "waiting")["input"])
        #expect(input["from"] == .string("203.0.113.1"))
        #expect(input["by"] == .string("127.0.0.1"))
    }

    @Test func `an endpoint holds as many callbacks as it may itself`() throws {
        defer { fixture.stop() }
        #expect(try post("/room", #"{"id":"r-1"}"#).status == 202)
        #expect(try post("/room", #"{"id":"r-2"}"#).status == 503)
        #expect(try post("/key", #"{"id":"r-3"}"#).status == 202, "others hold on")
    }

    @Test func `what is refused is in the log with the client`() throws {
        defer { fixture.stop() }
        for _ in 0..<3 { _ = try post("/all", #"{"id":"l"}"#, from: "203.0.113.77") }
        let line = try fixture.lines.wait(for: "Request refused: More than")
        #expect(line.fields.contains { $0.name == "client" && $0.value == "203.0.113.77" })
        #expect(line.fields.contains { $0.name == "peer" && $0.value == "127.0.0.1" })
    }
}
