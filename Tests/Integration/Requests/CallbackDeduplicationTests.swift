import JSONWire
import TestKit
import Testing

/// Callbacks that an endpoint tells to be the same (`deduplicate_by`), over real HTTP.
@Suite struct CallbackDeduplicationTests {
    private static func fixture(_ more: String) throws -> ServerFixture {
        try ServerFixture(
            Block(
                text: #"""
                    listener: { port: 8090, path: /done, identify_by: "${body.key}", result: "${body.n}", \#(more) }

                    """#
            ).adding(Completion.controller, Completion.waiter)
        )
    }

    private static func body(_ event: String, _ n: Int, key: String = "a") -> String {
        #"{"key":"\#(key)","event":\#(event),"n":\#(n)}"#
    }

    @Test func `the same value is the same callback, whatever else it says`() throws {
        let fixture = try Self.fixture(#"deduplicate_by: "${body.event}""#)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        try expect(fixture.post("/done", Self.body("1", 1)), .delivered)
        #expect(try fixture.output(run) == .integer(1))
        try expect(fixture.post("/done", Self.body("1", 2)), .duplicate)
        try expect(fixture.post("/done", Self.body(#""1""#, 3)), .duplicate)
        try expect(fixture.post("/done", Self.body("2", 1)), .refused(409))
        try expect(fixture.post("/done", Self.body("1", 1, key: "b")), .held)
    }

    @Test func `without a value the bytes count`() throws {
        let fixture = try Self.fixture(#"deduplicate_by: "${body.event}""#)
        defer { fixture.stop() }
        _ = try fixture.wait(for: "a")
        try expect(fixture.post("/done", Self.body("null", 1)), .delivered)
        try expect(fixture.post("/done", Self.body("null", 1)), .duplicate)
        try expect(fixture.post("/done", Self.body("null", 2)), .refused(409))
    }

    @Test func `a held callback is known again by its value`() throws {
        let fixture = try Self.fixture("deduplicate_by: github")
        defer { fixture.stop() }
        let delivery = [("X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958")]
        try expect(fixture.post("/done", Self.body("1", 1), headers: delivery), .held)
        let again = try fixture.post("/done", Self.body("1", 2), headers: delivery)
        #expect(again.status == 202)
        #expect(try JSONValue.parse(again.body)["duplicate"] == .bool(true))
        let run = try fixture.start(#"{"key":"a"}"#, workflow: "wait")
        #expect(try fixture.output(run) == .integer(1))
    }

    @Test func `items of a bulk request are told one by one`() throws {
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    listener: { port: 8090, path: /done, bulk: true, item: "${body}", identify_by: "${item.key}",
                                result: "${item.n}", deduplicate_by: "${item.event}" }

                    """#
            ).adding(Completion.controller, Completion.waiter)
        )
        defer { fixture.stop() }
        let items = [Self.body("1", 1), Self.body("1", 2), Self.body("1", 3, key: "b")]
        let reply = try fixture.post("/done", "[\(items.joined(separator: ","))]")
        let tally = try JSONValue.parse(reply.body)
        #expect(tally["held"] == .integer(2))
        #expect(tally["duplicates"] == .integer(1))
    }
}
