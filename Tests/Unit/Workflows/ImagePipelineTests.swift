import JSONWire
import Primitives
import TestKit
import Testing

@testable import Workflows

/// Section 13.5.1 of the document, second by second.
@Suite struct ImagePipelineTests {
    /// The components and the workflow of config/image-pipeline.yml, which is what the demo runs.
    private static func pipeline() throws -> String {
        let text = try Files.text(PackageRoot.path("config/image-pipeline.yml"))
        let start = try #require(text.firstRange(of: "components:")).lowerBound
        return String(text[start...])
    }

    static let result =
        #"{"url":"https://cdn.example.com/img-501.png","width":1024,"height":1024}"#

    static func fixture() throws -> PlanFixture {
        try PlanFixture(
            pipeline(),
            environment: ["IMAGE_AI_KEY": "ai-key", "IMAGEOPTIM_KEY": "opt-key"],
            endpoints: [
                PlanFixture.endpoint("/webhooks/image/completed", identifyBy: "${body.task_id}")
            ]
        )
    }

    /// A run that waits for its callback under both keys.
    static func waiting(
        _ input: String = #"{"prompt":"a lighthouse at dusk"}"#
    ) throws -> RunMachineFixture {
        let fixture = try fixture()
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(input)
        stage.time = 50
        stage.respond("generate", #"{"task_id":"img-501","status":"queued"}"#, status: 202)
        return stage
    }

    @Test func `check is told which component waits and for what`() throws {
        let fixture = try Self.fixture()
        #expect(fixture.plans.waits.count == 1)
        let wait = try #require(fixture.plans.waits.first)
        #expect(wait.component == "image-generator")
        #expect(wait.keys == ["${context.run_id}", "${response.task_id}"])
        #expect(wait.deadline == .seconds(86_400))
        #expect(fixture.assumptions.count == 1)
        #expect(fixture.assumptions.first?.hasPrefix("2:3 `image-generator` waits for") == true)
        #expect(fixture.plans.defaultWorkflow?.id == "__workflow__")
        #expect(fixture.plans.defaultWorkflow?.inputFields.map(\.name) == ["prompt", "size"])
    }

    @Test func `the wait is registered before the request goes out`() throws {
        var stage = try #require(RunMachineFixture(Self.fixture()))
        stage.start(#"{"prompt":"a lighthouse at dusk"}"#)
        #expect(stage.words == ["wait", "POST http://127.0.0.1:9101/v1/generate"])
        let wait = try #require(stage.wait("generate"))
        #expect(wait.keys == [wait.id.text])
        #expect(wait.deadline == stage.wall.advanced(by: .seconds(86_400)))
        let request = try #require(stage.request("generate"))
        let fields = Dictionary(uniqueKeysWithValues: request.headers.map { ($0.name, $0.value) })
        #expect(fields["Authorization"] == "Bearer ai-key")
        #expect(fields["Content-Type"] == "application/json")
        #expect(fields["Idempotency-Key"] == wait.id.text)
        let expected =
            #"{"prompt":"a lighthouse at dusk","size":"1024x1024","callback_url":"http://127.0.0.1:8090/webhooks/image/completed","task_id":"\#(wait.id.text)"}"#
        #expect(stage.body("generate")?.text == expected)
        #expect(stage.status("optimize") == .pending)
        #expect(stage.machine.status == .running)
    }

    @Test func `the response adds a second key and the run waits`() throws {
        let stage = try Self.waiting()
        #expect(stage.words == ["addKey img-501"])
        let state = stage.machine.state
        #expect(state.status == .waiting)
        let wait = try #require(state.waiting.first)
        #expect(wait.step == "generate")
        #expect(wait.keys == [stage.wait("generate")?.id.text, "img-501"])
        #expect(wait.until.milliseconds - RunMachineFixture.origin.milliseconds == 86_400_000)
        #expect(stage.status("generate") == .waiting)
        #expect(stage.status("optimize") == .pending)
    }

    @Test func `the callback overlays the output and the run goes on to its end`() throws {
        var stage = try Self.waiting()
        stage.time = 2000
        stage.callback("generate", key: "img-501", Self.result)
        #expect(stage.words == ["POST http://127.0.0.1:9102/optimize"])
        #expect(
            stage.body("optimize")?.text
                == #"{"url":"https://cdn.example.com/img-501.png","quality":85}"#
        )
        let key = stage.request("optimize")?.headers.first { $0.name == "Idempotency-Key" }?.value
        #expect(key == "\(stage.machine.id.text)/optimize")
        stage.respond(
            "optimize",
            #"{"url":"https://cdn.example.com/img-501.min.png","original_size":2048000,"compressed_size":512000}"#
        )
        #expect(stage.words == ["finished"])
        #expect(
            stage.output?.text
                == #"{"final_url":"https://cdn.example.com/img-501.min.png","original_size":2048000,"compressed_size":512000,"savings":1536000}"#
        )
        stage.callback("generate", key: "img-501", Self.result)
        #expect(stage.effects.isEmpty)
    }

