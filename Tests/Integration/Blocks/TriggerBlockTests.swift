import JSONWire
import TestKit
import Testing

/// The trigger listeners of chapter 13.3, each as it stands in the document.
@Suite struct TriggerBlockTests {
    private static func recording(
        _ block: Block,
        _ workflow: String,
        routes: ServerFixture.Routes = [:]
    ) throws -> ServerFixture {
        try ServerFixture(
            block.adding(Completion.controller, Completion.recorder(workflow)),
            routes: routes
        )
    }

    @Test func `13.3.2 simple trigger listener`() throws {
        let fixture = try Self.recording(Block(11), "my-workflow")
        defer { fixture.stop() }
        let body = #"{"data":{"n":1},"extra":true}"#
        let run = try triggered(fixture.post("/trigger/my-workflow", body, on: 8091))
        let recorded = try fixture.service.waitForRequest(matching: "POST /record")
        #expect(try JSONValue.parse(recorded.body) == fixture.json(#"{"data":{"n":1}}"#))
        let state = try fixture.state(run, reaches: "completed")
        #expect(state["task_id"] == .string(run))
        #expect(state["workflow_id"] == .string("my-workflow"))
        #expect(try state["output"] == fixture.json(#"{"data":{"n":1}}"#))

        let empty = try triggered(fixture.post("/trigger/my-workflow", "{}", on: 8091))
        #expect(try fixture.output(empty) == fixture.json(#"{"data":null}"#))
        try expect(fixture.post("/trigger/my-workflow", "{x", on: 8091), .refused(400))
        let again = try triggered(fixture.post("/trigger/my-workflow", body, on: 8091))
        #expect(again != run)
        _ = try fixture.output(again)
        #expect(fixture.service.requests(matching: "POST /record").count == 3)
    }

