import JSONWire
import TestKit
import Testing

/// What people ask of runs is answered when it is stored, and 503 where it cannot be; then it has not happened.
@Suite struct SteeringTests {
    private let journal = HeldBackJournal()
    private let fixture: ServerFixture

    init() throws {
        journal.letGo()
        fixture = try ServerFixture(
            Block(
                text: #"""
                    controller: { adapter: { type: http-server, host: 127.0.0.1, port: 8088 } }
                    components:
                      call: { type: http-client, endpoint: "http://127.0.0.1:9101/fail" }
                    workflows:
                      - id: ask
                        jobs: [ { id: one, type: wait, wait_for: a, interrupt: { before: true } } ]
                      - { id: hold, jobs: [ { id: one, type: wait, wait_for: b } ] }
                      - { id: fail, jobs: [ { id: one, component: call } ] }
                    """#
            ),
            journal: journal,
            routes: [
                "POST /fail": { _ in .json(500, "{}") }, "GET /fail": { _ in .json(500, "{}") },
            ]
        )
    }

    /// One thing that can be asked of a run.
    struct Asked: Sendable, CustomTestStringConvertible {
        let workflow: String
        let status: String
        let path: String
        let body: String
        /// What the run is once it is stored.
        let after: String

        var testDescription: String { "\(path) \(body)" }
    }

    private static let all = [
        Asked(
            workflow: "ask",
            status: "interrupted",
            path: "resume",
            body: #"{"job_id":"one"}"#,
            after: "waiting"
        ),
        Asked(workflow: "hold", status: "waiting", path: "cancel", body: "{}", after: "cancelled"),
        Asked(
            workflow: "hold",
            status: "waiting",
            path: "cancel",
            body: #"{"wait_for_completion":false}"#,
            after: "cancelled"
        ),
        Asked(workflow: "fail", status: "failed", path: "retry", body: "{}", after: "failed"),
    ]

    /// Asks, and gives the connection on which the answer will come once the journal has been handed something.
    private func ask(_ asked: Asked, of run: String) throws -> RawConnection {
        let before = journal.appendedCount
        let connection = try RawConnection(port: fixture.ports[8088])
        try connection.send(
            "POST /tasks/\(run)/\(asked.path) HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(asked.body.utf8.count)\r\n\r\n"
                + asked.body
        )
        try journal.waitForRecords(before + 1)
        return connection
    }

    @Test(arguments: all) func `it is not answered before it is stored`(_ asked: Asked) throws {
        defer { fixture.stop() }
        let run = try fixture.start("null", workflow: asked.workflow)
        try fixture.state(run, reaches: asked.status)
        journal.holdBack()
        let connection = try ask(asked, of: run)
        #expect(try fixture.state(run)["status"] == .string(asked.status))
        journal.giveUp()
        let refused = try connection.readReply()
        #expect(refused.status == 503, "\(refused.text)")
        #expect(refused.headers["retry-after"] == "5")
        #expect(try JSONValue.parse(refused.body)["code"] == .string("journal_unavailable"))
        #expect(try fixture.state(run)["status"] == .string(asked.status))
        // Asked again when the journal takes it, it is done.
        let again = try ask(asked, of: run)
        journal.letGo()
        let done = try again.readReply()
        #expect(done.status == 200, "\(done.text)")
        try fixture.state(run, reaches: asked.after)
    }
}
