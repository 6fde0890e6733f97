import JSONWire
import Primitives
import Runs
import Sluice
import Synchronization
import TestKit
import Testing

/// An orderly stop: what runs have under way may end, nothing new begins, and who waits for a run is told where to find it.
@Suite struct StoppingTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private var block: Block {
        DurableBlocks.bare(
            directory,
            #"""
            listener:
              - { type: http-trigger, host: 127.0.0.1, port: 8091, path: /go, workflow: hold, input: "${body}" }
            components:
              slow: { type: http-client, endpoint: "http://127.0.0.1:9101/slow" }
              next: { type: http-client, endpoint: "http://127.0.0.1:9101/next" }
            workflows:
              - { id: two, jobs: [ { id: a, component: slow }, { id: b, component: next, depends_on: [ a ] } ] }
              - { id: hold, jobs: [ { id: a, type: wait, wait_for: never } ] }
            """#
        )
    }

    @Test func `a request under way ends, is journaled, and is not made again; none begins`() throws
    {
        let gate = Gate()
        defer { gate.open() }
        let slow: ScriptedService.Script = { _ in
            gate.waitUntilOpen()
            return .json(200, "{}")
        }
        let next: ScriptedService.Script = { _ in .json(200, "{}") }
        let fixture = try ServerFixture(
            block,
            isDurable: true,
            routes: ["POST /slow": slow, "GET /slow": slow, "POST /next": next, "GET /next": next]
        )
        defer { fixture.stop() }
        let run = try fixture.start("null", workflow: "two")
        try eventually("the request is under way") { Self.count(fixture, "/slow") == 1 }
        let drained = Watched(false)
        fixture.server.drain(grace: .seconds(30)) { drained.withLock { $0 = true } }
        #expect(!drained.withLock { $0 })
        gate.open()
        #expect(drained.wait(until: .standard) { $0 ? true : nil } == true)
        #expect(Self.count(fixture, "/next") == 0)
        try fixture.restart(block)
        try fixture.state(run, reaches: "completed")
        #expect(Self.count(fixture, "/slow") == 1)
        #expect(Self.count(fixture, "/next") == 1)
    }

    @Test func `who waits for a run is told 202 and where it is`() throws {
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        let waiting = [
            try ask(fixture.ports[8091], "/go", "null", "Prefer: wait=60\r\n"),
            try ask(
                fixture.ports[8088],
                "/workflows/runs",
                #"{"workflow_id":"hold","wait_for_completion":true}"#
            ),
            try ask(
                fixture.ports[8088],
                "/workflows/runs",
                #"{"workflow_id":"hold"}"#,
                "Prefer: wait=60\r\n"
            ),
        ]
        try eventually("all wait") { fixture.server.engine.openWaitsCount == waiting.count }
        let drained = Watched(false)
        fixture.server.drain(grace: .seconds(30)) { drained.withLock { $0 = true } }
        for connection in waiting {
            let reply = try connection.readReply()
            #expect(reply.status == 202, "\(reply.text)")
            #expect(reply.headers["location"]?.contains("/tasks/") == true)
        }
        #expect(drained.wait(until: .standard) { $0 ? true : nil } == true)
    }

    private static func count(_ fixture: ServerFixture, _ path: String) -> Int {
        fixture.service.requests(matching: "POST \(path)").count
            + fixture.service.requests(matching: "GET \(path)").count
    }

    private func ask(
        _ port: Int,
        _ path: String,
        _ body: String,
        _ fields: String = ""
    ) throws -> RawConnection {
        let connection = try RawConnection(port: port)
        try connection.send(
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\(fields)"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        )
        return connection
    }
}