    @Test func `13.3.3 single trigger endpoint`() throws {
        let fixture = try Self.recording(Block(12), "deployment-workflow")
        defer { fixture.stop() }
        let run = try triggered(
            fixture.post(
                "/webhooks/deploy",
                #"{"repository":{"name":"hello-world"},"ref":"refs/heads/main","head_commit":{"id":"7fd1a60b01f91b314f59955a4e4d4e80d8edf11d"}}"#,
                on: 8091
            )
        )
        #expect(
            try fixture.output(run)
                == fixture.json(
                    #"{"repo":"hello-world","branch":"refs/heads/main","commit":"7fd1a60b01f91b314f59955a4e4d4e80d8edf11d"}"#
                )
        )
        let deleted = try triggered(
            fixture.post(
                "/webhooks/deploy",
                #"{"repository":{"name":"hello-world"},"ref":"refs/heads/main","head_commit":null}"#,
                on: 8091
            )
        )
        #expect(
            try fixture.output(deleted)
                == fixture.json(#"{"repo":"hello-world","branch":"refs/heads/main","commit":null}"#)
        )
    }

    @Test func `13.3.3 multiple trigger endpoints`() throws {
        let fixture = try ServerFixture(
            Block(13).adding(
                Completion.controller,
                Completion.recorder("ci-build", "slack-handler", "data-processing")
            )
        )
        defer { fixture.stop() }
        let push = try triggered(
            fixture.post(
                "/api/github/push",
                #"{"ref":"refs/heads/main","repository":{"name":"hello-world"},"pusher":{"name":"octocat"}}"#,
                on: 8091
            )
        )
        #expect(try fixture.state(push)["workflow_id"] == .string("ci-build"))
        #expect(
            try fixture.output(push)
                == fixture.json(
                    #"{"repository":"hello-world","branch":"refs/heads/main","pusher":"octocat"}"#
                )
        )

        let form = "command=%2Fweather&text=94070&user_name=steve&channel_id=C2147483705"
        let slash = try triggered(
            fixture.at(8091).send(
                "POST",
                "/api/slack/command",
                headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array(form.utf8)
            )
        )
        #expect(try fixture.state(slash)["workflow_id"] == .string("slack-handler"))
        #expect(
            try fixture.output(slash)
                == fixture.json(
                    #"{"command":"/weather","text":"94070","user":"steve","channel":"C2147483705"}"#
                )
        )

        let manual =
            #"{"file_url":"https://example.com/a.csv","options":{"dry_run":true,"limit":10}}"#
        let process = try triggered(fixture.post("/api/manual/process", manual, on: 8091))
        #expect(try fixture.state(process)["workflow_id"] == .string("data-processing"))
        #expect(try fixture.output(process) == fixture.json(manual))
    }

    @Test func `13.3.5 bulk trigger processing`() throws {
        let fixture = try Self.recording(Block(14), "item-processor")
        defer { fixture.stop() }
        let reply = try fixture.post(
            "/batch/process",
            #"""
            {"items": [
              {"id": "item-1", "data": {"name": "Product A"}},
              {"id": "item-2", "data": {"name": "Product B"}},
              {"id": "item-3", "data": {"name": "Product C"}}
            ]}
            """#,
            on: 8091
        )
        #expect(reply.status == 200)
        let body = try JSONValue.parse(reply.body)
        #expect(body["status"] == .string("triggered"))
        guard case .array(let tasks)? = body["tasks"] else {
            Issue.record("no list of tasks: \(reply.text)")
            return
        }
        let ids = tasks.compactMap { $0["task_id"]?.string }
        #expect(Set(ids).count == 3)
        for (id, (number, name)) in zip(ids, [(1, "A"), (2, "B"), (3, "C")]) {
            #expect(
                try fixture.output(id)
                    == fixture.json(
                        #"{"item_id":"item-\#(number)","data":{"name":"Product \#(name)"}}"#
                    )
            )
        }
        try expect(fixture.post("/batch/process", #"{"items":5}"#, on: 8091), .refused(422))
        #expect(fixture.service.requests(matching: "POST /record").count == 3)
        let none = try fixture.post("/batch/process", #"{"items":[]}"#, on: 8091)
        #expect(none.status == 200)
        #expect(
            try JSONValue.parse(none.body) == fixture.json(#"{"status":"triggered","tasks":[]}"#)
        )
    }

    @Test func `13.3.6 basic structure of a trigger`() throws {
        let gate = Gate()
        let fixture = try Self.recording(
            Block(15),
            "my-workflow",
            routes: [
                "POST /record": { _ in
                    gate.waitUntilOpen()
                    return .json(200, #"{"ok":true}"#)
                }
            ]
        )
        defer {
            gate.open()
            fixture.stop()
        }
        let run = try triggered(fixture.post("/webhook", #"{"data":"example"}"#, on: 8091))
        try fixture.service.waitForRequest(matching: "POST /record")
        try fixture.state(run, reaches: "running")
        gate.open()
        #expect(try fixture.output(run) == fixture.json(#"{"data":"example"}"#))
    }

    @Test func `13.3.4 a trigger without input takes the whole body`() throws {
        let block = try Block(15).replacing("  input:\n    data: ${body.data}\n", with: "")
        let fixture = try Self.recording(block, "my-workflow")
        defer { fixture.stop() }
        let run = try triggered(fixture.post("/webhook", #"{"data":"example","x":1}"#, on: 8091))
        #expect(try fixture.output(run) == fixture.json(#"{"data":"example","x":1}"#))
    }

    @Test func `13.3.7 body field extraction`() throws {
        let fixture = try Self.recording(Block(16).withPort(8091), "my-workflow")
        defer { fixture.stop() }
        let run = try triggered(
            fixture.post(
                "/webhook",
                #"{"user":{"name":"Ann","email":"ann@example.com"},"action":"signup"}"#,
                on: 8091
            )
        )
        #expect(
            try fixture.output(run)
                == fixture.json(#"{"name":"Ann","email":"ann@example.com","action":"signup"}"#)
        )
    }

    @Test func `13.3.7 using query parameters`() throws {
        let fixture = try Self.recording(Block(17).withPort(8091), "my-workflow")
        defer { fixture.stop() }
        let body = #"{"user":"john","action":"process"}"#
        let run = try triggered(fixture.post("/webhook?token=abc123&mode=test", body, on: 8091))
        #expect(
            try fixture.output(run)
                == fixture.json(#"{"token":"abc123","mode":"test","data":\#(body)}"#)
        )
        let bare = try triggered(fixture.post("/webhook", body, on: 8091))
        #expect(
            try fixture.output(bare) == fixture.json(#"{"token":null,"mode":null,"data":\#(body)}"#)
        )
    }

    @Test func `13.3.7 complex mapping`() throws {
        let fixture = try Self.recording(Block(18).withPort(8091), "my-workflow")
        defer { fixture.stop() }
        let run = try triggered(
            fixture.post(
                "/webhook?token=abc123",
                #"{"user":"john","data":{"items":[1,2]},"timestamp":"2026-11-21T10:00:00Z"}"#,
                on: 8091
            )
        )
        #expect(
            try fixture.output(run)
                == fixture.json(
                    #"{"auth":{"token":"abc123","user":"john"},"payload":{"data":{"items":[1,2]},"timestamp":"2026-11-21T10:00:00Z"}}"#
                )
        )
    }

    private static let pipeline = #"""
        components:
          git-clone: { type: http-client, endpoint: "http://127.0.0.1:9101/clone", body: "${input}" }
          run-tests: { type: http-client, endpoint: "http://127.0.0.1:9101/tests", body: "${input}" }
          github-status: { type: http-client, endpoint: "http://127.0.0.1:9101/status", body: "${input}" }
        """#
    private static let opened =
        #"{"action":"opened","repository":{"full_name":"octo/hello"},"pull_request":{"head":{"ref":"feature-1"},"user":{"login":"octocat"}}}"#

    @Test func `13.3.8 GitHub webhook handling`() throws {
        let fixture = try ServerFixture(
            Block(19).adding(Completion.controller, Self.pipeline),
            routes: [
                "POST /clone": { _ in .json(200, #"{"path":"/src/hello"}"#) },
                "POST /tests": { _ in .json(200, #"{"success":true,"passed":42}"#) },
                "POST /status": { _ in .json(200, #"{"state":"success"}"#) },
            ]
        )
        defer { fixture.stop() }
        let run = try triggered(fixture.post("/github/webhook", Self.opened, on: 8091))
        #expect(try fixture.output(run) == fixture.json(#"{"state":"success"}"#))
        #expect(
            fixture.service.requests.map(\.route) == ["POST /clone", "POST /tests", "POST /status"]
        )
        let bodies = try fixture.service.requests.map { try JSONValue.parse($0.body) }
        #expect(
            try bodies == [
                fixture.json(#"{"repo":"octo/hello","branch":"feature-1"}"#),
                fixture.json(
                    #"{"event":"opened","repository":"octo/hello","branch":"feature-1","author":"octocat"}"#
                ),
                fixture.json(#"{"status":true}"#),
            ]
        )
    }

    @Test func `13.3.8 GitHub webhook handling, with a checkout that fails`() throws {
        let fixture = try ServerFixture(
            Block(19).adding(Completion.controller, Self.pipeline),
            routes: ["POST /clone": { _ in .json(500, #"{"why":"no space"}"#) }]
        )
        defer { fixture.stop() }
        let run = try triggered(fixture.post("/github/webhook", Self.opened, on: 8091))
        let error = try fixture.failure(run)
        #expect(error["step"] == .string("checkout"))
        #expect(error["message"]?.string?.contains("500") == true)
        #expect(fixture.service.requests.map(\.route) == ["POST /clone"])
    }

    @Test func `13.3.8 Slack webhook handling`() throws {
        let fixture = try ServerFixture(
            Block(20).adding(
                Completion.controller,
                #"""
                components:
                  nlp-analyzer: { type: http-client, endpoint: "http://127.0.0.1:9101/nlp", body: "${input}" }
                  slack-client: { type: http-client, endpoint: "http://127.0.0.1:9101/slack", body: "${input}" }
                """#
            ),
            routes: [
                "POST /nlp": { _ in .json(200, #"{"result":"greeting"}"#) },
                "POST /slack": { _ in .json(200, #"{"ok":true}"#) },
            ]
        )
        defer { fixture.stop() }
        let run = try triggered(
            fixture.post(
                "/slack/events",
                #"{"type":"event_callback","event":{"type":"app_mention","user":"U061F7AUR","channel":"C0LAN2Q65","text":"hello"}}"#,
                on: 8091
            )
        )
        #expect(try fixture.output(run) == fixture.json(#"{"ok":true}"#))
        let bodies = try fixture.service.requests.map { try JSONValue.parse($0.body) }
        #expect(
            try bodies == [
                fixture.json(#"{"text":"hello"}"#),
                fixture.json(#"{"channel":"C0LAN2Q65","text":"Processing complete: greeting"}"#),
            ]
        )
        let handshake = try triggered(
            fixture.post(
                "/slack/events",
                #"{"type":"url_verification","challenge":"c"}"#,
                on: 8091
            )
        )
        _ = try fixture.output(handshake)
        let asked = try fixture.service.waitForRequest(matching: "POST /nlp", count: 2)
        #expect(try JSONValue.parse(asked.body) == fixture.json(#"{"text":null}"#))
    }
}
