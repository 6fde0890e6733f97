import JSONWire
import Journal
import Primitives
import Rendezvous
import Runs
import Sluice
import Store
import TestKit
import Testing

/// What the API tells of the event that started a run, and of the verification of a sender, where there was one.
@Suite struct StartCauseTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    @Test func `the event that started a run is told, after a restart too`() throws {
        let fixture = try ServerFixture(DurableBlocks.block(directory), isDurable: true)
        defer { fixture.stop() }
        var order = RunEngine.Order(workflow: "wait", input: .object(["key": .string("k")]))
        order.cause = RunCause(
            .event,
            event: .init(id: "evt-1", name: "order.created", source: "/shop")
        )
        let run = try fixture.server.engine.start(order, requestID: nil).text
        let plain = try fixture.wait(for: "other")
        for _ in 0..<2 {
            let state = try fixture.state(run)
            #expect(state["started_by"] == .string("event"))
            #expect(state["event"]?["event_id"] == .string("evt-1"))
            #expect(state["event"]?["name"] == .string("order.created"))
            #expect(state["event"]?["source"] == .string("/shop"))
            #expect(try fixture.state(plain)["event"] == nil)
            #expect(try fixture.state(plain)["started_by"] == nil)
            try fixture.restart(DurableBlocks.block(directory))
        }
    }

    @Test func `the ledger tells what a sender's verification came to`() throws {
        let store = try Store(
            directory: directory.path("store"),
            settings: StoreSettings(),
            log: .silent
        )
        let verdicts: [SenderVerdict?] = [
            SenderVerdict(.verified, by: "github"),
            SenderVerdict(.refused, by: "partner", reason: "signature_wrong"), nil,
        ]
        let requests = verdicts.enumerated().map { index, verdict in
            ReceivedRequest(
                id: UUIDv7(time: .now(), random: (UInt64(index), 1)),
                time: .now(),
                endpoint: "POST :8090/webhook/completed",
                method: "POST",
                target: "/webhook/completed",
                peer: "127.0.0.1",
                headers: [],
                body: Array("{}".utf8),
                status: .rejected,
                code: "",
                note: "a note",
                key: [],
                replayOf: nil,
                verdict: verdict
            )
        }
        let records = requests.enumerated().map { index, request in
            NumberedRecord(number: UInt64(index) + 1, record: .received(request))
        }
        store.take(records, through: UInt64(records.count))
        try store.flush()
        store.close()

        let fixture = try ServerFixture(DurableBlocks.block(directory), isDurable: true)
        defer { fixture.stop() }
        let told = try requests.map { request in
            try fixture.asked("/ledger/\(request.id.text)")["verification"]
        }
        let listed = try fixture.asked("/ledger")["requests"]?.elements ?? []
        #expect(listed.map { $0["verification"] } == told.reversed())
        #expect(told[0]?["state"] == .string("verified"))
        #expect(told[0]?["verifier"] == .string("github"))
        #expect(told[0]?["reason"] == nil)
        #expect(told[1]?["state"] == .string("refused"))
        #expect(told[1]?["verifier"] == .string("partner"))
        #expect(told[1]?["reason"] == .string("signature_wrong"))
        #expect(told[2] == nil)
    }
}
