import Documents
import JSONWire
import Primitives
import Testing

@testable import Workflows

/// Blocks of the document's chapter 13, with the completions that make them whole.
@Suite struct DocumentBlocksTests {
    @Test func `07 waits for a URL on loopback and goes on with the result`() throws {
        let fixture = PlanFixture(
            #"""
            components:
              service: { type: http-client, endpoint: "http://127.0.0.1:9101/api/process", output: "${result}",
                         body: { data: "${input.data}", callback_url: "http://localhost:8090/callback" } }
              recorder: { type: http-client, endpoint: "http://127.0.0.1:9101/record", body: "${input}" }
            workflow:
              jobs:
                - { id: request, component: service, input: "${input}" }
                - { id: next, component: recorder, input: { got: "${jobs.request.output}" } }
            """#,
            endpoints: [PlanFixture.endpoint("/callback", identifyBy: "${body.task_id}")]
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"data":"hello"}"#)
        #expect(
            stage.body("request")?.text
                == #"{"data":"hello","callback_url":"http://localhost:8090/callback"}"#
        )
        stage.respond("request", #"{"task_id":"task-123"}"#, status: 202)
        #expect(stage.words == ["addKey task-123"])
        #expect(stage.machine.status == .waiting)
        #expect(stage.status("next") == .pending)
        stage.callback("request", key: "task-123", #"{"text":"HELLO"}"#)
        #expect(stage.body("next")?.text == #"{"got":{"text":"HELLO"}}"#)
        stage.respond("next", #"{"ok":true}"#)
        #expect(stage.output?.text == #"{"ok":true}"#)
    }

    static let pipeline = #"""
        components:
          git-clone: { type: http-client, endpoint: "http://127.0.0.1:9101/clone", body: "${input}" }
          run-tests: { type: http-client, endpoint: "http://127.0.0.1:9101/tests", body: "${input}" }
          github-status: { type: http-client, endpoint: "http://127.0.0.1:9101/status", body: "${input}" }
        workflow:
          id: github-ci
          title: GitHub CI Pipeline
          jobs:
            - id: checkout
              component: git-clone
              input:
                repo: ${input.repository}
                branch: ${input.branch}
            - id: test
              component: run-tests
              depends_on: [checkout]
            - id: notify
              component: github-status
              depends_on: [test]
              input:
                status: ${jobs.test.output.success}
        """#

    @Test func `19 runs step after step and keeps a boolean`() throws {
        let fixture = PlanFixture(Self.pipeline)
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"event":"opened","repository":"octo/hello","branch":"feature-1"}"#)
        #expect(stage.body("checkout")?.text == #"{"repo":"octo/hello","branch":"feature-1"}"#)
        #expect(stage.words.count == 1)
        stage.respond("checkout", #"{"path":"/src/hello"}"#)
        #expect(
            stage.body("test")?.text
                == #"{"event":"opened","repository":"octo/hello","branch":"feature-1"}"#
        )
        stage.respond("test", #"{"success":true,"passed":42}"#)
        #expect(stage.body("notify")?.text == #"{"status":true}"#)
        stage.respond("notify", #"{"state":"success"}"#)
        #expect(stage.output?.text == #"{"state":"success"}"#)
    }

    @Test func `19 stops at the step that fails`() throws {
        var stage = try #require(RunMachineFixture(PlanFixture(Self.pipeline)))
        stage.start("{}")
        stage.respond("checkout", "{}", status: 500)
        #expect(stage.failure?.step == "checkout")
        #expect(stage.status("test") == .skipped)
        #expect(stage.status("notify") == .skipped)
        #expect(stage.request("test") == nil)
    }

    @Test func `20 has a job name with a hyphen inside a text`() throws {
        let fixture = PlanFixture(
            #"""
            components:
              nlp-analyzer: { type: http-client, endpoint: "http://127.0.0.1:9101/nlp", body: "${input}" }
              slack-client: { type: http-client, endpoint: "http://127.0.0.1:9101/slack", body: "${input}" }
            workflow:
              id: slack-bot
              jobs:
                - id: process-message
                  component: nlp-analyzer
                  input:
                    text: ${input.text}
                - id: reply
                  component: slack-client
                  depends_on: [process-message]
                  input:
                    channel: ${input.channel}
                    text: "Processing complete: ${jobs.process-message.output.result}"
            """#
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"channel":"C0LAN2Q65","text":"hello"}"#)
        stage.respond("process-message", #"{"result":"greeting"}"#)
        #expect(
            stage.body("reply")?.text
                == #"{"channel":"C0LAN2Q65","text":"Processing complete: greeting"}"#
        )
    }

    static let external = #"""
        components:
          external-service:
            type: http-client
            base_url: http://127.0.0.1:9101
            path: /process
            method: POST
            body:
              data: ${input.data}
              callback_url: ${gateway:8090.public_url}/callback
              callback_id: ${context.run_id}
            output: ${response}
        workflow:
          title: External Service with Gateway
          jobs:
            - id: process
              component: external-service
              input: ${input}
              output: ${output}
        """#

    @Test(arguments: [
        (
            #"{"task_id":"ext-77","status":"accepted"}"#, #"{"processed":"HELLO"}"#,
            #"{"task_id":"ext-77","status":"accepted","processed":"HELLO"}"#
        ),
        ("{}", #"{"processed":"HELLO"}"#, #"{"processed":"HELLO"}"#),
        (#"{"task_id":"ext-77"}"#, #""HELLO""#, #""HELLO""#),
    ])
    func `22 overlays a map with a map and else takes the result`(
        response: String,
        result: String,
        output: String
    ) throws {
        let fixture = PlanFixture(
            Self.external,
            endpoints: [PlanFixture.endpoint("/callback", identifyBy: "${body.task_id}")]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"data":"hello"}"#)
        let id = try #require(stage.wait("process")?.id.text)
        #expect(
            stage.body("process")?.text
                == #"{"data":"hello","callback_url":"http://127.0.0.1:8090/callback","callback_id":"\#(id)"}"#
        )
        stage.respond("process", response, status: 202)
        stage.callback("process", key: "k", result)
        #expect(stage.output?.text == output)
    }

    @Test func `27 sends a gateway's port as a number and does not wait`() throws {
        let fixture = PlanFixture(
            #"""
            components:
              service:
                type: http-client
                endpoint: http://127.0.0.1:9101/register
                body:
                  webhook_url: ${gateway:8080.public_url}/webhook
                  local_port: ${gateway:8080.port}
            workflow: { jobs: [ { id: register, component: service } ] }
            """#,
            gateways: GatewayValues([
                GatewayValues.Gateway(
                    port: 8080,
                    publicURL: "https://abc123.ngrok.io",
                    publicAddress: nil,
                    driver: "public"
                )
            ])
        )
        #expect(fixture.findings == ["6:20 there is no callback endpoint `/webhook` on port 8080"])
        #expect(!fixture.diagnostics.hasErrors)
        var stage = try #require(RunMachineFixture(fixture))
        stage.gateways = GatewayValues([
            GatewayValues.Gateway(
                port: 8080,
                publicURL: "https://abc123.ngrok.io",
                publicAddress: nil,
                driver: "public"
            )
        ])
        stage.start("{}")
        #expect(
            stage.body("register")?.text
                == #"{"webhook_url":"https://abc123.ngrok.io/webhook","local_port":8080}"#
        )
        stage.respond("register", #"{"registered":true}"#)
        #expect(stage.output?.text == #"{"registered":true}"#)
    }

    @Test func `28 sends a header of text and environment without waiting`() throws {
        let fixture = PlanFixture(
            #"""
            components:
              slack-responder:
                type: http-client
                base_url: http://127.0.0.1:9101/api
                path: /chat.postMessage
                method: POST
                headers:
                  Authorization: Bearer ${env.SLACK_BOT_TOKEN}
                  Content-Type: application/json
                body:
                  channel: ${input.channel}
                  text: ${input.text}
                output: ${response}
            workflow:
              jobs:
                - id: respond
                  component: slack-responder
                  input:
                    channel: ${input.event.channel}
                    text: "Processing complete: ${input.event.text}"
                  output: ${output}
            """#,
            environment: ["SLACK_BOT_TOKEN": "xoxb-test"]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"event":{"channel":"C0LAN2Q65","text":"hello"}}"#)
        #expect(stage.words == ["POST http://127.0.0.1:9101/api/chat.postMessage"])
        let headers = try #require(stage.request("respond")?.headers)
        #expect(headers.first { $0.name == "Authorization" }?.value == "Bearer xoxb-test")
        #expect(headers.filter { $0.name == "Content-Type" }.count == 1)
        stage.respond("respond", #"{"ok":true,"ts":"1503435956.000247"}"#)
        #expect(stage.output?.text == #"{"ok":true,"ts":"1503435956.000247"}"#)
    }

    @Test func `31 waits for a literal public domain`() throws {
        let fixture = PlanFixture(
            #"""
            components:
              service:
                type: http-client
                endpoint: http://127.0.0.1:9101/jobs
                output: ${result}
                body:
                  callback_url: https://api.yourdomain.com/webhooks/callback
                  callback_id: ${context.run_id}
            workflow: { jobs: [ { id: call, component: service } ] }
            """#,
            endpoints: [
                PlanFixture.endpoint(
                    "/webhooks/callback",
                    identifyBy: "${body.callback_id}",
                    url: "https://API.yourdomain.com"
                )
            ]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start("{}")
        let id = try #require(stage.wait("call")?.id.text)
        stage.respond("call", #"{"accepted":true}"#, status: 202)
        #expect(stage.words == [])
        stage.callback("call", key: id, #"{"ok":1}"#)
        #expect(stage.output?.text == #"{"ok":1}"#)
    }

    @Test(arguments: [
        ("300000", 300_000), ("300s", 300_000), ("5m", 300_000), ("1000", 1000),
    ])
    func `32 bounds request and wait together`(timeout: String, milliseconds: Int64) throws {
        let fixture = PlanFixture(
            """
            components:
              service:
                type: http-client
                endpoint: http://127.0.0.1:9101/slow
                timeout: \(timeout)
                body:
                  callback_url: ${gateway:8090.public_url}/callback
            workflow: { jobs: [ { id: call, component: service } ] }
            """,
            endpoints: [PlanFixture.endpoint("/callback", identifyBy: "${body.task_id}")]
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start("{}")
        #expect(stage.request("call")?.timeout == .milliseconds(milliseconds))
        stage.respond("call", #"{"task_id":"slow-1"}"#, status: 202)
        let wait = try #require(stage.wait("call"))
        #expect(wait.deadline.milliseconds - RunMachineFixture.origin.milliseconds == milliseconds)
        stage.send(.waitExpired(wait.ref), at: milliseconds)
        let failure = try #require(stage.failure)
        #expect(failure.code == .callbackTimeout)
        #expect(failure.step == "call")
        #expect(failure.attempt == 1)
        #expect(failure.component == "service")
    }

    @Test func `32 tells a deadline that hit the request`() throws {
        let fixture = PlanFixture(
            #"""
            components:
              service:
                { type: http-client, endpoint: "http://h/slow", timeout: 5m,
                  body: { callback_url: "${gateway:8090.public_url}/callback" } }
            workflow: { jobs: [ { id: call, component: service } ] }
            """#,
            endpoints: [PlanFixture.endpoint("/callback", identifyBy: "${body.task_id}")]
        )
        var stage = try #require(RunMachineFixture(fixture))
        stage.start("{}")
        let wait = try #require(stage.wait("call"))
        stage.send(.waitExpired(wait.ref), at: 300_000)
        #expect(stage.words == ["abandon", "finished"])
        #expect(stage.failure?.code == .requestTimeout)
    }

    static let handled = #"""
        components:
          async-service: { type: http-client, endpoint: "http://127.0.0.1:9101/async", body: "${input}" }
        workflow:
          jobs:
            - id: async-task
              component: async-service
              input: ${input}
              on_error:
                - id: retry
                  component: async-service
                  input: ${input}
                  retry:
                    max_attempts: 3
                    delay: 5000
        """#

    @Test func `34 tries four times and ends with the last output`() throws {
        var stage = try #require(RunMachineFixture(PlanFixture(Self.handled)))
        var ids: Set<String> = []
        func keep() {
            if let step = stage.machine.steps.last?.attemptID { ids.insert(step.text) }
        }
        stage.start(#"{"job":1}"#)
        keep()
        stage.respond("async-task", "{}", status: 500)
        #expect(stage.words == ["POST http://127.0.0.1:9101/async"])
        for _ in 1...2 {
            keep()
            let before = stage.time
            stage.respond("retry", "{}", status: 500)
            #expect(stage.words == ["set retry"])
            stage.ring()
            #expect(stage.time - before == 5000)
            #expect(stage.body("retry")?.text == #"{"job":1}"#)
        }
        keep()
        stage.respond("retry", #"{"ok":true}"#)
        #expect(stage.output?.text == #"{"ok":true}"#)
        #expect(ids.count == 4)
        #expect(stage.status("async-task") == .completed)
    }

    @Test func `34 fails with the error of the step that was to help`() throws {
        var stage = try #require(RunMachineFixture(PlanFixture(Self.handled)))
        stage.start(#"{"job":1}"#)
        stage.respond("async-task", "{}", status: 500)
        for _ in 1...2 {
            stage.respond("retry", "{}", status: 500)
            stage.ring()
        }
        stage.respond("retry", "{}", status: 500)
        let failure = try #require(stage.failure)
        #expect(failure.step == "retry")
        #expect(failure.attempt == 3)
        #expect(failure.component == "async-service")
        #expect(failure.code == .httpStatus)
    }

    @Test(arguments: ["", "\n  logger: { type: logger }"])
    func `36 logs after the callback and hands the data on`(declared: String) throws {
        let fixture = PlanFixture(
            """
            components:
              external-api: { type: http-client, endpoint: "http://127.0.0.1:9101/api", output: { task_id: "${response.task_id}" },
                              body: { data: "${input.data}", callback_url: "${gateway:8090.public_url}/webhook" } }\(declared)
            workflow:
              jobs:
                - id: request
                  component: external-api
                  input: ${input}
                  output:
                    request_time: ${context.timestamp}
                    task_id: ${output.task_id}
                - id: log-request
                  component: logger
                  input:
                    level: info
                    message: "Task requested: task_id=${jobs.request.output.task_id}"
                    data: ${jobs.request.output}
                - id: log-result
                  component: logger
                  input:
                    level: info
                    message: "Task completed: task_id=${jobs.request.output.task_id}"
                    data: ${output}
            """,
            endpoints: [PlanFixture.endpoint("/webhook", identifyBy: "${body.task_id}")]
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"data":"hello"}"#)
        stage.time = 30
        stage.respond("request", #"{"task_id":"task-123"}"#, status: 202)
        #expect(stage.status("log-request") == .pending)
        #expect(stage.status("log-result") == .pending)
        stage.time = 900
        stage.callback("request", key: "task-123", #"{"state":"completed"}"#)
        #expect(
            stage.words == [
                "log info Task requested: task_id=task-123",
                "log info Task completed: task_id=task-123", "finished",
            ]
        )
        #expect(
            stage.output?.text
                == #"{"request_time":"\#(RunMachineFixture.origin.rfc3339)","task_id":"task-123"}"#
        )
    }
}
