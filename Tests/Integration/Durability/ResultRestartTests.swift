import JSONWire
import Primitives
import Synchronization
import TestKit
import Testing

/// Results that are sent to a `callback_url`, over retries of the run and restarts of the server.
@Suite struct ResultRestartTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private var block: Block {
        DurableBlocks.bare(
            directory,
            #"""
            gateway: { type: public, url: "http://127.0.0.1:8090", port: 8090 }
            listener:
              type: http-callback
              host: 127.0.0.1
              port: 8090
              path: /webhook/completed
              identify_by: ${body.task_id}
            components:
              flaky: { type: http-client, endpoint: "http://127.0.0.1:9101/flaky", body: { job: "${input.key}" } }
            workflows:
              - id: work
                jobs:
                  - { id: call, component: flaky, input: "${input}" }
                  - { id: wait, type: wait, wait_for: "${input.key}", depends_on: [ call ] }
            """#
        )
    }

    @Test func `each end has an id of its own, and none hides that the run goes on`() throws {
        let calls = Atomic(0)
        let results = Atomic(0)
        let first = Gate()
        let second = Gate()
        let fixture = try ServerFixture(
            block,
            isDurable: true,
            routes: [
                "POST /flaky": { _ in
                    .json(calls.wrappingAdd(1, ordering: .relaxed).newValue == 1 ? 500 : 200, "{}")
                },
                "POST /result": { _ in
                    switch results.wrappingAdd(1, ordering: .relaxed).newValue {
                    case 1: first.waitUntilOpen()
                    case 2: second.waitUntilOpen()
                    default: break
                    }
                    return .status(200)
                },
            ]
        )
        defer { fixture.stop() }
        let url = "http://127.0.0.1:\(fixture.service.port)/result"
        let reply = try fixture.post(
            "/workflows/runs",
            #"{"workflow_id":"work","input":{"key":"a"},"callback_url":"\#(url)"}"#,
            on: 8088
        )
        let run = try #require(JSONValue.parse(reply.body)["task_id"]?.string)
        // The first result is under way while the run is taken up again.
        try fixture.service.waitForRequest(matching: "POST /result")
        #expect(try fixture.post("/tasks/\(run)/retry", "{}", on: 8088).status == 200)
        try fixture.state(run, reaches: "waiting")
        first.open()
        _ = try fixture.lines.wait(for: "Result sent")
        try fixture.restart(block)
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        let callback = #"{"task_id":"a"}"#
        try expect(fixture.post("/webhook/completed", callback), .delivered)
        try fixture.service.waitForRequest(matching: "POST /result", count: 2)
        // The second one is on its way when the server ends.
        try fixture.restart(block) { second.open() }
        try fixture.service.waitForRequest(matching: "POST /result", count: 3)
        #expect(try fixture.state(run)["status"] == .string("completed"))
        let ids = fixture.service.requests(matching: "POST /result").map {
            $0.headers["webhook-id"]
        }
        #expect(ids == ["msg_\(run)", "msg_\(run)_2", "msg_\(run)_2"])
    }
}
