import Configuration
import JSONWire
import Primitives
import Sluice
import TestKit
import Testing

/// The gateways of chapter 13.4, and what the document builds on them.
@Suite struct GatewayBlockTests {
    @Test(
        arguments: [
            (21, "13.4.2 ngrok", "ngrok"), (23, "13.4.3 cloudflare", "cloudflare"),
            (24, "13.4.4 SSH key", "ssh"), (25, "13.4.4 SSH password", "ssh"),
            (26, "13.4.5 gateway runtime", "ngrok"), (30, "13.5.3 local development", "ngrok"),
        ])
    func `a tunnel loads, and the server says that it cannot start it yet`(
        number: Int,
        section: String,
        driver: String
    ) throws {
        let loaded = try Loaded(
            text: Block(number).text,
            environment: ["SSH_PASSWORD": "hunter2-secret"]
        )
        #expect(!loaded.hasErrors, "\(section): \(loaded.findings)")
        let configuration = try #require(loaded.configuration)
        #expect(configuration.gateways.map(\.driver) == [driver])
        #expect(configuration.gateways.map(\.port) == [8080])
        #expect(configuration.controller == nil, "8080 belongs to the tunnel")
        let failure = try #require(throws: StartFailure.self) {
            try Server(configuration, log: .silent)
        }
        #expect(failure.message.contains("`\(driver)` cannot be started yet"))
        #expect(failure.message.contains("block.yml:"))
        #expect(!failure.message.contains("hunter2"))
    }

    @Test func `13.4.5 runtime configuration, native and nothing else`() throws {
        let docker = try Block(26).replacing("runtime: native", with: "runtime: docker")
        let loaded = Loaded(text: docker.text)
        #expect(loaded.hasErrors)
        #expect(
            loaded.findings.contains(
                "block.yml:4:12: error: gateway.runtime: the runtime `docker` is not supported"
            )
        )
        #expect(try !Loaded(text: Block(26).text).findings.contains("runtime"))
    }

    private static func external(_ routes: ServerFixture.Routes) throws -> ServerFixture {
        try ServerFixture(
            Block(22).withPublicGateway()
                .replacing("https://api.external-service.com", with: "http://127.0.0.1:9101")
                .adding(Completion.controller),
            routes: routes
        )
    }

    @Test func `13.4.2 ngrok complete example, answered under the service's id`() throws {
        let fixture = try Self.external([
            "POST /process": { _ in .json(202, #"{"task_id":"ext-77","status":"accepted"}"#) }
        ])
        defer { fixture.stop() }
        let run = try fixture.start(#"{"data":"hello"}"#)
        let sent = try fixture.service.waitForRequest(matching: "POST /process")
        let body = try JSONValue.parse(sent.body)
        let attempt = try #require(body["callback_id"]?.string)
        #expect(
            try body
                == fixture.json(
                    #"{"data":"hello","callback_url":"http://127.0.0.1:8090/callback","callback_id":"\#(attempt)"}"#
                )
        )
        #expect(sent.headers["content-type"] == "application/json")
        try fixture.waits(run, forKey: "ext-77")
        try expect(
            fixture.post(
                "/callback",
                #"{"task_id":"ext-77","callback_id":"\#(attempt)","result":{"processed":"HELLO"}}"#
            ),
            .delivered
        )
        #expect(
            try fixture.output(run)
                == fixture.json(#"{"task_id":"ext-77","status":"accepted","processed":"HELLO"}"#)
        )
    }

    @Test func `13.4.2 ngrok complete example, answered under our id`() throws {
        let fixture = try Self.external(["POST /process": { _ in .json(202, "{}") }])
        defer { fixture.stop() }
        let run = try fixture.start(#"{"data":"hello"}"#)
        let sent = try fixture.service.waitForRequest(matching: "POST /process")
        let attempt = try #require(JSONValue.parse(sent.body)["callback_id"]?.string)
        try fixture.state(run, reaches: "waiting")
        try expect(
            fixture.post("/callback", #"{"callback_id":"\#(attempt)","result":{"a":1}}"#),
            .refused(422)
        )
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        try expect(
            fixture.post(
                "/callback",
                #"{"task_id":"\#(attempt)","result":{"processed":"HELLO"}}"#
            ),
            .delivered
        )
        #expect(try fixture.output(run) == fixture.json(#"{"processed":"HELLO"}"#))
    }

    @Test func `13.4.2 ngrok complete example, with a result that is no map`() throws {
        let fixture = try Self.external(["POST /process": { _ in .json(202, #"{"task_id":"e"}"#) }])
        defer { fixture.stop() }
        let run = try fixture.start(#"{"data":"hello"}"#)
        try fixture.waits(run, forKey: "e")
        try expect(fixture.post("/callback", #"{"task_id":"e","result":"HELLO"}"#), .delivered)
        #expect(try fixture.output(run) == fixture.json(#""HELLO""#))
    }

    @Test func `13.4.5 using gateway variables`() throws {
        let block = try Block(27)
            .replacing(
                "gateway:\n  type: http-tunnel\n  driver: ngrok\n  port: 8080\n",
                with: #"gateway: { type: public, url: "https://abc123.ngrok.io", port: 8080 }"#
                    + "\n"
            )
            .replacing(
                "    type: http-client\n",
                with: "    type: http-client\n    endpoint: http://127.0.0.1:9101/register\n"
            )
            .adding(
                Completion.controller,
                "workflow: { jobs: [ { id: register, component: service } ] }"
            )
        let fixture = try ServerFixture(
            block,
            routes: ["POST /register": { _ in .json(200, #"{"registered":true}"#) }]
        )
        defer { fixture.stop() }
        let run = try fixture.start("{}")
        #expect(try fixture.output(run) == fixture.json(#"{"registered":true}"#))
        let sent = try fixture.service.waitForRequest(matching: "POST /register")
        #expect(
            try JSONValue.parse(sent.body)
                == fixture.json(
                    #"{"webhook_url":"https://abc123.ngrok.io/webhook","local_port":8080}"#
                )
        )
    }

    @Test func `13.4.6 Slack bot webhook, the answer`() throws {
        let fixture = try ServerFixture(
            Block(28).withPublicGateway()
                .replacing("https://slack.com/api", with: "http://127.0.0.1:9101/api")
                .adding(Completion.controller),
            environment: ["SLACK_BOT_TOKEN": "xoxb-test"],
            routes: [
                "POST /api/chat.postMessage": { _ in
                    .json(200, #"{"ok":true,"ts":"1503435956.000247"}"#)
                }
            ]
        )
        defer { fixture.stop() }
        let run = try fixture.start(#"{"event":{"channel":"C0LAN2Q65","text":"hello"}}"#)
        #expect(try fixture.output(run) == fixture.json(#"{"ok":true,"ts":"1503435956.000247"}"#))
        let sent = try fixture.service.waitForRequest(matching: "POST /api/chat.postMessage")
        #expect(sent.headers["authorization"] == "Bearer xoxb-test")
        #expect(sent.headers.values(of: "content-type") == ["application/json"])
        #expect(
            try JSONValue.parse(sent.body)
                == fixture.json(#"{"channel":"C0LAN2Q65","text":"Processing complete: hello"}"#)
        )
        #expect(!fixture.lines.text.contains("xoxb"))

        try expect(
            fixture.post(
                "/slack/events",
                #"{"type":"event_callback","event":{"type":"message","client_msg_id":"m-1","channel":"C0LAN2Q65","text":"hello"}}"#
            ),
            .held
        )
        try expect(
            fixture.post("/slack/events", #"{"type":"url_verification","challenge":"c"}"#),
            .refused(422)
        )
    }

    @Test func `13.4.6 Slack bot webhook, the event`() throws {
        let text = try Block(28).text
        let start = try #require(text.firstRange(of: "listener:\n")).lowerBound
        let end = try #require(text.firstRange(of: "components:\n")).lowerBound
        let listener = Block(text: String(text[start..<end]))
        let fixture = try ServerFixture(listener.adding(Completion.controller, Completion.waiter))
        defer { fixture.stop() }
        let run = try fixture.wait(for: "m-2")
        let event =
            #"{"type":"message","client_msg_id":"m-2","channel":"C0LAN2Q65","text":"hello"}"#
        try expect(
            fixture.post("/slack/events", #"{"type":"event_callback","event":\#(event)}"#),
            .delivered
        )
        #expect(try fixture.output(run) == fixture.json(event))
    }

    @Test func `the log tells the public URL at the start`() throws {
        let fixture = try Self.external([:])
        defer { fixture.stop() }
        let line = try fixture.lines.wait(for: "Public URL: ")
        #expect(line.message == fixture.ports.local("Public URL: http://127.0.0.1:8090"))
    }
}
