import JSONWire
import TestKit
import Testing

/// Requests that started runs are known again after a restart.
@Suite struct ClaimRestartTests {
    private typealias Kit = DeduplicationTests

    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private var block: Block {
        Block(
            text: #"""
                store: { path: "\#(directory.path("store"))" }
                listener:
                  type: http-trigger
                  host: 127.0.0.1
                  port: 8091
                  triggers:
                    - { path: /start, workflow: note, deduplicate_by: "${body.id}" }
                    - { path: /many, workflow: note, bulk: true, deduplicate_by: "${item.id}" }
                    - { path: /plain, workflow: note }

                """#
        ).adding(Completion.controller, Completion.recorder("note"))
    }

    @Test func `by value, by item and by key`() throws {
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        let key = [("Idempotency-Key", #""order-17""#)]
        let run = #"{"workflow_id":"note","input":1}"#
        func send() throws -> [JSONValue] {
            let replies = [
                try fixture.post("/start", #"{"id":1}"#, on: 8091),
                try fixture.post("/many", #"[{"id":1},{"id":2}]"#, on: 8091),
                try fixture.post("/plain", "{}", on: 8091, headers: key),
                try fixture.post("/workflows/runs", run, on: 8088, headers: key),
            ]
            return try replies.map { reply in
                #expect(reply.status == 200, "\(reply.text)")
                return try JSONValue.parse(reply.body)
            }
        }
        let before = try send()
        #expect(before.allSatisfy { $0["duplicate"] == nil })
        try fixture.restart(block) {}
        let after = try send()
        for place in [0, 2, 3] {
            #expect(after[place]["task_id"] == before[place]["task_id"])
            #expect(after[place]["duplicate"] == .bool(true))
        }
        for item in 0..<2 {
            let (old, new) = (before[1]["tasks"], after[1]["tasks"])
            #expect(Self.item(item, old)?["duplicate"] == nil)
            #expect(Self.item(item, new)?["duplicate"] == .bool(true))
            #expect(Self.item(item, new)?["task_id"] == Self.item(item, old)?["task_id"])
        }
        let other = try fixture.post("/plain", "[]", on: 8091, headers: key)
        try expect(other, .refused(422))
    }

    private static func item(_ index: Int, _ list: JSONValue?) -> JSONValue? {
        guard case .array(let items)? = list else { return nil }
        return items[at: index]
    }
}
