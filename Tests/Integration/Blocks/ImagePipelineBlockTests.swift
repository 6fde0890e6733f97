import JSONWire
import Primitives
import TestKit
import Testing

/// Block 29, section 13.5.1: the asynchronous image pipeline, as it is written.
@Suite struct ImagePipelineBlockTests {
    private static let completed = "/webhooks/image/completed"

    /// The pipeline with a generator and the optimizer of the document.
    private static func fixture(
        generator: @escaping ScriptedService.Script
    ) throws -> ServerFixture {
        try ServerFixture(
            Block(29).withPublicGateway()
                .replacing("https://api.image-ai.com/v1", with: "http://127.0.0.1:9101/v1")
                .replacing("https://api.imageoptim.com", with: "http://127.0.0.1:9102")
                .adding(Completion.controller),
            environment: ["IMAGE_AI_KEY": "ai-key", "IMAGEOPTIM_KEY": "opt-key"],
            routes: ["POST /v1/generate": generator],
            secondRoutes: ["POST /optimize": optimize]
        )
    }

    @Sendable private static func optimize(_ request: ScriptedRequest) -> ScriptedAnswer {
        let url = request.text.split(separator: "\"").first { $0.hasPrefix("https://") } ?? ""
        let small = url.hasSuffix(".png") ? url.dropLast(4) + ".min.png" : url
        return .json(
            200,
            #"{"url":"\#(small)","original_size":2048000,"compressed_size":512000}"#
        )
    }

    private static func result(_ id: String) -> String {
        #"{"final_url":"https://cdn.example.com/\#(id).min.png","original_size":2048000,"#
            + #""compressed_size":512000,"savings":1536000}"#
    }

    private static func done(_ key: String, image: String, status: String = "completed") -> String {
        #"{"task_id":"\#(key)","status":"\#(status)","output":"#
            + #"{"url":"https://cdn.example.com/\#(image).png","width":1024,"height":1024}}"#
    }

