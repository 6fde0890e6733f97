import Configuration
import Controller
import JSONWire
import Primitives
import TestKit
import Testing

/// Configurations in the newest form of the dialect: lists and maps, `action`, `adapter`, `completion`.
@Suite struct NewestFormTests {
    private static func example(_ number: Int) throws -> Block {
        Block(text: try #require(Document("examples.md").blocks[at: number]))
    }

    private static let secrets = ["OPENAI_API_KEY": "sk-test", "TELEGRAM_BOT_TOKEN": "tok-test"]

    @Test func `a callback gateway with a tunnel loads and checks`() throws {
        let loaded = try Loaded(text: Self.example(0).text)
        #expect(!loaded.hasErrors, "\(loaded.findings)")
        let configuration = try #require(loaded.configuration)
        #expect(configuration.controller?.basePath == "/api")
        #expect(configuration.gateways.map(\.port) == [8090])
        #expect(loaded.deadlines == [.seconds(86_400)])
    }

    @Test func `a callback gateway runs with a public address and a service that is there`() throws
    {
        let block = try Self.example(0)
            .replacing(
                "gateway:\n  type: http-tunnel\n  driver: cloudflare\n  port:\n    - 8090\n",
                with: Completion.publicGateway
            )
            .replacing(
                "  type: http-server\n  start: [ uvicorn, server:app, --reload, --port, \"9000\" ]\n  port: 9000\n",
                with: "  type: http-client\n  base_url: http://127.0.0.1:9101\n"
            )
        let fixture = try ServerFixture(
            block,
            routes: ["POST /process": { _ in .json(200, #"{"task_id":"theirs"}"#) }]
        )
        defer { fixture.stop() }
        let begun = try fixture.post(
            "/api/workflows/runs",
            #"{"input":{"data":"hello world"},"wait_for_completion":false}"#,
            on: 8080
        )
        let run = try #require(JSONValue.parse(begun.body)["task_id"]?.string, "\(begun.text)")
        let sent = try fixture.service.waitForRequest(matching: "POST /process")
        let body = try JSONValue.parse(sent.body)
        let attempt = try #require(body["task_id"]?.string)
        #expect(body["data"] == .string("hello world"))
        let url = try #require(body["callback_url"]?.string)
        try expect(
            HTTPProbe.post(
                url: url,
                json:
                    #"{"task_id":"\#(attempt)","result":{"processed_data":"HELLO WORLD","length":11}}"#
            ),
            .delivered
        )
        var state = JSONValue.null
        try eventually("the run to end") {
            state = try JSONValue.parse(fixture.at(8080).get("/api/tasks/\(run)").body)
            return state["status"] == .string("completed")
        }
        #expect(
            try state["output"]
                == fixture.json(
                    #"{"task_id":"theirs","result":{"processed_data":"HELLO WORLD","length":11}}"#
                )
        )
    }

    @Test func `a chat bot started by a trigger runs`() throws {
        let block = try Self.example(1)
            .replacing("https://api.openai.com/v1", with: "http://127.0.0.1:9101/v1")
            .replacing("https://api.telegram.org", with: "http://127.0.0.1:9102")
        let fixture = try ServerFixture(
            block,
            environment: Self.secrets,
            routes: [
                "POST /v1/chat/completions": { _ in
                    .json(200, #"{"choices":[{"message":{"content":"Hi Ann"}}]}"#)
                }
            ],
            secondRoutes: [
                "POST /bottok-test/sendMessage": { _ in
                    .json(200, #"{"ok":true,"result":{"message_id":5}}"#)
                }
            ]
        )
        defer { fixture.stop() }
        let run = try triggered(
            fixture.post(
                "/webhook",
                #"{"message":{"chat":{"id":77},"text":"hello","from":{"first_name":"Ann"}}}"#,
                on: 8091
            )
        )
        let asked = try fixture.service.waitForRequest(matching: "POST /v1/chat/completions")
        #expect(asked.headers["authorization"] == "Bearer sk-test")
        #expect(
            try JSONValue.parse(asked.body)
                == fixture.json(
                    #"{"model":"gpt-4o","messages":[{"role":"system","content":"You are a helpful Telegram bot assistant. The user's name is Ann."},{"role":"user","content":"hello"}]}"#
                )
        )
        let sent = try fixture.second.waitForRequest(matching: "POST /bottok-test/sendMessage")
        #expect(
            try JSONValue.parse(sent.body)
                == fixture.json(#"{"chat_id":77,"text":"Hi Ann","parse_mode":"Markdown"}"#)
        )
        var state = JSONValue.null
        try eventually("the run to end") {
            state = try JSONValue.parse(fixture.at(8080).get("/api/tasks/\(run)").body)
            return state["status"] == .string("completed")
        }
        #expect(try state["output"] == fixture.json(#"{"ok":true,"message_id":5}"#))
        #expect(!fixture.lines.text.contains("tok-test"))
        #expect(!fixture.lines.text.contains("sk-test"))
    }

    @Test func `a completion beside the action waits`() throws {
        let block = try Self.example(2)
            .replacing("https://api.external-service.com", with: "http://127.0.0.1:9101")
            .adding(
                Completion.controller,
                Completion.publicGateway,
                #"listener: { port: 8090, path: /callback, identify_by: "${body.task_id}", result: "${body.result}" }"#
            )
        let fixture = try ServerFixture(
            block,
            routes: ["POST /process": { _ in .json(200, #"{"task_id":"theirs"}"#) }]
        )
        defer { fixture.stop() }
        let run = try fixture.start(#"{"data":"d"}"#)
        let sent = try fixture.service.waitForRequest(matching: "POST /process")
        let attempt = try #require(JSONValue.parse(sent.body)["task_id"]?.string)
        try expect(
            fixture.post("/callback", #"{"task_id":"\#(attempt)","result":{"n":1}}"#),
            .delivered
        )
        #expect(try fixture.output(run) == fixture.json(#"{"task_id":"theirs","result":{"n":1}}"#))
    }

    @Test func `routing by conditions loads as a fragment, and says which step is absent`() throws {
        let loaded = try Loaded(text: Self.example(3).text, isFragment: true)
        // The example is cut to one branch: the others are named and not there.
        #expect(loaded.findings.contains("grade-b"))
        #expect(loaded.findings.contains("grade-f"))
        let complete = try Self.example(3)
            .replacing("if_true: grade-b", with: "if_true: grade-a")
            .replacing("otherwise: grade-f", with: "otherwise: grade-a")
        let whole = Loaded(text: complete.text)
        #expect(!whole.hasErrors, "\(whole.findings)")
    }
}
