import Journal
import Primitives
import Rendezvous
import Storage
import Testing
import Workflows

@testable import Store

/// What version 3 of the store keeps: verdicts, how runs were started, numbers of events, and no other node's decisions.
@Suite struct StoredVerdictTests {
    private let verdict = SenderVerdict(.refused, by: "partner", reason: "too_old")

    private func request(_ number: Int, _ status: ReceivedRequest.Status) -> ReceivedRequest {
        let plain = Make.request(number, status, key: "k\(number)")
        return ReceivedRequest(
            id: plain.id,
            time: plain.time,
            endpoint: plain.endpoint,
            method: plain.method,
            target: plain.target,
            peer: plain.peer,
            headers: plain.headers,
            body: plain.body,
            status: status,
            code: plain.code,
            note: plain.note,
            key: plain.key,
            replayOf: nil,
            verdict: number == 0 ? nil : verdict
        )
    }

    private func arrival(_ number: Int, _ status: ReceivedRequest.Status) -> CallbackArrival {
        let plain = Make.arrival(number, key: Make.key("k\(number)"), status)
        return CallbackArrival(
            callback: plain.callback,
            endpoint: plain.endpoint,
            fingerprint: plain.fingerprint,
            reusesKey: false,
            time: plain.time,
            request: request(number, status)
        )
    }

    @Test func `the verdict is with a request, however it came to the ledger`() throws {
        let fixture = try StoreFixture()
        try fixture.take(
            .text(Make.plan(1), Array("text".utf8)),
            .received(request(0, .progress)),
            .received(request(1, .rejected)),
            .began([Make.birth(1)], []),
            .waiting(Make.wait(1), keys: [Make.key("k2")], deadline: Make.time),
            .delivered(Make.wait(1), arrival(2, .delivered), Make.stamp()),
            .held(arrival(3, .held), until: Make.time, listener: 0)
        )
        // Once more in the form of rows that were read and written again.
        try fixture.take(.received(request(4, .rejected)))
        try fixture.reopen()
        let lines = try fixture.store.requests(LedgerQuery())
        #expect(lines.map(\.verdict) == [verdict, verdict, verdict, verdict, nil])
        for line in lines {
            let entry = try #require(try fixture.store.request(line.id))
            #expect(entry.request.verdict == line.verdict)
            #expect(entry.node == .single)
        }
        #expect(try fixture.store.check() == [])
    }

    @Test func `how a run was started is there after a restart`() throws {
        let fixture = try StoreFixture()
        let cause = RunCause(.event, event: .init(id: "evt-1", name: "order.created"))
        try fixture.take(.began([Make.birth(1, cause: cause), Make.birth(2)], []))
        try fixture.take(.advanced(Make.run(1), .cancel(reason: "r"), Make.stamp()))
        try fixture.reopen()
        let first = try #require(try fixture.store.run(Make.run(1)))
        #expect(first.cause == cause)
        #expect(try #require(try fixture.store.run(Make.run(2))).cause == nil)
        // Each event with the number of the record it came in.
        #expect(first.events.map(\.number) == [1, 2])
    }

    @Test func `a record of another node is refused with a sentence, and nothing of it is written`()
        throws
    {
        let fixture = try StoreFixture()
        try fixture.take(.received(request(1, .rejected)))
        var out = RecordWriter()
        out.begin(.received, decidedBy: NodeID(rawValue: 3))
        request(2, .rejected).write(to: &out)
        let failure = #expect(throws: StoreError.self) {
            try fixture.store.replay(NumberedRecord(number: 2, bytes: out.bytes))
            try fixture.store.finishReplay(through: 2)
        }
        let text = failure?.description ?? ""
        #expect(text.contains("decided by node 3 of a cluster"), "\(text)")
        try fixture.reopen()
        #expect(fixture.store.completeThrough == 1)
    }

    @Test func `rows of another node are refused with a sentence`() {
        let sentence = "decided by node 5 of a cluster"
        var entry = RecordWriter()
        entry.number(9)
        entry.byte(EntryMark.node)
        entry.node(NodeID(rawValue: 5))
        let held = StoredHeld(
            number: 1,
            node: NodeID(rawValue: 5),
            arrival: arrival(1, .held),
            until: Make.time,
            listener: 0
        )
        // A key is its channel, and its bytes with their length.
        let mark = [9, 0, 0, EndedHow.answered.rawValue | StoredMark.nodeBit, 5]
        let damages = [
            #expect(throws: RecordReader.Damage.self) { try StoredMark.all(in: mark) },
            #expect(throws: RecordReader.Damage.self) {
                try RequestChunks.entries(in: entry.bytes)
            },
            #expect(throws: RecordReader.Damage.self) {
                try StoredHeld(number: 1, until: Make.time, listener: 0, content: held.content)
            },
        ]
        for damage in damages {
            #expect(damage?.reason.contains(sentence) == true, "\(damage?.reason ?? "")")
        }
    }

    @Test func `a store of a version to come is refused with a sentence`() throws {
        let fixture = try StoreFixture()
        let next = StoreSchema.migrations.version + 1
        try fixture.tamper("PRAGMA user_version = \(next)")
        let failure = #expect(throws: StoreError.self) { try fixture.reopen() }
        #expect(failure?.kind == .newerVersion)
        let text = failure?.description ?? ""
        #expect(text.contains("schema version \(next)"), "\(text)")
        #expect(text.contains("it was written by a newer version"), "\(text)")
        try fixture.tamper("PRAGMA user_version = \(next - 1)")
        try fixture.reopen()
    }
}