    @Test func `13.5.1 async image processing`() throws {
        let fixture = try Self.fixture { _ in
            .json(202, #"{"task_id":"img-501","status":"queued"}"#)
        }
        defer { fixture.stop() }
        let begin = try fixture.post(
            "/workflows/runs",
            #"{"input":{"prompt":"a lighthouse at dusk"},"wait_for_completion":false}"#,
            on: 8088
        )
        #expect(begin.status == 200)
        let begun = try JSONValue.parse(begin.body)
        #expect(begun["workflow_id"] == .string("__workflow__"))
        #expect(["pending", "running"].contains(begun["status"]?.string))
        let run = try #require(begun["task_id"]?.string)

        let attempt = try Self.generated(fixture)
        try Self.expectWaiting(fixture, run, attempt)

        try expect(
            fixture.post(Self.completed, #"{"task_id":"img-501","status":"processing"}"#),
            .progress
        )
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        let callback = Self.done("img-501", image: "img-501")
        try expect(fixture.post(Self.completed, callback), .delivered)
        #expect(try fixture.output(run) == fixture.json(Self.result("img-501")))

        let optimized = try fixture.second.waitForRequest(matching: "POST /optimize")
        #expect(
            try JSONValue.parse(optimized.body)
                == fixture.json(#"{"url":"https://cdn.example.com/img-501.png","quality":85}"#)
        )
        #expect(optimized.headers["authorization"] == "Bearer opt-key")
        #expect(optimized.headers["idempotency-key"]?.isEmpty == false)

        try expect(fixture.post(Self.completed, callback), .duplicate)
        try expect(
            fixture.post(Self.completed, #"{"task_id":"img-501","status":"failed"}"#),
            .refused(409)
        )
        try expect(
            fixture.post(
                Self.completed,
                #"{"task_id":"\#(attempt)","status":"completed","output":{}}"#
            ),
            .refused(409)
        )
        #expect(try fixture.state(run)["status"] == .string("completed"))
        #expect(fixture.second.requests.count == 1)
        let logged = fixture.lines.text
        #expect(!logged.contains("ai-key"))
        #expect(!logged.contains("opt-key"))
    }

    /// Checks the request to the generator, and gives the attempt's id in it.
    private static func generated(_ fixture: ServerFixture) throws -> String {
        let sent = try fixture.service.waitForRequest(matching: "POST /v1/generate")
        let body = try JSONValue.parse(sent.body)
        let attempt = try #require(body["task_id"]?.string)
        #expect(
            try body
                == fixture.json(
                    #"{"prompt":"a lighthouse at dusk","size":"1024x1024","callback_url":"http://127.0.0.1:8090/webhooks/image/completed","task_id":"\#(attempt)"}"#
                )
        )
        #expect(sent.headers["authorization"] == "Bearer ai-key")
        #expect(sent.headers["content-type"] == "application/json")
        #expect(sent.headers["idempotency-key"] == attempt)
        return attempt
    }

    /// Checks that the run says what it waits for.
    private static func expectWaiting(
        _ fixture: ServerFixture,
        _ run: String,
        _ attempt: String
    ) throws {
        try fixture.waits(run, forKey: "img-501")
        let waiting = try fixture.state(run)
        #expect(waiting["status"] == .string("waiting"))
        guard case .array(let waits)? = waiting["waiting"] else {
            Issue.record("it does not say what it waits for: \(waiting.jsonText)")
            return
        }
        #expect(waits.count == 1)
        #expect(waits.first?["step"] == .string("generate"))
        #expect(waits.first?["keys"] == .array([.string(attempt), .string("img-501")]))
        #expect(waits.first?["until"]?.string?.hasSuffix("Z") == true)
        #expect(fixture.second.requests.isEmpty)
    }

    @Test(arguments: ["{}", ""])
    func `13.5.1, the service uses our id`(answer: String) throws {
        let fixture = try Self.fixture { _ in
            answer.isEmpty ? .status(202) : .json(202, answer)
        }
        defer { fixture.stop() }
        let run = try fixture.start(#"{"prompt":"p"}"#)
        let sent = try fixture.service.waitForRequest(matching: "POST /v1/generate")
        let attempt = try #require(JSONValue.parse(sent.body)["task_id"]?.string)
        try fixture.waits(run, forKey: attempt)
        try expect(
            fixture.post(Self.completed, Self.done(attempt, image: "own", status: "success")),
            .delivered
        )
        #expect(try fixture.output(run) == fixture.json(Self.result("own")))
    }

    @Test func `13.5.1, the callback comes before the 202 under the service's id`() throws {
        let fixture = SleepingLock<ServerFixture?>(nil)
        let told = SleepingLock<HTTPReply?>(nil)
        let made = try Self.fixture { _ in
            let reply = Self.call(fixture.withLock { $0 }, Self.done("img-502", image: "img-502"))
            told.withLock { $0 = reply }
            return .json(202, #"{"task_id":"img-502","status":"queued"}"#)
        }
        fixture.withLock { $0 = made }
        defer {
            fixture.withLock { $0 = nil }
            made.stop()
        }
        let run = try made.start(#"{"prompt":"p"}"#)
        #expect(try made.output(run) == made.json(Self.result("img-502")))
        try expect(#require(told.withLock { $0 }), .held)
    }

    @Test func `13.5.1, the callback comes before the 202 under our id`() throws {
        let fixture = SleepingLock<ServerFixture?>(nil)
        let told = SleepingLock<HTTPReply?>(nil)
        let made = try Self.fixture { request in
            let attempt = Self.member("task_id", of: request)
            let reply = Self.call(fixture.withLock { $0 }, Self.done(attempt, image: "img-505"))
            told.withLock { $0 = reply }
            return .json(202, #"{"task_id":"img-505","status":"queued"}"#)
        }
        fixture.withLock { $0 = made }
        defer {
            fixture.withLock { $0 = nil }
            made.stop()
        }
        let run = try made.start(#"{"prompt":"p"}"#)
        #expect(try made.output(run) == made.json(Self.result("img-505")))
        try expect(#require(told.withLock { $0 }), .delivered)
    }

    @Test func `13.5.1, the service says that it failed`() throws {
        let fixture = try Self.fixture { _ in .json(202, #"{"task_id":"img-503"}"#) }
        defer { fixture.stop() }
        let run = try fixture.start(#"{"prompt":"p"}"#)
        try fixture.waits(run, forKey: "img-503")
        try expect(
            fixture.post(Self.completed, #"{"task_id":"img-503","status":"error"}"#),
            .delivered
        )
        let error = try fixture.failure(run)
        #expect(error["code"] == .string("callback_failed"))
        #expect(error["step"] == .string("generate"))
        #expect(error["attempt"] == .integer(1))
        #expect(error["component"] == .string("image-generator"))
        #expect(error["message"]?.string?.contains("img-503") == true)
        #expect(error["message"]?.string?.contains("error") == true)
        #expect(fixture.second.requests.isEmpty)
    }

    @Test func `13.5.1, the service refuses the request`() throws {
        let fixture = try Self.fixture { _ in .json(503, #"{"why":"too many images"}"#) }
        defer { fixture.stop() }
        let run = try fixture.start(#"{"prompt":"p"}"#)
        let error = try fixture.failure(run)
        #expect(error["step"] == .string("generate"))
        let message = try #require(error["message"]?.string)
        #expect(message.contains(fixture.ports.local("http://127.0.0.1:9101/v1/generate")))
        #expect(message.contains("503"))
        #expect(message.contains("too many images"))
        let sent = try fixture.service.waitForRequest(matching: "POST /v1/generate")
        let attempt = Self.member("task_id", of: sent)
        let late = try fixture.post(Self.completed, Self.done(attempt, image: "late"))
        try expect(late, .refused(409))
        #expect(try JSONValue.parse(late.body)["code"] == .string("callback_cancelled"))
        #expect(fixture.second.requests.isEmpty)
    }

    @Test func `13.5.1, with a size`() throws {
        let fixture = try Self.fixture { _ in .json(202, #"{"task_id":"img-506"}"#) }
        defer { fixture.stop() }
        _ = try fixture.start(#"{"prompt":"p","size":"512x512"}"#)
        let sent = try fixture.service.waitForRequest(matching: "POST /v1/generate")
        #expect(Self.member("size", of: sent) == "512x512")
    }

    @Test func `13.5.1, with the body of the diagram in 13.5.2`() throws {
        let fixture = try Self.fixture { _ in .json(202, #"{"task_id":"img-504"}"#) }
        defer { fixture.stop() }
        let run = try fixture.start(#"{"prompt":"p"}"#)
        try fixture.waits(run, forKey: "img-504")
        try expect(
            fixture.post(
                Self.completed,
                #"{"task_id":"img-504","status":"completed","image_url":"u"}"#
            ),
            .delivered
        )
        let optimized = try fixture.second.waitForRequest(matching: "POST /optimize")
        #expect(
            try JSONValue.parse(optimized.body) == fixture.json(#"{"url":null,"quality":85}"#)
        )
        _ = try fixture.output(run)
    }

    @Test func `13.5.1, ten runs at once`() throws {
        let fixture = try Self.fixture { request in
            .json(202, #"{"task_id":"img-\#(Self.member("prompt", of: request))"}"#)
        }
        defer { fixture.stop() }
        let runs = try (0..<10).map { try fixture.start(#"{"prompt":"\#($0)"}"#) }
        for (number, run) in runs.enumerated() {
            try fixture.waits(run, forKey: "img-\(number)")
        }
        let connections = try runs.indices.reversed().map { number in
            let body = Self.done("img-\(number)", image: "img-\(number)")
            let connection = try RawConnection(port: fixture.ports[8090])
            try connection.send(
                "POST \(Self.completed) HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\n"
                    + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            return connection
        }
        for connection in connections { try expect(connection.readReply(), .delivered) }
        for (number, run) in runs.enumerated() {
            #expect(try fixture.output(run) == fixture.json(Self.result("img-\(number)")))
        }
    }

    @Test func `13.5.1, a wait without a callback ends after a day`() throws {
        let loaded = Loaded(
            text: try Block(29).text,
            environment: ["IMAGE_AI_KEY": "a", "IMAGEOPTIM_KEY": "b"]
        )
        #expect(!loaded.hasErrors, "\(loaded.findings)")
        #expect(loaded.deadlines == [.seconds(86_400)])
    }

    private static func member(_ name: String, of request: ScriptedRequest) -> String {
        guard let body = parsed(request.body) else { return "" }
        return body[name]?.string ?? ""
    }

    private static func parsed(_ bytes: [UInt8]) -> JSONValue? {
        do {
            return try JSONValue.parse(bytes)
        } catch {
            Issue.record(error)
            return nil
        }
    }

    private static func call(_ fixture: ServerFixture?, _ body: String) -> HTTPReply? {
        do {
            return try fixture?.post(completed, body)
        } catch {
            Issue.record(error)
            return nil
        }
    }
}
