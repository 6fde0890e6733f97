import JSONWire
import Primitives
import TestKit
import Testing

/// The blocks of chapters 13.5.3 and 13.6.
@Suite struct FurtherBlockTests {
    private static func waiting(_ block: Block) throws -> ServerFixture {
        try ServerFixture(block.withPort(8090).adding(Completion.controller, Completion.waiter))
    }

    @Test func `13.5.3 local development`() throws {
        let gateway =
            "gateway:\n  type: http-tunnel\n  driver: ngrok                       # Use ngrok during development\n  port: 8080\n"
        let bare = try Block(30).replacing(gateway, with: "").adding(Completion.controller)
        let empty = try ServerFixture(bare)
        defer { empty.stop() }
        try expect(empty.post("/webhook", "{}"), .refused(404))

        let fixture = try ServerFixture(
            bare.replacing("  port: 8090\n", with: "  port: 8090\n  path: /webhook\n")
                .adding(Completion.publicGateway)
        )
        defer { fixture.stop() }
        try expect(fixture.post("/webhook", #"{"a":1}"#), .held)
    }

    @Test func `13.5.3 production environment`() throws {
        let block = try Block(31)
            .replacing(
                "listener:\n  host: 0.0.0.0\n  port: 8090\n",
                with: """
                    listener:
                      host: 0.0.0.0
                      port: 8090
                      base_path: /webhooks
                      path: /callback
                      identify_by: ${body.callback_id}
                      result: ${body.result}

                    """
            )
            .replacing(
                "  service:\n",
                with: """
                      service:
                        type: http-client
                        endpoint: http://127.0.0.1:9101/jobs
                        output: ${result}

                    """
            )
            .adding(
                #"gateway: { type: public, url: "https://api.yourdomain.com", port: 8090 }"#,
                "workflow: { jobs: [ { id: call, component: service } ] }"
            )
        let fixture = try ServerFixture(block)
        defer { fixture.stop() }
        let run = try fixture.start("{}", controller: 443)
        let sent = try fixture.service.waitForRequest(matching: "POST /jobs")
        let body = try JSONValue.parse(sent.body)
        let attempt = try #require(body["callback_id"]?.string)
        #expect(
            try body
                == fixture.json(
                    #"{"callback_url":"https://api.yourdomain.com/webhooks/callback","callback_id":"\#(attempt)"}"#
                )
        )
        try fixture.state(run, reaches: "waiting", controller: 443)
        try expect(
            fixture.post(
                "/webhooks/callback",
                #"{"callback_id":"\#(attempt)","result":{"ok":1}}"#
            ),
            .delivered
        )
        #expect(try fixture.output(run, controller: 443) == fixture.json(#"{"ok":1}"#))
    }

    private static func timed(_ timeout: String) throws -> Block {
        try Block(32)
            .replacing("timeout: 300000", with: "timeout: \(timeout)")
            .replacing(
                "    type: http-client\n",
                with: "    type: http-client\n    endpoint: http://127.0.0.1:9101/slow\n"
            )
            .adding(
                Completion.controller,
                Completion.publicGateway,
                #"listener: { type: http-callback, port: 8090, path: /callback, identify_by: "${body.task_id}" }"#,
                "workflow: { jobs: [ { id: call, component: service } ] }"
            )
    }

    @Test func `13.6.1 timeout configuration`() throws {
        let fixture = try ServerFixture(
            Self.timed("2000"),
            routes: ["POST /slow": { _ in .json(202, #"{"task_id":"slow-1"}"#) }]
        )
        defer { fixture.stop() }
        let run = try fixture.start("{}")
        let error = try fixture.failure(run)
        #expect(error["code"] == .string("callback_timeout"))
        #expect(error["step"] == .string("call"))
        #expect(error["attempt"] == .integer(1))
        #expect(error["component"] == .string("service"))
        let late = try fixture.post("/callback", #"{"task_id":"slow-1"}"#)
        try expect(late, .refused(409))
        #expect(try JSONValue.parse(late.body)["code"] == .string("callback_timed_out"))
    }

    @Test(arguments: ["300000", "5m", "300s"])
    func `13.6.1 timeout configuration, in all its spellings`(timeout: String) throws {
        let loaded = Loaded(text: try Self.timed(timeout).text)
        #expect(!loaded.hasErrors, "\(loaded.findings)")
        #expect(loaded.deadlines == [.seconds(300)])
    }

    @Test func `13.6.1 signature verification`() throws {
        let fixture = try Self.waiting(Block(33))
        defer { fixture.stop() }
        let run = try fixture.wait(for: "evt-9")
        let body = #"{"id":"evt-9","amount":5}"#
        try expect(
            fixture.post("/webhook", body, headers: [("X-Signature", "sha256=abc")]),
            .delivered
        )
        #expect(try fixture.output(run) == fixture.json(body))
        let unsigned = try fixture.wait(for: "evt-10")
        try expect(fixture.post("/webhook", #"{"id":"evt-10","amount":5}"#), .delivered)
        _ = try fixture.output(unsigned)
    }

    @Test func `13.6.1 signature verification, with the header in the result`() throws {
        let block = try Block(33).replacing(
            "      identify_by: ${body.id}\n",
            with: """
                      identify_by: ${body.id}
                      result: { id: "${body.id}", signature: "${header.X-Signature}" }

                """
        )
        let fixture = try Self.waiting(block)
        defer { fixture.stop() }
        let signed = try fixture.wait(for: "evt-9")
        try expect(
            fixture.post(
                "/webhook",
                #"{"id":"evt-9"}"#,
                headers: [("x-signature", "sha256=abc")]
            ),
            .delivered
        )
        #expect(
            try fixture.output(signed) == fixture.json(#"{"id":"evt-9","signature":"sha256=abc"}"#)
        )
        let bare = try fixture.wait(for: "evt-10")
        try expect(fixture.post("/webhook", #"{"id":"evt-10"}"#), .delivered)
        #expect(try fixture.output(bare) == fixture.json(#"{"id":"evt-10","signature":null}"#))
    }

    private static func retrying() throws -> Block {
        try Block(34)
            .replacing("delay: 5000", with: "delay: 50ms")
            .adding(
                Completion.controller,
                #"""
                components:
                  async-service: { type: http-client, endpoint: "http://127.0.0.1:9101/async", body: "${input}" }
                """#
            )
    }

    @Test func `13.6.3 callback failure handling`() throws {
        let fixture = try ServerFixture(
            Self.retrying(),
            routes: [
                "POST /async": { request in
                    request.number < 4 ? .json(500, "{}") : .json(200, #"{"ok":true}"#)
                }
            ]
        )
        defer { fixture.stop() }
        let run = try fixture.start(#"{"job":1}"#)
        #expect(try fixture.output(run) == fixture.json(#"{"ok":true}"#))
        let requests = fixture.service.requests(matching: "POST /async")
        #expect(requests.count == 4)
        for request in requests {
            #expect(try JSONValue.parse(request.body) == fixture.json(#"{"job":1}"#))
        }
        // A step that does not wait has one key for all its attempts: a retry is no second order.
        let keys = requests.map { $0.headers["idempotency-key"] }
        #expect(keys[0] == "\(run)/async-task")
        #expect(Set(keys.dropFirst()) == ["\(run)/retry"])
        // The second try is immediate; the third and the fourth keep the delay.
        for (earlier, later) in [(1, 2), (2, 3)] {
            let between =
                requests[later].receivedAt.milliseconds - requests[earlier].receivedAt.milliseconds
            #expect(between >= 49)
        }
    }

    @Test func `13.6.3 callback failure handling, in vain`() throws {
        let fixture = try ServerFixture(
            Self.retrying(),
            routes: ["POST /async": { _ in .json(500, #"{"why":"down"}"#) }]
        )
        defer { fixture.stop() }
        let run = try fixture.start(#"{"job":1}"#)
        let error = try fixture.failure(run)
        #expect(error["step"] == .string("retry"))
        #expect(error["attempt"] == .integer(3))
        #expect(error["component"] == .string("async-service"))
        #expect(error["message"]?.string?.contains("500") == true)
        #expect(fixture.service.requests(matching: "POST /async").count == 4)
    }

    @Test func `13.6.3 callback failure handling, with failures told by callbacks`() throws {
        let block = try Block(34)
            .replacing("delay: 5000", with: "delay: 20ms")
            .adding(
                Completion.controller,
                #"""
                listener: { port: 8090, path: /done, identify_by: "${body.id}", status: "${body.status}",
                            success_when: [ok], fail_when: [bad], result: "${body.n}" }
                components:
                  async-service: { type: http-client, endpoint: "http://127.0.0.1:9101/async",
                                   body: { id: "${context.run_id}", url: "http://localhost:8090/done" } }
                """#
            )
        let ports = SleepingLock<LocalPorts?>(nil)
        let fixture = try ServerFixture(
            block,
            routes: [
                "POST /async": { request in
                    let port = ports.withLock { $0 }?[8090] ?? 0
                    return .json(202, "{}") { Self.callBack(request, port: port) }
                }
            ]
        )
        ports.withLock { $0 = fixture.ports }
        defer { fixture.stop() }
        let run = try fixture.start(#"{"job":1}"#)
        #expect(try fixture.output(run) == .integer(4))
        let ids = try fixture.service.requests.map { try JSONValue.parse($0.body)["id"] }
        #expect(Set(ids).count == 4)
    }

    /// The service's callback: the first three requests failed.
    private static func callBack(_ request: ScriptedRequest, port: Int) {
        let id = request.text.split(separator: "\"").first { $0.utf8.count == 36 } ?? ""
        let status = request.number < 4 ? "bad" : "ok"
        do {
            let reply = try HTTPProbe(port: port).post(
                "/done",
                json: #"{"id":"\#(id)","status":"\#(status)","n":\#(request.number)}"#
            )
            try expect(reply, .delivered)
        } catch {
            Issue.record(error)
        }
    }

    @Test func `13.6.4 callback logging`() throws {
        let fixture = try Self.waiting(Block(35))
        defer { fixture.stop() }
        let body =
            #"{"task_id":"task-123","status":"completed","timestamp":"2026-11-21T10:00:00Z","extra":{"a":[1,null]}}"#
        let run = try fixture.wait(for: "task-123")
        try expect(fixture.post("/webhook", body), .delivered)
        #expect(
            try fixture.output(run)
                == fixture.json(
                    #"{"task_id":"task-123","status":"completed","timestamp":"2026-11-21T10:00:00Z","data":\#(body)}"#
                )
        )
        let bare = try fixture.wait(for: "task-124")
        try expect(fixture.post("/webhook", #"{"task_id":"task-124"}"#), .delivered)
        #expect(
            try fixture.output(bare)
                == fixture.json(
                    #"{"task_id":"task-124","status":null,"timestamp":null,"data":{"task_id":"task-124"}}"#
                )
        )
    }

    @Test func `13.6.4 workflow execution tracking`() throws {
        let fixture = try ServerFixture(
            Block(36).adding(
                Completion.controller,
                Completion.publicGateway,
                #"""
                listener: { port: 8090, path: /webhook, identify_by: "${body.task_id}", result: { state: "${body.status}" } }
                components:
                  external-api: { type: http-client, endpoint: "http://127.0.0.1:9101/api", output: { task_id: "${response.task_id}" },
                                  body: { data: "${input.data}", callback_url: "${gateway:8090.public_url}/webhook" } }
                  logger: { type: logger }
                """#
            ),
            routes: ["POST /api": { _ in .json(202, #"{"task_id":"task-123"}"#) }]
        )
        defer { fixture.stop() }
        let run = try fixture.start(#"{"data":"hello"}"#)
        let sent = try fixture.service.waitForRequest(matching: "POST /api")
        try fixture.waits(run, forKey: "task-123")
        #expect(!fixture.lines.records.contains { $0.message.hasPrefix("Task ") })
        try expect(
            fixture.post("/webhook", #"{"task_id":"task-123","status":"completed"}"#),
            .delivered
        )
        let output = try fixture.output(run)
        #expect(output["task_id"] == .string("task-123"))
        let time = try #require(output["request_time"]?.string)
        #expect(time <= sent.receivedAt.rfc3339)
        let told = fixture.lines.records.filter { $0.message.hasPrefix("Task ") }
        #expect(
            told.map(\.message) == [
                "Task requested: task_id=task-123", "Task completed: task_id=task-123",
            ]
        )
        for record in told {
            #expect(record.level == .info)
            #expect(try JSONValue.parse(record["data"] ?? "") == output)
        }
    }

    @Test func `13.6.4 performance metrics collection`() throws {
        let fixture = try Self.waiting(Block(37))
        defer { fixture.stop() }
        let run = try fixture.wait(for: "task-123")
        try expect(
            fixture.post(
                "/webhook",
                #"{"task_id":"task-123","result":{"ok":true},"processing_time_ms":1500,"queue_time_ms":250}"#
            ),
            .delivered
        )
        #expect(
            try fixture.output(run)
                == fixture.json(
                    #"{"task_id":"task-123","result":{"ok":true},"metrics":{"processing_time":1500,"queue_time":250,"total_time":1750}}"#
                )
        )
        let large = try fixture.wait(for: "task-124")
        try expect(
            fixture.post(
                "/webhook",
                #"{"task_id":"task-124","processing_time_ms":9007199254740993,"queue_time_ms":1}"#
            ),
            .delivered
        )
        #expect(
            try fixture.output(large)["metrics"]?["total_time"] == .integer(9_007_199_254_740_994)
        )
        let missing = try fixture.wait(for: "task-125")
        try expect(
            fixture.post("/webhook", #"{"task_id":"task-125","queue_time_ms":5}"#),
            .delivered
        )
        #expect(try fixture.output(missing)["metrics"]?["total_time"] == .null)
        let wrong = try fixture.wait(for: "task-126")
        try expect(
            fixture.post(
                "/webhook",
                #"{"task_id":"task-126","processing_time_ms":1,"queue_time_ms":"x"}"#
            ),
            .refused(422)
        )
        #expect(try fixture.state(wrong)["status"] == .string("waiting"))
    }
}
