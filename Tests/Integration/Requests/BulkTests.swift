import JSONWire
import TestKit
import Testing

/// Many callbacks or triggers in one request, over real HTTP.
@Suite struct BulkTests {
    private static func listener(_ more: String) -> Block {
        Block(
            text: #"""
                listener: { port: 8090, path: /batch, bulk: true, item: "${body.items}",
                            identify_by: "${item.id}", result: "${item.n}"\#(more) }

                """#
        ).adding(Completion.controller, Completion.waiter)
    }

    private static func items(_ keys: [String]) -> String {
        let items = keys.map { #"{"id":"\#($0)","n":1}"# }
        return #"{"items":[\#(items.joined(separator: ","))]}"#
    }

    @Test func `an item that comes twice in one request is delivered once`() throws {
        let fixture = try ServerFixture(Self.listener(""))
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        let reply = try fixture.post("/batch", Self.items(["a", "a"]))
        #expect(reply.status == 200)
        let tally = try JSONValue.parse(reply.body)
        #expect(tally["delivered"] == .integer(1))
        #expect(tally["duplicates"] == .integer(1))
        #expect(try fixture.output(run) == .integer(1))
    }

    @Test func `items that are refused for now make a 503, and a retry finds the taken ones`()
        throws
    {
        let fixture = try ServerFixture(Self.listener(", max_held_count: 1"))
        defer { fixture.stop() }
        let first = try fixture.post("/batch", Self.items(["a", "b"]))
        try expect(first, .refused(503))
        #expect(first.headers["retry-after"] != nil)
        #expect(try JSONValue.parse(first.body)["held"] == .integer(1))
        let run = try fixture.start(#"{"key":"a"}"#, workflow: "wait")
        _ = try fixture.output(run)
        let second = try fixture.post("/batch", Self.items(["a", "b"]))
        #expect(second.status == 200)
        let tally = try JSONValue.parse(second.body)
        #expect(tally["duplicates"] == .integer(1))
        #expect(tally["held"] == .integer(1))
    }

    @Test func `more items than allowed are refused as a whole`() throws {
        let fixture = try ServerFixture(Self.listener(", max_items: 3"))
        defer { fixture.stop() }
        let reply = try fixture.post("/batch", Self.items(["a", "b", "c", "d"]))
        try expect(reply, .refused(413))
        #expect(try JSONValue.parse(reply.body)["code"] == .string("too_many_items"))
        let run = try fixture.wait(for: "a")
        let taken = try fixture.post("/batch", Self.items(["a", "b", "c"]))
        #expect(try JSONValue.parse(taken.body)["delivered"] == .integer(1))
        _ = try fixture.output(run)
    }

    @Test func `a large request is taken whole`() throws {
        let fixture = try ServerFixture(Self.listener(""))
        defer { fixture.stop() }
        let run = try fixture.wait(for: "k-4999")
        let reply = try fixture.post("/batch", Self.items((0..<20_000).map { "k-\($0)" }))
        #expect(reply.status == 200)
        let tally = try JSONValue.parse(reply.body)
        #expect(tally["delivered"] == .integer(1))
        #expect(tally["held"] == .integer(19_999))
        #expect(try fixture.output(run) == .integer(1))
    }

    @Test func `a large request says of each of its items what became of it`() throws {
        let fixture = try ServerFixture(Self.listener(""))
        defer { fixture.stop() }
        // Round the places where items are looked for, and handed on, together.
        let waiting = [0, 1, 15, 16, 255, 256, 257, 511, 512, 9_998, 19_999]
        let runs = try waiting.map { try fixture.wait(for: "k-\($0)") }
        let nameless = [2, 14, 17, 254, 258, 10_000, 19_998]
        let items = (0..<20_000).map { index in
            if nameless.contains(index) { return #"{"n":1}"# }
            // The callback before once more.
            if index == 513 { return #"{"id":"k-512","n":512}"# }
            return #"{"id":"k-\#(index)","n":\#(index)}"#
        }
        let reply = try fixture.post("/batch", #"{"items":[\#(items.joined(separator: ","))]}"#)
        #expect(reply.status == 200)
        let tally = try JSONValue.parse(reply.body)
        #expect(tally["delivered"] == .integer(Int64(waiting.count)))
        #expect(tally["duplicates"] == .integer(1))
        #expect(tally["held"] == .integer(Int64(20_000 - waiting.count - nameless.count - 1)))
        guard case .array(let rejected) = tally["rejected"] else {
            Issue.record("there is no list of what was rejected")
            return
        }
        #expect(rejected.map { $0["index"] } == nameless.map { .integer(Int64($0)) })
        for (run, index) in zip(runs, waiting) {
            #expect(try fixture.output(run) == .integer(Int64(index)))
        }
    }

    @Test func `of a bulk trigger all runs start or none`() throws {
        let fixture = try ServerFixture(
            Block(14).replacing("workflow: item-processor", with: "workflow: ${item.workflow}")
                .adding(
                    Completion.controller,
                    Completion.recorder("item-processor"),
                    "executor: { max_active_runs: 2 }\n"
                )
        )
        defer { fixture.stop() }
        func post(_ workflows: [String]) throws -> HTTPReply {
            let items = workflows.map { #"{"id":1,"workflow":"\#($0)"}"# }
            return try fixture.post(
                "/batch/process",
                #"{"items":[\#(items.joined(separator: ","))]}"#,
                on: 8091
            )
        }
        let tooMany = try post(["item-processor", "item-processor", "item-processor"])
        try expect(tooMany, .refused(503))
        #expect(tooMany.headers["retry-after"] != nil)
        try expect(post(["item-processor", "nothing"]), .refused(422))
        #expect(fixture.service.requests.isEmpty)
        #expect(try post(["item-processor", "item-processor"]).status == 200)
        try fixture.service.waitForRequest(matching: "POST /record", count: 2)
    }

    @Test func `a callback nobody waits for is refused where the endpoint holds nothing`() throws {
        let fixture = try ServerFixture(
            Block(7).replacing(
                "  path: /callback\n",
                with: "  path: /callback\n  unmatched: reject\n"
            )
            .adding(Completion.controller, Completion.waiter)
        )
        defer { fixture.stop() }
        let early = try fixture.post("/callback", #"{"task_id":"a","result":1}"#)
        try expect(early, .refused(404))
        #expect(try JSONValue.parse(early.body)["code"] == .string("no_waiter"))
        let run = try fixture.wait(for: "a")
        try expect(fixture.post("/callback", #"{"task_id":"a","result":1}"#), .delivered)
        _ = try fixture.output(run)
    }
}
