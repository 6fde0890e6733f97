import JSONWire
import Journal
import Loops
import Primitives
import TestKit
import Testing

/// What users rely on, over real HTTP, as far as it shows without a store.
@Suite struct ContractTests {
    private static func waiting(journal: (any Journal)? = nil) throws -> ServerFixture {
        try ServerFixture(
            Block(2).adding(Completion.controller, Completion.waiter),
            journal: journal
        )
    }

    private static func body(_ key: String, _ result: String = "1") -> String {
        #"{"task_id":"\#(key)","status":"completed","result":\#(result)}"#
    }

    private static func message(_ body: String) -> String {
        "POST /webhook/completed HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }

    @Test func `1, nothing is answered before it is settled, and nothing happens`() throws {
        let journal = HeldBackJournal()
        journal.letGo()
        let fixture = try Self.waiting(journal: journal)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        journal.holdBack()
        let records = journal.appendedCount
        let connection = try RawConnection(port: fixture.ports[8090])
        try connection.send(Self.message(Self.body("a")))
        try journal.waitForRecords(records + 1)
        #expect(throws: KitError.self) { try connection.readReply(deadline: .milliseconds(100)) }
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        journal.letGo()
        try expect(connection.readReply(), .delivered)
        #expect(try fixture.output(run) == .integer(1))
    }

    @Test func `2, the same callback on many connections at one moment has one effect`() throws {
        let fixture = try Self.waiting()
        defer { fixture.stop() }
        for round in 0..<5 {
            let key = "once-\(round)"
            let run = try fixture.wait(for: key)
            let bytes = Array(Self.message(Self.body(key)).utf8)
            let connections = try (0..<20).map { _ in
                let connection = try RawConnection(port: fixture.ports[8090])
                try connection.send(Array(bytes.dropLast()))
                return connection
            }
            for connection in connections { try connection.send([bytes[bytes.count - 1]]) }
            var firsts = 0
            for connection in connections {
                let reply = try connection.readReply()
                #expect(reply.status == 200)
                if try JSONValue.parse(reply.body)["duplicate"] == nil { firsts += 1 }
            }
            #expect(firsts == 1)
            #expect(try fixture.output(run) == .integer(1))
            let resumed = fixture.lines.records.filter {
                $0.message.hasPrefix("Callback received") && $0["task_id"] == run
            }
            #expect(resumed.count == 1)
        }
    }

    @Test func `2, of different callbacks for one key at one moment one wins`() throws {
        let fixture = try Self.waiting()
        defer { fixture.stop() }
        let run = try fixture.wait(for: "race")
        let connections = try (0..<12).map { _ in try RawConnection(port: fixture.ports[8090]) }
        for (number, connection) in connections.enumerated() {
            try connection.send(Self.message(Self.body("race", "\(number)")))
        }
        let statuses = try connections.map { try $0.readReply().status }
        #expect(statuses.count { $0 == 200 } == 1)
        #expect(statuses.count { $0 == 409 } == 11)
        let winner = try #require(statuses.firstIndex(of: 200))
        #expect(try fixture.output(run) == .integer(Int64(winner)))
    }

    @Test func `3, a callback that comes early is held and handed over`() throws {
        let fixture = try Self.waiting()
        defer { fixture.stop() }
        try expect(fixture.post("/webhook/completed", Self.body("early", "7")), .held)
        let again = try fixture.post("/webhook/completed", Self.body("early", "7"))
        #expect(again.status == 202)
        #expect(try JSONValue.parse(again.body)["duplicate"] == .bool(true))
        let run = try fixture.start(#"{"key":"early"}"#, workflow: "wait")
        #expect(try fixture.output(run) == .integer(7))
    }

    @Test func `3, one that nobody fetched in time is told`() throws {
        let block = try Block(2).replacing(
            "  port: 8090\n",
            with: "  port: 8090\n  hold_for: 50ms\n"
        )
        let fixture = try ServerFixture(block.adding(Completion.controller, Completion.waiter))
        defer { fixture.stop() }
        try expect(fixture.post("/webhook/completed", Self.body("vain")), .held)
        let line = try fixture.lines.wait(for: "Held callback expired")
        #expect(line.level == .warning)
        #expect(line["key"] == "vain")
    }

    @Test func `4, every wait ends at its deadline`() throws {
        let waiter = Completion.waiter.replacing(
            "type: callback,",
            with: "type: callback, timeout: 100ms,"
        )
        let fixture = try ServerFixture(Block(2).adding(Completion.controller, waiter))
        defer { fixture.stop() }
        let runs = try (0..<20).map {
            try fixture.start(#"{"key":"late-\#($0)"}"#, workflow: "wait")
        }
        for run in runs {
            #expect(try fixture.failure(run)["code"] == .string("callback_timeout"))
        }
        let late = try fixture.post("/webhook/completed", Self.body("late-3"))
        try expect(late, .refused(409))
        #expect(try JSONValue.parse(late.body)["code"] == .string("callback_timed_out"))
    }

    @Test func `4, a run that is cancelled waits no more`() throws {
        let fixture = try Self.waiting()
        defer { fixture.stop() }
        let run = try fixture.wait(for: "stop")
        let reply = try fixture.post("/tasks/\(run)/cancel", "{}", on: 8088)
        #expect(reply.status == 200)
        #expect(try JSONValue.parse(reply.body)["status"] == .string("cancelled"))
        let late = try fixture.post("/webhook/completed", Self.body("stop"))
        try expect(late, .refused(409))
        #expect(try JSONValue.parse(late.body)["code"] == .string("callback_cancelled"))
    }

    @Test func `5, a listener holds so many callbacks and no more`() throws {
        let block = try Block(2).replacing(
            "  port: 8090\n",
            with: "  port: 8090\n  max_held_count: 3\n"
        )
        let fixture = try ServerFixture(block.adding(Completion.controller, Completion.waiter))
        defer { fixture.stop() }
        for number in 0..<3 {
            try expect(fixture.post("/webhook/completed", Self.body("h-\(number)")), .held)
        }
        let full = try fixture.post("/webhook/completed", Self.body("h-3"))
        try expect(full, .refused(503))
        #expect(full.headers["retry-after"] != nil)
        let run = try fixture.start(#"{"key":"h-0"}"#, workflow: "wait")
        _ = try fixture.output(run)
        try expect(fixture.post("/webhook/completed", Self.body("h-3")), .held)
    }

    @Test func `5, more runs than allowed are refused with Retry-After`() throws {
        let fixture = try ServerFixture(
            Block(2).adding(
                Completion.controller,
                Completion.waiter,
                "executor: { max_active_runs: 2 }\n"
            )
        )
        defer { fixture.stop() }
        let first = try fixture.wait(for: "a")
        _ = try fixture.wait(for: "b")
        let third = try fixture.post(
            "/workflows/runs",
            #"{"workflow_id":"wait","input":{"key":"c"},"wait_for_completion":false}"#,
            on: 8088
        )
        try expect(third, .refused(503))
        #expect(third.headers["retry-after"] != nil)
        try expect(fixture.post("/webhook/completed", Self.body("a")), .delivered)
        _ = try fixture.output(first)
        _ = try fixture.wait(for: "c")
    }

    @Test func `8, a bad request between good ones on a connection disturbs none of them`() throws {
        let fixture = try Self.waiting()
        defer { fixture.stop() }
        let connection = try RawConnection(port: fixture.ports[8090])
        try connection.send(
            Self.message(Self.body("g-1")) + Self.message("{x") + Self.message(#"{"a":1}"#)
                + Self.message(Self.body("g-2"))
        )
        try expect(connection.readReply(), .held)
        try expect(connection.readReply(), .refused(400))
        try expect(connection.readReply(), .refused(422))
        try expect(connection.readReply(), .held)
    }

    @Test func `8, a run that fails leaves the others alone`() throws {
        let fixture = try Self.waiting()
        defer { fixture.stop() }
        let good = try fixture.wait(for: "good")
        let bad = try fixture.wait(for: "bad")
        try expect(
            fixture.post("/webhook/completed", #"{"task_id":"bad","status":"failed"}"#),
            .delivered
        )
        _ = try fixture.failure(bad)
        try expect(fixture.post("/webhook/completed", Self.body("good")), .delivered)
        #expect(try fixture.output(good) == .integer(1))
    }

    @Test func `9, a secret is in no log line, answer or error`() throws {
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    components:
                      closed: { type: http-client, endpoint: "http://user:pass-5ecret@127.0.0.1:9101/closed?token=tok-5ecret",
                                headers: { Authorization: "Bearer ${env.TOKEN}", X-Api-Key: "${env.TOKEN}" }, body: { a: 1 } }
                    workflow: { jobs: [ { id: call, component: closed } ] }
                    listener: { port: 8090, path: /callback, identify_by: "${body.task_id}" }
                    """#
            ).adding(Completion.controller),
            environment: ["TOKEN": "env-5ecret"],
            routes: ["POST /closed": { _ in .json(401, #"{"why":"no"}"#) }]
        )
        defer { fixture.stop() }
        let run = try fixture.start("{}")
        _ = try fixture.failure(run)
        #expect(fixture.service.requests.first?.headers["x-api-key"] == "env-5ecret")
        let reply = try fixture.post(
            "/callback?token=query-5ecret",
            "{x",
            headers: [("Authorization", "Bearer in-5ecret")]
        )
        #expect(!reply.text.contains("5ecret"))
        #expect(try !fixture.state(run).jsonText.contains("5ecret"))
        #expect(!fixture.lines.text.contains("5ecret"))
    }

    @Test func `10, a refusal's request id is in the log`() throws {
        let fixture = try Self.waiting()
        defer { fixture.stop() }
        let reply = try fixture.post("/webhook/completed", "{x")
        let id = try #require(JSONValue.parse(reply.body)["request_id"]?.string)
        try eventually("the refusal's line") {
            fixture.lines.records.contains { $0["request_id"] == id && $0["status"] == "400" }
        }
    }

    @Test func `11, keys of different channels never meet`() throws {
        let fixture = try ServerFixture(
            Block(
                text: """
                    listener:
                      port: 8090
                      callbacks:
                        - { path: /open, identify_by: "${body.id}" }
                        - { path: /own, identify_by: "${body.id}", channel: own }

                    """
            ).adding(Completion.controller, Completion.waiter)
        )
        defer { fixture.stop() }
        let run = try fixture.wait(for: "k")
        try expect(fixture.post("/own", #"{"id":"k","from":"own"}"#), .held)
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        try expect(fixture.post("/open", #"{"id":"k","from":"open"}"#), .delivered)
        #expect(try fixture.output(run)["from"] == .string("open"))
    }

    private static let twoDoors = """
        gateway: { type: public, url: "http://127.0.0.1:8090", port: 8090 }
        listener:
          port: 8090
          callbacks:
            - { path: /named, identify_by: "${body.id}", result: "${body.result}" }
            - { path: /other, identify_by: "${body.id}", result: "${body.result}" }
        components:
          asker:
            type: http-client
            endpoint: "http://127.0.0.1:9101/jobs"
            body: { callback_url: "${gateway:8090.public_url}/named", id: "${context.run_id}" }
        workflows:
          - { id: ask, jobs: [ { id: call, component: asker } ] }
          - { id: wait, jobs: [ { id: call, type: wait, wait_for: "${input.key}" } ] }
        """

    @Test(arguments: ["/named", "/other"])
    func `11, a wait on the default channel is answered through any endpoint on it`(
        _ path: String
    ) throws {
        let fixture = try ServerFixture(Block(text: Self.twoDoors).adding(Completion.controller))
        defer { fixture.stop() }
        let run = try fixture.wait(for: "shared")
        try expect(fixture.post(path, #"{"id":"shared","result":7}"#), .delivered)
        #expect(try fixture.output(run) == .integer(7))
        try expect(fixture.post(path, #"{"id":"shared","result":8}"#), .refused(409))
    }

    private static let doors = Block(
        text: #"""
            listener:
              port: 8090
              callbacks:
                - { path: /named, identify_by: "${body.id}", result: "${body.n}" }
                - { path: /other, identify_by: "${body.id}", result: "${body.n}", id: other }
            components:
              implicit: { type: http-client, endpoint: "http://127.0.0.1:9101/jobs", output: "${result}",
                          body: { url: "http://localhost:8090/named", id: "${context.run_id}" } }
              explicit: { type: http-client, endpoint: "http://127.0.0.1:9101/jobs", output: "${result}",
                          body: { id: "${context.run_id}" },
                          completion: { type: callback, endpoint: other, wait_for: "${context.run_id}" } }
            workflows:
              - { id: implicit, jobs: [ { id: call, component: implicit } ] }
              - { id: explicit, jobs: [ { id: call, component: explicit } ] }

            """#
    )

    @Test(arguments: [("implicit", "/named", "/other"), ("explicit", "/other", "/named")])
    func `11, a wait is answered only through the endpoint it names`(
        workflow: String,
        right: String,
        wrong: String
    ) throws {
        let fixture = try ServerFixture(Self.doors.adding(Completion.controller))
        defer { fixture.stop() }
        let run = try fixture.start("{}", workflow: workflow)
        let sent = try fixture.service.waitForRequest(matching: "POST /jobs")
        let id = try #require(JSONValue.parse(sent.body)["id"]?.string)
        try fixture.state(run, reaches: "waiting")
        try expect(fixture.post(wrong, #"{"id":"\#(id)","n":1}"#), .held)
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        try expect(fixture.post(right, #"{"id":"\#(id)","n":2}"#), .delivered)
        #expect(try fixture.output(run) == .integer(2))
    }

    @Test func `11, a URL by the machine's own address waits too`() throws {
        let addresses = try #require(MachineAddresses.all())
        for address in addresses {
            let host = address.contains(":") ? "[\(address)]" : address
            let loaded = Loaded(
                text: Self.doors.text.replacing("http://localhost:", with: "http://\(host):")
            )
            #expect(!loaded.hasErrors, "\(loaded.findings)")
            #expect(loaded.deadlines.count == 2, "\(address)")
        }
        let elsewhere = Loaded(
            text: Self.doors.text.replacing("http://localhost:", with: "http://203.0.113.9:")
        )
        #expect(elsewhere.deadlines.count == 1)
    }

    @Test func `9, a URL's token is in no error of a request that could not be sent`() throws {
        let port = FreePorts.next()
        let fixture = try ServerFixture(
            Block(
                text: #"""
                    component: { id: gone, type: http-client,
                                 endpoint: "http://u:pass-5ecret@127.0.0.1:\#(port)/bot${env.TOKEN}?token=tok-5ecret" }
                    workflow: { jobs: [ { id: call, component: gone } ] }
                    """#
            ).adding(Completion.controller),
            environment: ["TOKEN": "env-5ecret"]
        )
        defer { fixture.stop() }
        let error = try fixture.failure(fixture.start("{}"))
        #expect(error["message"]?.string?.contains("127.0.0.1:\(port)/bot…") == true)
        #expect(!error.jsonText.contains("5ecret"))
        #expect(!fixture.lines.text.contains("5ecret"))
    }

    @Test func `an answer names neither the run nor the key`() throws {
        let fixture = try Self.waiting()
        defer { fixture.stop() }
        let run = try fixture.wait(for: "private-key")
        let reply = try fixture.post("/webhook/completed", Self.body("private-key"))
        try expect(reply, .delivered)
        #expect(!reply.text.contains("private-key"))
        #expect(!reply.text.contains(run))
        _ = try fixture.output(run)
    }
}
