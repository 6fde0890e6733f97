import JSONWire
import Rendezvous
import Sluice
import TestKit
import Testing

@testable import Runs

/// What an endpoint lets in a run can carry; where it cannot, the sender is told, and the run waits on.
@Suite struct StateBoundTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func block(executor: String = "{}", body: String = "16MiB") -> Block {
        DurableBlocks.bare(
            directory,
            DurableBlocks.oneOrMany,
            #"""
            executor: \#(executor)
            server: { max_body_size: \#(body) }
            components:
              note: { type: http-client, endpoint: "http://127.0.0.1:9101/record", body: { n: "${input}" } }
            workflows:
              - id: one
                jobs:
                  - { id: a, type: wait, wait_for: "${input.key}" }
                  - { id: b, component: note, input: "${jobs.a.output.n}", depends_on: [ a ] }
              - id: two
                jobs:
                  - { id: a, type: wait, wait_for: "${input.key}1" }
                  - { id: b, type: wait, wait_for: "${input.key}2" }
            """#
        )
    }

    private static func body(_ id: String, mebibytes: Double) -> String {
        let text = String(repeating: "x", count: Int(mebibytes * 1_048_576))
        return #"{"id":"\#(id)","n":1,"image":"\#(text)"}"#
    }

    private static func refuses(_ reply: HTTPReply) throws {
        #expect(reply.status == 413, "\(reply.text.prefix(300))")
        #expect(try JSONValue.parse(reply.body)["code"] == .string("state_too_large"))
    }

    @Test func `a larger max_body_size alone is enough`() throws {
        let fixture = try ServerFixture(block(), isDurable: true)
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"big"}"#, workflow: "one")
        try fixture.state(run, reaches: "waiting")
        try expect(fixture.post("/done", Self.body("big", mebibytes: 15)), .delivered)
        try fixture.state(run, reaches: "completed")
    }

    @Test func `a callback that does not fit is refused, the run waits on, also after a restart`()
        throws
    {
        let tight = block(executor: "{ max_state_size: 4MiB }", body: "3MiB")
        let fixture = try ServerFixture(tight, isDurable: true)
        defer { fixture.stop() }
        let input = #"{"key":"k","pad":"\#(String(repeating: "p", count: 1_200_000))"}"#
        let run = try fixture.start(input, workflow: "one")
        try fixture.state(run, reaches: "waiting")
        try Self.refuses(fixture.post("/done", Self.body("k", mebibytes: 2.9)))
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        let bulk = try fixture.post(
            "/all",
            #"{"items":[\#(Self.body("k", mebibytes: 2.9)),{"id":"other"}]}"#
        )
        #expect(
            bulk.text.contains(#""index":0,"code":"state_too_large""#),
            "\(bulk.text.prefix(300))"
        )
        try fixture.restart(tight)
        try eventually("its room is known again") { fixture.server.engine.table.limitedCount == 1 }
        try Self.refuses(fixture.post("/done", Self.body("k", mebibytes: 2.9)))
        try expect(fixture.post("/done", Self.body("k", mebibytes: 0.5)), .delivered)
        try fixture.state(run, reaches: "completed")
    }

    @Test func `two callbacks that fit by themselves are both carried`() throws {
        let tight = block(executor: "{ max_state_size: 4MiB }", body: "3MiB")
        let fixture = try ServerFixture(tight, isDurable: true)
        defer { fixture.stop() }
        let run = try fixture.start(#"{"key":"k"}"#, workflow: "two")
        try eventually("both wait") { fixture.server.engine.openWaitsCount == 2 }
        try expect(fixture.post("/done", Self.body("k1", mebibytes: 2.9)), .delivered)
        try expect(fixture.post("/done", Self.body("k2", mebibytes: 2.9)), .delivered)
        try fixture.state(run, reaches: "completed")
    }

    @Test func `bounds that do not fit are refused at load, with both places`() throws {
        let text = """
            executor: { max_state_size: 1MiB }
            listener:
              type: http-callback
              port: 8090
              path: /done
              max_body_size: 2MiB
              identify_by: ${body.id}
            workflow: { id: w, jobs: [ { id: a, type: wait, wait_for: a } ] }
            """
        let loaded = Loaded(text: text)
        #expect(loaded.hasErrors)
        #expect(loaded.findings.contains("executor.max_state_size"), "\(loaded.findings)")
        #expect(loaded.findings.contains("POST :8090/done (block.yml:"), "\(loaded.findings)")
    }
}
