import JSONWire
import TestKit
import Testing

/// `sluice run` and `sluice up` as programs: exit codes, output, and how they end.
@Suite struct ServingProgramTests {
    private let folder: TemporaryDirectory
    private let service: ScriptedService
    private let ports: LocalPorts
    private static let interrupt: Int32 = 2
    private static let terminate: Int32 = 15

    init() throws {
        folder = try TemporaryDirectory()
        service = try ScriptedService(routes: [
            "POST /jobs": { _ in .json(202, #"{"accepted":true}"#) },
            "POST /record": { _ in .json(200, #"{"ok":true}"#) },
            "POST /fail": { _ in .json(500, #"{"why":"broken"}"#) },
        ])
        ports = LocalPorts(["9101": service.port])
    }

    private func start(
        _ words: [String],
        _ block: Block,
        environment: [String: String] = [:]
    ) throws -> ChildProgram {
        try Files.write(ports.local(block.text), to: folder.path("sluice.yml"))
        return try SluiceProgram.start(
            words + ["-f", "sluice.yml"],
            environment: environment,
            directory: folder.path
        )
    }

    private static func recording(_ route: String) -> Block {
        Block(
            text: Completion.controller
                + #"""
                components:
                  recorder: { type: http-client, endpoint: "http://127.0.0.1:9101/\#(route)", body: "${input}" }
                workflow: { id: record, jobs: [ { id: record, component: recorder, input: "${input}" } ] }
                """#
        )
    }

    @Test func `run prints the output as JSON and ends with 0`() throws {
        defer { service.stop() }
        let program = try start(["run", "record", "-i", #"{"a":1}"#], Self.recording("record"))
        #expect(try program.waitForExit() == .exited(0), "\(program.errors)")
        #expect(
            try JSONValue.parse(program.output) == JSONValue.parse(#"{"ok":true}"#)
        )
        let sent = try service.waitForRequest(matching: "POST /record")
        #expect(try JSONValue.parse(sent.body) == JSONValue.parse(#"{"a":1}"#))
    }

    @Test func `run waits for a callback with a listener of its own`() throws {
        defer { service.stop() }
        let block = try Block(7).adding(Completion.controller, Completion.waiter)
        let program = try start(["run", "-i", #"{"key":"k"}"#], block)
        _ = try program.waitForLine(containing: "Step waits for a callback")
        try expect(
            HTTPProbe(port: ports[8090]).post(
                "/callback",
                json: #"{"task_id":"k","result":{"n":7}}"#
            ),
            .delivered
        )
        #expect(try program.waitForExit() == .exited(0), "\(program.errors)")
        #expect(try JSONValue.parse(program.output) == JSONValue.parse(#"{"n":7}"#))
    }

    @Test func `run of a workflow that fails ends with 1 and names step and cause`() throws {
        defer { service.stop() }
        let program = try start(["run"], Self.recording("fail"))
        #expect(try program.waitForExit() == .exited(1))
        #expect(program.output == "")
        for word in ["record", "500", "broken"] { #expect(program.errors.contains(word)) }
    }

    @Test(arguments: [
        (["run", "nothing"], 1, "There is no workflow `nothing`"),
        (["run", "-i", "{x"], 2, "The value of -i is not JSON"),
    ])
    func `run that cannot begin says why`(words: [String], code: Int32, said: String) throws {
        defer { service.stop() }
        let program = try start(words, Self.recording("record"))
        #expect(try program.waitForExit() == .exited(code))
        #expect(program.errors.contains(said), "\(program.errors)")
    }

    @Test(arguments: [interrupt, terminate])
    func `up ends gracefully at the first signal`(signal: Int32) throws {
        defer { service.stop() }
        let program = try start(["up"], Self.recording("record"))
        _ = try program.waitForLine(containing: "Ready")
        #expect(try HTTPProbe(port: ports[8088]).get("/health").status == 200)
        program.signal(signal)
        #expect(try program.waitForExit() == .exited(0), "\(program.errors)")
        #expect(program.errors.contains("Stopped"))
    }

    @Test func `up lets a request end at the first signal, and stops at once at the second`()
        throws
    {
        defer { service.stop() }
        let block = try Block(7).adding(Completion.controller, Completion.waiter)
        let program = try start(["up"], block)
        _ = try program.waitForLine(containing: "Ready")
        let asking = try RawConnection(port: ports[8088])
        let body = #"{"workflow_id":"wait","input":{"key":"never"}}"#
        try asking.send(
            "POST /workflows/runs HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body
        )
        _ = try program.waitForLine(containing: "Step waits for a callback")
        program.signal(Self.interrupt)
        _ = try program.waitForLine(containing: "Stopping")
        #expect(program.statusIfEnded == nil)
        program.signal(Self.interrupt)
        #expect(try program.waitForExit() == .exited(1))
    }

    @Test func `for the delay everything is served while readiness says that it ends`() throws {
        defer { service.stop() }
        let block = Self.recording("record").adding("server: { shutdown_delay: 1500ms }")
        let program = try start(["up"], block)
        _ = try program.waitForLine(containing: "Ready")
        let api = HTTPProbe(port: ports[8088])
        let kept = try RawConnection(port: ports[8088])
        program.signal(Self.terminate)
        _ = try program.waitForLine(containing: "then waiting up to 30 s for requests in progress")
        for path in ["/health", "/readyz"] {
            let reply = try api.get(path)
            #expect(reply.status == 503)
            #expect(reply.text.contains("shutting_down"))
        }
        #expect(try api.get("/livez").status == 200)
        #expect(try api.post("/workflows/runs", json: #"{"input":1}"#).status == 200)
        // Until listening ends; a connection that was there before is still answered then.
        try eventually("listening to end") { (try? api.get("/livez")) == nil }
        try kept.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let last = try kept.readReply()
        #expect(last.status == 503)
        #expect(last.headers["Connection"] == "close")
        kept.close()
        #expect(try program.waitForExit() == .exited(0), "\(program.errors)")
    }

    @Test func `SIGHUP ends nothing and is told`() throws {
        defer { service.stop() }
        let program = try start(["up"], Self.recording("record"))
        _ = try program.waitForLine(containing: "Ready")
        for _ in 0..<2 {
            program.signal(1)
            _ = try program.waitForLine(containing: "Reload is not there yet")
        }
        #expect(try HTTPProbe(port: ports[8088]).get("/health").status == 200)
        program.signal(Self.interrupt)
        _ = try program.waitForLine(
            containing: "Stopping: waiting up to 30 s for requests in progress (again to stop now)."
        )
        #expect(try program.waitForExit() == .exited(0), "\(program.errors)")
    }

    @Test(arguments: [(interrupt, 130), (terminate, 143)] as [(Int32, Int32)])
    func `run that is ended by a signal exits as shells have it`(
        signal: Int32,
        code: Int32
    ) throws {
        defer { service.stop() }
        let block = try Block(7).adding(Completion.controller, Completion.waiter)
        let program = try start(["run", "-i", #"{"key":"never"}"#], block)
        _ = try program.waitForLine(containing: "Step waits for a callback")
        program.signal(signal)
        #expect(try program.waitForExit() == .exited(code), "\(program.errors)")
    }

    @Test func `a port in use is named, also when a second instance has it`() throws {
        defer { service.stop() }
        let first = try start(["up"], Self.recording("record"))
        _ = try first.waitForLine(containing: "Ready")
        let second = try start(["up"], Self.recording("record").adding("store: memory"))
        #expect(try second.waitForExit() == .exited(1))
        #expect(second.errors.contains("\(ports[8088])"), "\(second.errors)")
        #expect(second.errors.contains("in use"), "\(second.errors)")
        // With the same store it does not come so far.
        let third = try start(["up"], Self.recording("record"))
        #expect(try third.waitForExit() == .exited(1))
        #expect(third.errors.contains("the log is in use by another process"), "\(third.errors)")
        #expect(try HTTPProbe(port: ports[8088]).get("/health").status == 200)
        first.signal(Self.terminate)
        #expect(try first.waitForExit() == .exited(0))
    }

    @Test func `up of a wrong configuration ends with 1 before anything listens`() throws {
        defer { service.stop() }
        let program = try start(["up"], Block(text: "listener:\n  prot: 8090\n"))
        #expect(try program.waitForExit() == .exited(1))
        #expect(program.errors.contains("sluice.yml:2:3: error:"))
    }

    @Test func `up of a tunnel says that it cannot be started yet`() throws {
        defer { service.stop() }
        let program = try start(["up"], Block(21))
        #expect(try program.waitForExit() == .exited(1))
        #expect(program.errors.contains("`ngrok` cannot be started yet"), "\(program.errors)")
    }

    @Test func `13.4.6 as a program keeps the token to itself`() throws {
        defer { service.stop() }
        let block = try Block(28).withPublicGateway()
            .replacing("https://slack.com/api", with: "http://127.0.0.1:9101")
            .replacing("/chat.postMessage", with: "/record")
            .adding(Completion.controller)
        let program = try start(
            ["run", "--log-level", "debug", "-i", #"{"event":{"channel":"C","text":"hello"}}"#],
            block,
            environment: ["SLACK_BOT_TOKEN": "xoxb-test"]
        )
        #expect(try program.waitForExit() == .exited(0), "\(program.errors)")
        #expect(
            try service.waitForRequest(matching: "POST /record").headers["authorization"]
                == "Bearer xoxb-test"
        )
        #expect(!program.errors.contains("xoxb"))
        #expect(!program.output.contains("xoxb"))
    }
}
