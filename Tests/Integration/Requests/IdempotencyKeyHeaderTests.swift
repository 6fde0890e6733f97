import JSONWire
import Journal
import TestKit
import Testing

/// `Idempotency-Key` on trigger endpoints, over real HTTP.
@Suite struct IdempotencyKeyHeaderTests {
    private typealias Kit = DeduplicationTests

    private static let key = ("Idempotency-Key", #""order-17""#)

    private static func fixture(
        journal: (any Journal)? = nil,
        _ more: String = "bulk: false"
    ) throws
        -> ServerFixture
    {
        try Kit.fixture(more, journal: journal)
    }

    @Test func `the same request on many connections at one moment starts one run`() throws {
        let fixture = try Self.fixture()
        defer { fixture.stop() }
        let message = Kit.message(#"{"n":1}"#, [#"Idempotency-Key: "order-17""#])
        let told = try Kit.atOnce(message, 20, to: fixture).map(Kit.told)
        #expect(Set(told.map(\.run)).count == 1)
        #expect(told.count { !$0.isDuplicate } == 1)
        _ = try fixture.output(told[0].run)
        #expect(fixture.service.requests(matching: "POST /record").count == 1)
    }

    @Test func `another payload under a key is refused, another key starts a run`() throws {
        let fixture = try Self.fixture()
        defer { fixture.stop() }
        func send(_ body: String, _ key: String, _ target: String = "/start") throws -> HTTPReply {
            try fixture.post(target, body, on: 8091, headers: [("Idempotency-Key", key)])
        }
        let first = try Kit.told(send(#"{"n":1}"#, #""a""#))
        #expect(try Kit.told(send(#"{"n":1}"#, #""a""#)) == (first.run, true))
        for (body, target) in [(#"{"n":2}"#, "/start"), (#"{"n":1}"#, "/start?x=1")] {
            let reused = try send(body, #""a""#, target)
            try expect(reused, .refused(422))
            #expect(try JSONValue.parse(reused.body)["code"] == .string("idempotency_key_reused"))
        }
        #expect(try !Kit.told(send(#"{"n":1}"#, #""b""#)).isDuplicate)
        #expect(try !Kit.told(fixture.post("/start", #"{"n":1}"#, on: 8091)).isDuplicate)
        #expect(try !Kit.told(fixture.post("/start", #"{"n":1}"#, on: 8091)).isDuplicate)
    }

    @Test func `a key as it stands is the same as in double quotes`() throws {
        let fixture = try Self.fixture()
        defer { fixture.stop() }
        func send(_ key: String) throws -> (run: String, isDuplicate: Bool) {
            let headers = [("Idempotency-Key", key)]
            return try Kit.told(fixture.post("/start", "{}", on: 8091, headers: headers))
        }
        let first = try send("order-17")
        #expect(!first.isDuplicate)
        for key in ["order-17", #""order-17""#] {
            let again = try send(key)
            #expect(again.isDuplicate)
            #expect(again.run == first.run)
        }
        #expect(try !send("order-18").isDuplicate)
    }

    @Test(arguments: [#""open"#, #""a", "b""#, #""""#, "a\tb", String(repeating: "k", count: 1025)])
    func `a malformed key is refused`(_ value: String) throws {
        let fixture = try Self.fixture()
        defer { fixture.stop() }
        let reply = try fixture.post(
            "/start",
            "{}",
            on: 8091,
            headers: [("Idempotency-Key", value)]
        )
        try expect(reply, .refused(400))
        #expect(try JSONValue.parse(reply.body)["code"] == .string("idempotency_key_invalid"))
    }

    @Test func `two keys in one request are refused`() throws {
        let fixture = try Self.fixture()
        defer { fixture.stop() }
        let reply = try fixture.post("/start", "{}", on: 8091, headers: [Self.key, Self.key])
        try expect(reply, .refused(400))
    }

    @Test func `while the first is not stored: 409 after a while, then the same answer`() throws {
        let journal = HeldBackJournal()
        let fixture = try Self.fixture(journal: journal)
        defer { fixture.stop() }
        let message = Kit.message("{}", [#"Idempotency-Key: "order-17""#])
        let first = try RawConnection(port: fixture.ports[8091])
        try first.send(message)
        try journal.waitForRecords(2)
        let second = try fixture.post("/start", "{}", on: 8091, headers: [Self.key])
        try expect(second, .refused(409))
        #expect(try JSONValue.parse(second.body)["code"] == .string("idempotency_in_flight"))
        #expect(second.headers["retry-after"] == "1")
        let other = try fixture.post("/start", "[]", on: 8091, headers: [Self.key])
        try expect(other, .refused(422))
        let third = try RawConnection(port: fixture.ports[8091])
        let records = journal.appendedCount
        try third.send(message)
        try journal.waitForRecords(records + 1)
        journal.letGo()
        let told = try Kit.told(first.readReply())
        #expect(!told.isDuplicate)
        #expect(try Kit.told(third.readReply()) == (told.run, true))
        let late = try fixture.post("/start", "{}", on: 8091, headers: [Self.key])
        #expect(try Kit.told(late) == (told.run, true))
    }

    @Test func `a start for which there was no room is released`() throws {
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    executor: { max_active_runs: 1 }
                    listeners:
                      - { type: http-trigger, port: 8091, path: /start, workflow: wait }
                      - { port: 8090, path: /done, identify_by: "${body.key}" }

                    """#
            ).adding(Completion.controller, Completion.waiter)
        )
        defer { fixture.stop() }
        let busy = try triggered(fixture.post("/start", #"{"key":"one"}"#, on: 8091))
        try fixture.state(busy, reaches: "waiting")
        let body = #"{"key":"two"}"#
        let refused = try fixture.post("/start", body, on: 8091, headers: [Self.key])
        try expect(refused, .refused(503))
        try expect(fixture.post("/done", #"{"key":"one"}"#), .delivered)
        _ = try fixture.output(busy)
        let retry = try Kit.told(fixture.post("/start", body, on: 8091, headers: [Self.key]))
        #expect(!retry.isDuplicate)
        let again = try Kit.told(fixture.post("/start", body, on: 8091, headers: [Self.key]))
        #expect(again == (retry.run, true))
    }

    @Test func `a bulk request is remembered as a whole`() throws {
        let fixture = try Self.fixture("bulk: true")
        defer { fixture.stop() }
        let first = try fixture.post("/start", "[1,1]", on: 8091, headers: [Self.key])
        let again = try fixture.post("/start", "[1,1]", on: 8091, headers: [Self.key])
        let (one, two) = (try JSONValue.parse(first.body), try JSONValue.parse(again.body))
        #expect(again.status == 200)
        #expect(one["duplicate"] == nil)
        #expect(two["duplicate"] == .bool(true))
        #expect(two["tasks"] == one["tasks"])
    }

    @Test func `key and value both count`() throws {
        let fixture = try Self.fixture(#"deduplicate_by: "${body.id}""#)
        defer { fixture.stop() }
        let first = try Kit.told(fixture.post("/start", #"{"id":1}"#, on: 8091))
        let keyed = try Kit.told(
            fixture.post("/start", #"{"id":1}"#, on: 8091, headers: [Self.key])
        )
        #expect(keyed == (first.run, true))
        let other = try Kit.told(
            fixture.post("/start", #"{"id":2}"#, on: 8091, headers: [Self.key])
        )
        #expect(!other.isDuplicate)
        try expect(
            fixture.post("/start", #"{"id":3}"#, on: 8091, headers: [Self.key]),
            .refused(422)
        )
    }
}
