import JSONWire
import TestKit
import Testing

/// The callback listeners of chapter 13.2, each as it stands in the document.
@Suite struct CallbackBlockTests {
    private static func waiting(_ number: Int, port: Int? = nil) throws -> ServerFixture {
        var block = try Block(number)
        if let port { block = try block.withPort(port) }
        return try ServerFixture(block.adding(Completion.controller, Completion.waiter))
    }

    @Test func `13.2.2 simple callback listener`() throws {
        let alone = try ServerFixture(Block(1).adding(Completion.controller))
        defer { alone.stop() }
        try expect(alone.post("/callback", #"{"note":"first"}"#), .held)

        let fixture = try Self.waiting(1)
        defer { fixture.stop() }
        try expect(fixture.post("/callback", #"{"note":"first"}"#), .held)
        let wrong = try fixture.at(8090).get("/callback")
        try expect(wrong, .refused(405))
        #expect(wrong.headers["allow"]?.contains("POST") == true)
        try expect(fixture.post("/nope", "{}"), .refused(404))

        let early = try fixture.start(#"{"key":"__callback__"}"#, workflow: "wait")
        #expect(try fixture.output(early) == fixture.json(#"{"note":"first"}"#))
        let late = try fixture.wait(for: "__callback__")
        try expect(fixture.post("/callback", #"{"note":"second"}"#), .delivered)
        #expect(try fixture.output(late) == fixture.json(#"{"note":"second"}"#))
    }

    @Test func `13.2.3 single callback endpoint`() throws {
        let fixture = try Self.waiting(2)
        defer { fixture.stop() }
        func call(_ json: String) throws -> HTTPReply {
            try fixture.post("/webhook/completed", json)
        }
        let done =
            #"{"task_id":"task-123","status":"completed","result":{"url":"https://example.com/r1.png"}}"#

        let run = try fixture.wait(for: "task-123")
        try expect(call(done), .delivered)
        #expect(try fixture.output(run) == fixture.json(#"{"url":"https://example.com/r1.png"}"#))
        try expect(call(done), .duplicate)
        let other = try call(
            #"{"task_id":"task-123","status":"completed","result":{"url":"other"}}"#
        )
        try expect(other, .refused(409))
        #expect(try JSONValue.parse(other.body)["code"] == .string("callback_answered"))

        let third = try fixture.wait(for: "task-125")
        try expect(call(#"{"task_id":"task-125","status":"success","result":1}"#), .delivered)
        #expect(try fixture.output(third) == fixture.json("1"))

        let failing = try fixture.wait(for: "task-124")
        try expect(call(#"{"task_id":"task-124","status":"processing"}"#), .progress)
        #expect(try fixture.state(failing)["status"] == .string("waiting"))
        try expect(
            call(#"{"task_id":"task-124","status":"failed","result":null}"#),
            .delivered
        )
        let error = try fixture.failure(failing)
        #expect(error["code"] == .string("callback_failed"))
        #expect(error["step"] == .string("call"))
        #expect(error["attempt"] == .integer(1))
        #expect(error["component"] == .string("caller"))
        #expect(error["message"]?.string?.contains("task-124") == true)
        #expect(error["message"]?.string?.contains("failed") == true)

        try expect(call(#"{"status":"completed"}"#), .refused(422))
        try expect(call(#"{"task_id":null}"#), .refused(422))
        try expect(call("{x"), .refused(400))
    }

    @Test func `13.2.3 multiple callback endpoints`() throws {
        let fixture = try Self.waiting(3)
        defer { fixture.stop() }
        let image = try fixture.wait(for: "req-1")
        try expect(
            fixture.post(
                "/webhooks/image/completed",
                #"{"request_id":"req-1","status":"completed","image_url":"https://example.com/i.png"}"#
            ),
            .delivered
        )
        #expect(try fixture.output(image) == fixture.json(#""https://example.com/i.png""#))

        let video = try fixture.wait(for: "vid-7")
        try expect(
            fixture.post("/webhooks/video/completed", #"{"task_id":"vid-7","state":"timeout"}"#),
            .delivered
        )
        let error = try fixture.failure(video)
        #expect(error["code"] == .string("callback_failed"))
        #expect(error["message"]?.string?.contains("timeout") == true)
        let second = try fixture.wait(for: "vid-8")
        try expect(
            fixture.post(
                "/webhooks/video/completed",
                #"{"task_id":"vid-8","state":"done","output":{"mp4":"v.mp4","seconds":12.5}}"#
            ),
            .delivered
        )
        #expect(try fixture.output(second) == fixture.json(#"{"mp4":"v.mp4","seconds":12.5}"#))

        let general = try fixture.wait(for: "42")
        try expect(
            fixture.post("/webhooks/task/callback", #"{"id":42,"data":[1,2,3]}"#),
            .delivered
        )
        #expect(try fixture.output(general) == fixture.json("[1,2,3]"))
        try expect(fixture.post("/image/completed", "{}"), .refused(404))

        let any = try fixture.wait(for: "req-2")
        try expect(fixture.post("/webhooks/task/callback", #"{"id":"req-2","data":9}"#), .delivered)
        #expect(try fixture.output(any) == fixture.json("9"))
    }

    @Test func `13.2.5 bulk callback processing`() throws {
        let fixture = try Self.waiting(4)
        defer { fixture.stop() }
        let runs = try ["task-1", "task-2"].map { try fixture.wait(for: $0) }
        let first = try fixture.post(
            "/batch/completed",
            #"""
            {"results": [
              {"task_id": "task-1", "status": "completed", "data": {"url": "https://example.com/result1.png"}},
              {"task_id": "task-2", "status": "completed", "data": {"url": "https://example.com/result2.png"}}
            ]}
            """#
        )
        #expect(first.status == 200)
        #expect(
            try JSONValue.parse(first.body)
                == fixture.json(
                    #"{"status":"processed","delivered":2,"held":0,"progress":0,"duplicates":0,"rejected":[]}"#
                )
        )
        #expect(
            try fixture.output(runs[0])
                == fixture.json(#"{"url":"https://example.com/result1.png"}"#)
        )
        #expect(
            try fixture.output(runs[1])
                == fixture.json(#"{"url":"https://example.com/result2.png"}"#)
        )
    }

    @Test func `13.2.5 bulk callback processing, with items that are not taken`() throws {
        let fixture = try Self.waiting(4)
        defer { fixture.stop() }
        let runs = try ["task-3", "task-4"].map { try fixture.wait(for: $0) }
        let second = try fixture.post(
            "/batch/completed",
            #"""
            {"results":[{"task_id":"task-3","status":"completed","data":3},{"task_id":"task-4","status":"failed","data":4},
              {"status":"completed","data":5},{"task_id":"task-6","status":"completed","data":6}]}
            """#
        )
        #expect(second.status == 200)
        let tally = try JSONValue.parse(second.body)
        #expect(tally["status"] == .string("processed"))
        #expect(tally["delivered"] == .integer(1))
        #expect(tally["held"] == .integer(1))
        #expect(tally["progress"] == .integer(1))
        #expect(tally["duplicates"] == .integer(0))
        guard case .array(let rejected)? = tally["rejected"] else {
            Issue.record("no list of the rejected: \(second.text)")
            return
        }
        #expect(rejected.count == 1)
        #expect(rejected.first?["index"] == .integer(2))
        #expect(rejected.first?["code"] == .string("key_missing"))
        #expect(try fixture.output(runs[0]) == fixture.json("3"))
        #expect(try fixture.state(runs[1])["status"] == .string("waiting"))

        for wrong in [#"{"results":{"task_id":"x"}}"#, "{}", #"{"results":[{"data":1}]}"#] {
            try expect(fixture.post("/batch/completed", wrong), .refused(422))
        }
        let none = try fixture.post("/batch/completed", #"{"results":[]}"#)
        #expect(none.status == 200)
        #expect(
            try JSONValue.parse(none.body)
                == fixture.json(
                    #"{"status":"processed","delivered":0,"held":0,"progress":0,"duplicates":0,"rejected":[]}"#
                )
        )
    }

    @Test func `13.2.6 runtime configuration`() throws {
        let fixture = try ServerFixture(Block(6).adding(Completion.controller))
        defer { fixture.stop() }
        try expect(fixture.post("/callback", #"{"note":"native"}"#), .held)
        let put = try fixture.at(8090).send(
            "PUT",
            "/callback",
            headers: [("Content-Type", "application/json")],
            body: Array("{}".utf8)
        )
        try expect(put, .refused(405))

        let docker = Loaded(
            text: try Block(6).replacing("runtime: native", with: "runtime: docker").text
        )
        #expect(docker.hasErrors)
        #expect(docker.findings.contains("the runtime `docker` is not supported"))
    }

    @Test func `13.2.7 basic structure of a callback`() throws {
        let fixture = try ServerFixture(
            Block(7).adding(
                Completion.controller,
                #"""
                components:
                  service: { type: http-client, endpoint: "http://127.0.0.1:9101/api/process", output: "${result}",
                             body: { data: "${input.data}", callback_url: "http://localhost:8090/callback" } }
                  recorder: { type: http-client, endpoint: "http://127.0.0.1:9101/record", body: "${input}" }
                workflow:
                  jobs:
                    - { id: request, component: service, input: "${input}" }
                    - { id: next, component: recorder, input: { got: "${jobs.request.output}" } }
                """#
            ),
            routes: ["POST /api/process": { _ in .json(202, #"{"task_id":"task-123"}"#) }]
        )
        defer { fixture.stop() }
        let run = try fixture.start(#"{"data":"hello"}"#)
        let sent = try fixture.service.waitForRequest(matching: "POST /api/process")
        #expect(
            try JSONValue.parse(sent.body)
                == fixture.json(
                    #"{"data":"hello","callback_url":"http://localhost:8090/callback"}"#
                )
        )
        #expect(sent.headers["content-type"] == "application/json")
        try fixture.state(run, reaches: "waiting")
        #expect(fixture.service.requests(matching: "POST /record").isEmpty)
        try fixture.waits(run, forKey: "task-123")

        try expect(
            fixture.post(
                "/callback",
                #"{"task_id":"task-123","status":"completed","result":{"text":"HELLO"}}"#
            ),
            .delivered
        )
        #expect(try fixture.output(run) == fixture.json(#"{"ok":true}"#))
        let recorded = try fixture.service.waitForRequest(matching: "POST /record")
        #expect(
            try JSONValue.parse(recorded.body) == fixture.json(#"{"got":{"text":"HELLO"}}"#)
        )
    }

    @Test func `13.2.8 single field extraction`() throws {
        let fixture = try Self.waiting(8, port: 8090)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "task-123")
        try expect(
            fixture.post(
                "/webhook",
                #"{"task_id":"task-123","output":{"url":"https://example.com/result.png"}}"#
            ),
            .delivered
        )
        #expect(try fixture.output(run) == fixture.json(#""https://example.com/result.png""#))
        let bare = try fixture.wait(for: "task-124")
        try expect(fixture.post("/webhook", #"{"task_id":"task-124"}"#), .delivered)
        #expect(try fixture.output(bare) == .null)
    }

    @Test func `13.2.8 multiple field extraction`() throws {
        let fixture = try Self.waiting(9, port: 8090)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "task-123")
        try expect(
            fixture.post(
                "/webhook",
                #"{"task_id":"task-123","output":{"url":"https://example.com/result.png","width":1024,"height":768,"file_size":204800}}"#
            ),
            .delivered
        )
        #expect(
            try fixture.output(run)
                == fixture.json(
                    #"{"url":"https://example.com/result.png","width":1024,"height":768,"size":204800}"#
                )
        )
    }

    @Test func `13.2.8 using query parameters`() throws {
        let fixture = try Self.waiting(10, port: 8090)
        defer { fixture.stop() }
        let body = #"{"status":"completed","output":{"url":"https://example.com/result.png"}}"#
        let run = try fixture.wait(for: "task-123")
        try expect(fixture.post("/webhook?task_id=task-123", body), .delivered)
        #expect(try fixture.output(run) == fixture.json(body))
        try expect(fixture.post("/webhook?task_id=task-123", body), .duplicate)
        // The query counts as it was sent: whoever repeats a callback sends the same bytes.
        try expect(fixture.post("/webhook?task_id=task%2D123", body), .refused(409))
        try expect(fixture.post("/webhook", #"{"task_id":"task-123"}"#), .refused(422))
    }

    @Test func `13.2.8 using query parameters, with the key given in the callback URL`() throws {
        let fixture = try ServerFixture(
            Block(10).withPort(8090).adding(
                Completion.controller,
                #"""
                components:
                  service: { type: http-client, endpoint: "http://127.0.0.1:9101/jobs", output: "${result}",
                             body: { callback_url: "http://localhost:8090/webhook?task_id=${context.run_id}" } }
                workflow: { jobs: [ { id: call, component: service } ] }
                """#
            )
        )
        defer { fixture.stop() }
        let run = try fixture.start("{}")
        let sent = try fixture.service.waitForRequest(matching: "POST /jobs")
        let url = try #require(JSONValue.parse(sent.body)["callback_url"]?.string)
        try fixture.state(run, reaches: "waiting")
        try expect(HTTPProbe.post(url: url, json: #"{"done":true}"#), .delivered)
        #expect(try fixture.output(run) == fixture.json(#"{"done":true}"#))
    }
}

extension ServerFixture {
    /// Waits until a run says that it waits for a key.
    func waits(_ run: String, forKey key: String) throws {
        try eventually("run \(run) to wait for \(key)") {
            guard case .array(let waits)? = try state(run)["waiting"] else { return false }
            return waits.contains { wait in
                guard case .array(let keys)? = wait["keys"] else { return false }
                return keys.contains(.string(key))
            }
        }
    }
}
