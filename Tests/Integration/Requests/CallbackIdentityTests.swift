import JSONWire
import TestKit
import Testing

/// What makes a callback the same one, over real HTTP: what its endpoint can read of it, and nothing that a sender changes
/// when it repeats it.
@Suite struct CallbackIdentityTests {
    static let waiting = #"""
        workflow: { id: wait, jobs: [ { id: hold, type: wait, wait_for: "${input.key}" } ], output: "${jobs.hold.output}" }

        """#

    static func fixture(_ listener: String) throws -> ServerFixture {
        try ServerFixture(
            Block(text: "listener: { type: http-callback, port: 8090, \(listener) }\n")
                .adding(Completion.controller, waiting)
        )
    }

    private static let approval = #"""
        path: /a, method: [GET, POST], identify_by: "${query.token}", status: "${query.answer}",
        success_when: ["yes"], fail_when: ["no"], result: "${query}"
        """#

    @Test(arguments: ["GET", "POST"])
    func `another answer in the query is another callback`(_ method: String) throws {
        let fixture = try Self.fixture(Self.approval)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "t1")
        func send(_ query: String) throws -> HTTPReply {
            method == "GET"
                ? try fixture.at(8090).get("/a?\(query)") : try fixture.post("/a?\(query)", "{}")
        }
        try expect(send("token=t1&answer=yes"), .delivered)
        #expect(try fixture.output(run)["answer"] == .string("yes"))
        try expect(send("token=t1&answer=yes"), .duplicate)
        let no = try send("token=t1&answer=no")
        try expect(no, .refused(409))
        #expect(try JSONValue.parse(no.body)["code"] == .string("callback_answered"))
    }

    @Test func `two held ones with different queries are both kept`() throws {
        let fixture = try Self.fixture(Self.approval)
        defer { fixture.stop() }
        try expect(fixture.at(8090).get("/a?token=t1&answer=yes&n=1"), .held)
        try expect(fixture.at(8090).get("/a?token=t1&answer=yes&n=2"), .held)
        let again = try fixture.at(8090).get("/a?token=t1&answer=yes&n=2")
        #expect(try JSONValue.parse(again.body)["duplicate"] == .bool(true))
        let run = try fixture.start(#"{"key":"t1"}"#, workflow: "wait")
        #expect(try fixture.output(run)["n"] == .string("1"))
    }

    @Test(arguments: [
        #"identify_by: __callback__"#, #"identify_by: __callback__, reuse_keys: true"#,
        #"identify_by: "${query.k | '__callback__'}", reuse_keys: true"#,
    ]) func `two runs that wait for one key get a callback each`(_ key: String) throws {
        let fixture = try Self.fixture(#"path: /n, method: GET, result: "${query.n}", \#(key)"#)
        defer { fixture.stop() }
        let runs = try (0..<2).map { _ in try fixture.wait(for: "__callback__") }
        for n in 1...2 {
            try expect(fixture.at(8090).get("/n?n=\(n)"), .delivered)
            try expect(fixture.at(8090).get("/n?n=\(n)"), .duplicate)
        }
        #expect(try fixture.output(runs[0]) == .string("1"))
        #expect(try fixture.output(runs[1]) == .string("2"))
    }

    @Test func `header fields that key, status and result name count, others do not`() throws {
        let fixture = try Self.fixture(
            #"""
            path: /h, identify_by: "${header.X-Id}", status: "${header.x-state}", fail_when: [bad],
            result: { n: "${header.X-N}", all: "${body}" }, reuse_keys: true
            """#
        )
        defer { fixture.stop() }
        func send(_ headers: (String, String)...) throws -> HTTPReply {
            try fixture.post("/h", "{}", headers: [("X-Id", "k")] + headers)
        }
        let runs = try (0..<4).map { _ in try fixture.wait(for: "k") }
        try expect(send(("X-N", "1"), ("X-Signature", "a"), ("X-Retry", "0")), .delivered)
        try expect(send(("X-N", "1"), ("X-Signature", "b"), ("X-Retry", "1")), .duplicate)
        try expect(send(("x-n", "1")), .duplicate)
        try expect(send(("X-N", "2")), .delivered)
        try expect(send(("X-N", "1"), ("X-N", "2")), .delivered)
        try expect(send(("X-N", "1"), ("X-State", "bad")), .delivered)
        for run in runs[..<3] { _ = try fixture.output(run) }
        _ = try fixture.failure(runs[3])
    }

    @Test func `what names a delivery stands for all of it`() throws {
        let fixture = try Self.fixture(
            #"path: /d, identify_by: "${body.id}", deduplicate_by: "${header.x-delivery}", reuse_keys: true"#
        )
        defer { fixture.stop() }
        func send(_ delivery: String?, _ query: String) throws -> HTTPReply {
            try fixture.post(
                "/d?\(query)",
                #"{"id":"k"}"#,
                headers: delivery.map { [("X-Delivery", $0)] } ?? []
            )
        }
        for _ in 0..<4 { _ = try fixture.wait(for: "k") }
        try expect(send("1", "try=1"), .delivered)
        try expect(send("1", "try=2"), .duplicate)
        try expect(send("2", "try=1"), .delivered)
        try expect(send(nil, "try=1"), .delivered)
        try expect(send(nil, "try=1"), .duplicate)
        try expect(send(nil, "try=2"), .delivered)
    }

    @Test func `the same bytes at another endpoint of the channel are the same callback`() throws {
        let fixture = try Self.fixture(
            #"""
            callbacks: [ { path: /done, identify_by: "${body.id}" }, { path: /other, identify_by: "${body.id}" },
                         { path: /batch, bulk: true, item: "${body.results}", identify_by: "${item.id}" } ]
            """#
        )
        defer { fixture.stop() }
        let item = #"{"id":"k","n":1}"#
        _ = try fixture.wait(for: "k")
        let batch = try fixture.post("/batch", #"{"results":[\#(item)]}"#)
        #expect(try JSONValue.parse(batch.body)["delivered"] == .integer(1))
        try expect(fixture.post("/done", item), .duplicate)
        try expect(fixture.post("/other", item), .duplicate)
        let again = try fixture.post("/batch", #"{"results":[\#(item)]}"#)
        #expect(try JSONValue.parse(again.body)["duplicates"] == .integer(1))
        try expect(fixture.post("/done?x=1", item), .refused(409))
    }

    @Test func `the query counts for every item of a bulk`() throws {
        let fixture = try Self.fixture(
            #"path: /b, bulk: true, identify_by: "${item.id}", result: "${query.part}", reuse_keys: true"#
        )
        defer { fixture.stop() }
        let runs = try (0..<2).map { _ in try fixture.wait(for: "k") }
        func send(_ part: Int) throws -> JSONValue {
            try JSONValue.parse(fixture.post("/b?part=\(part)", #"[{"id":"k"}]"#).body)
        }
        #expect(try send(1)["delivered"] == .integer(1))
        #expect(try send(1)["duplicates"] == .integer(1))
        #expect(try send(2)["delivered"] == .integer(1))
        #expect(try fixture.output(runs[0]) == .string("1"))
        #expect(try fixture.output(runs[1]) == .string("2"))
    }

    @Test(arguments: [#"${body.id}"#, #"${body.id | query.id}"#])
    func `a large body on a worker is told the same way`(_ key: String) throws {
        let fixture = try Self.fixture(#"path: /w, identify_by: "\#(key)", result: "${query.n}""#)
        defer { fixture.stop() }
        let body = #"{"id":"k","pad":"\#(String(repeating: "x", count: 300_000))"}"#
        _ = try fixture.wait(for: "k")
        try expect(fixture.post("/w?n=1", body), .delivered)
        try expect(fixture.post("/w?n=1", body), .duplicate)
        try expect(fixture.post("/w?n=2", body), .refused(409))
        try expect(fixture.post("/w", body), .refused(409))
    }

    @Test func `after a restart they are the same as before`() throws {
        let directory = try TemporaryDirectory()
        let block = Block(
            text: #"""
                store: { path: "\#(directory.path("store"))" }
                listener: { type: http-callback, host: 127.0.0.1, port: 8090, \#(Self.approval) }

                """#
        ).adding(Completion.controller, Self.waiting)
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        _ = try fixture.wait(for: "t1")
        try expect(fixture.at(8090).get("/a?token=t1&answer=yes"), .delivered)
        try expect(fixture.at(8090).get("/a?token=t2&answer=yes"), .held)
        try fixture.restart(block)
        try expect(fixture.at(8090).get("/a?token=t1&answer=yes"), .duplicate)
        try expect(fixture.at(8090).get("/a?token=t1&answer=no"), .refused(409))
        let again = try fixture.at(8090).get("/a?token=t2&answer=yes")
        #expect(try JSONValue.parse(again.body)["duplicate"] == .bool(true))
        try expect(fixture.at(8090).get("/a?token=t2&answer=no"), .held)
    }
}