    @Test func `the service may call back under our own id`() throws {
        var stage = try #require(RunMachineFixture(Self.fixture()))
        stage.start(#"{"prompt":"p"}"#)
        let id = try #require(stage.wait("generate")?.id.text)
        stage.respond("generate", "", status: 202)
        #expect(stage.words == [])
        #expect(stage.machine.state.waiting.first?.keys == [id])
        stage.callback("generate", key: id, Self.result)
        #expect(
            stage.body("optimize")?.text
                == #"{"url":"https://cdn.example.com/img-501.png","quality":85}"#
        )
    }

    @Test func `a callback before the response waits for it`() throws {
        var stage = try #require(RunMachineFixture(Self.fixture()))
        stage.start(#"{"prompt":"p"}"#)
        let id = try #require(stage.wait("generate")?.id.text)
        stage.callback("generate", key: id, Self.result)
        #expect(stage.words == [])
        #expect(stage.status("generate") == .running)
        stage.respond("generate", #"{"task_id":"img-502","status":"queued"}"#, status: 202)
        #expect(stage.words == ["POST http://127.0.0.1:9102/optimize"])
    }

    @Test func `a held callback that the second key finds ends the step at once`() throws {
        var stage = try Self.waiting()
        stage.callback("generate", key: "img-501", Self.result)
        #expect(stage.status("generate") == .completed)
    }

    @Test func `a callback counts when its request fails afterwards`() throws {
        var stage = try #require(RunMachineFixture(Self.fixture()))
        stage.start(#"{"prompt":"p"}"#)
        let id = try #require(stage.wait("generate")?.id.text)
        stage.callback("generate", key: id, Self.result)
        stage.fail("generate", .requestTimeout)
        #expect(stage.status("generate") == .completed)
        #expect(stage.words == ["POST http://127.0.0.1:9102/optimize"])
        let notes = stage.effects.compactMap { effect -> String? in
            guard case .history(let entry) = effect, case .noted(let text) = entry.kind else {
                return nil
            }
            return text
        }
        #expect(notes == ["the callback counts, the request failed: no way"])
    }

    @Test func `a failure that the callback tells fails the run and names everything`() throws {
        var stage = try Self.waiting()
        stage.callback(
            "generate",
            key: "img-503",
            "null",
            isFailure: true,
            status: "error"
        )
        #expect(stage.words == ["finished"])
        let failure = try #require(stage.failure)
        #expect(failure.code == .callbackFailed)
        #expect(
            failure.message == "the callback with the key 'img-503' reported the status 'error'"
        )
        #expect(failure.step == "generate")
        #expect(failure.attempt == 1)
        #expect(failure.component == "image-generator")
        #expect(stage.status("optimize") == .skipped)
        #expect(stage.request("optimize") == nil)
    }

    @Test func `a refused request withdraws the wait as cancelled`() throws {
        var stage = try #require(RunMachineFixture(Self.fixture()))
        stage.start(#"{"prompt":"p"}"#)
        stage.respond("generate", #"{"error":"busy"}"#, status: 503)
        #expect(stage.words == ["endWait cancelled", "finished"])
        #expect(stage.failure?.code == .httpStatus)
        #expect(
            stage.failure?.message
                == #"POST http://127.0.0.1:9101/v1/generate answered 503: {"error":"busy"}"#
        )
    }

    @Test func `a size that is given is sent`() throws {
        var stage = try #require(RunMachineFixture(Self.fixture()))
        stage.start(#"{"prompt":"p","size":"512x512"}"#)
        #expect(stage.body("generate")?["size"] == .string("512x512"))
    }

    @Test func `a result of nulls overlays as nulls`() throws {
        var stage = try Self.waiting()
        stage.callback("generate", key: "img-504", #"{"url":null,"width":null,"height":null}"#)
        #expect(stage.body("optimize")?.text == #"{"url":null,"quality":85}"#)
    }

    @Test func `without a callback the run fails after 24 hours`() throws {
        var stage = try Self.waiting()
        let ref = try #require(stage.wait("generate")?.ref)
        stage.send(.waitExpired(ref), at: 86_400_000)
        #expect(stage.failure?.code == .callbackTimeout)
        #expect(stage.words == ["finished"])
    }

    @Test func `cancelling withdraws the wait`() throws {
        var stage = try Self.waiting()
        stage.send(.cancel(reason: "enough"))
        #expect(stage.words == ["endWait cancelled", "finished"])
        #expect(stage.machine.status == .cancelled)
        #expect(stage.status("generate") == .cancelled)
        #expect(stage.status("optimize") == .skipped)
    }

    @Test func `a wait that cannot be registered fails the step and abandons the request`() throws {
        var stage = try #require(RunMachineFixture(Self.fixture()))
        stage.start(#"{"prompt":"p"}"#)
        let ref = try #require(stage.wait("generate")?.ref)
        stage.send(.waitRefused(ref, .overloaded))
        #expect(stage.words == ["abandon", "finished"])
        #expect(stage.failure?.code == .overloaded)
    }
}
