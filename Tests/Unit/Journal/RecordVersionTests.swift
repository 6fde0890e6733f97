import Primitives
import Rendezvous
import Testing
import Workflows

@testable import Journal

/// What version 3 of the record format added, and the rule for what comes after it.
@Suite struct RecordVersionTests {
    private func received(_ bytes: [UInt8]) throws -> ReceivedRequest {
        guard case .received(let request) = try JournalRecord(bytes) else {
            throw RecordReader.Damage(reason: "it is another record")
        }
        return request
    }

    private func bytes(_ request: ReceivedRequest) -> [UInt8] {
        PreparedRecord(.received(request)).bytes
    }

    @Test(arguments: Samples.verdicts.indices)
    func `a verdict is kept with its request`(index: Int) throws {
        let verdict = Samples.verdicts[index]
        let read = try received(bytes(Samples.request(verdict)))
        #expect(read.verdict == verdict)
        #expect(read.verdict?.state == verdict.state)
        #expect(read.verdict?.verifier == verdict.verifier)
        #expect(read.verdict?.reason == verdict.reason)
        #expect(read.items == Samples.request(nil).items)
    }

    @Test func `a callback on its way is written as its request is read`() throws {
        let verdict = SenderVerdict(.verified, by: "github")
        let head = TraceHead(method: "POST", target: "/x", peer: "::1", headers: [])
        let body = Array(#"{"a":1}"#.utf8)
        let draft = ArrivalDraft(
            callback: Samples.arrival(result: "1", request: nil).callback,
            facts: ArrivalFacts(
                endpoint: "POST :8090/x",
                fingerprint: Fingerprint(high: 1, low: 2),
                reusesKey: false,
                time: WallTime(milliseconds: 1)
            ),
            request: ArrivalRequest(
                trace: RequestTrace(
                    head: head,
                    time: WallTime(milliseconds: 1),
                    replayOf: Samples.other,
                    verdict: verdict
                ),
                body: body
            ),
            status: .delivered
        )
        var out = RecordWriter()
        JournalRecord.writeDelivered(draft, to: Samples.wait, Samples.stamp, &out)
        guard case .delivered(_, let arrival, _) = try JournalRecord(out.bytes) else {
            Issue.record("it is another record")
            return
        }
        #expect(arrival.request?.verdict == verdict)
        #expect(arrival.request?.replayOf == Samples.other)
        #expect(arrival.request?.body == body)
    }

    @Test func `what is not there takes no byte`() throws {
        let request = bytes(Samples.request(nil))
        // Its last fields are one byte that says what follows, and the prints of its items with their length.
        #expect(request.suffix(10).prefix(2) == [2, 8])
        let verdict = SenderVerdict(.refused, by: "partner", reason: "too_old")
        let difference = bytes(Samples.request(verdict)).count - request.count
        #expect(difference == 1 + (1 + "partner".utf8.count) + (1 + "too_old".utf8.count))
        let without = PreparedRecord(.began([Samples.birth(nil)], [])).bytes
        let with = PreparedRecord(.began([Samples.birth(RunCause(.trigger))], [])).bytes
        #expect(with.count == without.count + 2)
    }

    @Test func `words that are too long are cut where a character ends`() {
        let verdict = SenderVerdict(.refused, by: "x" + String(repeating: "é", count: 40))
        #expect(verdict.verifier.utf8.count == 63)
        let event = RunCause.Event(id: String(repeating: "i", count: 300), name: "n")
        #expect(event.id.utf8.count == 255)
    }

    @Test(arguments: Samples.causes.indices)
    func `how a run was started is kept with its birth`(index: Int) throws {
        let bytes = PreparedRecord(.began([Samples.birth(Samples.causes[index])], [])).bytes
        guard case .began(let births, _) = try JournalRecord(bytes) else {
            Issue.record("it is another record")
            return
        }
        #expect(births.first?.extras.cause == Samples.causes[index])
    }

    @Test func `fields of a later minor version are gone over, and kept`() throws {
        var request = bytes(Samples.request(nil))
        // Behind the items' prints stands what a later version adds, in one blob.
        request[request.count - 10] |= ReceivedRequest.Marks.later.rawValue
        let later = request + [3, 0xAA, 0xBB, 0xCC]
        let read = try received(later)
        #expect(read.items == Samples.request(nil).items)
        #expect(bytes(read) == later)

        var birth = Samples.birth(Samples.causes[0])
        birth = birth.adding(later: [1, 2, 3])
        let bytes = PreparedRecord(.began([birth], [])).bytes
        guard case .began(let births, _) = try JournalRecord(bytes) else {
            Issue.record("it is another record")
            return
        }
        #expect(births.first?.extras.cause == Samples.causes[0])
        #expect(PreparedRecord(.began(births, [])).bytes == bytes)
    }

    @Test func `what a later version does not let be gone over is refused`() {
        let request = bytes(Samples.request(nil))
        for bit in [8, 16, 32, 64] as [UInt8] {
            var changed = request
            changed[changed.count - 10] |= bit
            #expect(throws: RecordReader.Damage(reason: "a request ends with something unknown")) {
                try JournalRecord(changed)
            }
        }
        var out = RecordWriter()
        out.byte(200)
        #expect(throws: RecordReader.Damage(reason: "a run's birth has something unknown")) {
            var reader = RecordReader(out.bytes)
            _ = try BirthExtras(&reader)
        }
        #expect(throws: RecordReader.Damage.self) {
            var reader = RecordReader([9, 0, 0])
            _ = try SenderVerdict(&reader)
        }
    }

    @Test(arguments: [1, 300, UInt16.max])
    func `a record of another node is refused with a sentence`(node: UInt16) {
        var out = RecordWriter()
        out.begin(.finished, decidedBy: NodeID(rawValue: node))
        let own = PreparedRecord(.finished(Samples.id, .completed, WallTime(milliseconds: 1))).bytes
        let reason =
            "it was decided by node \(node) of a cluster, and this version knows no other nodes than its own"
        #expect(throws: RecordReader.Damage(reason: reason)) {
            try JournalRecord(out.bytes + own.dropFirst())
        }
    }

    @Test func `the single node is never written`() {
        var out = RecordWriter()
        out.begin(.finished)
        #expect(out.bytes == [JournalRecord.Tag.finished.rawValue])
        #expect(throws: RecordReader.Damage(reason: "the node that decided it is damaged")) {
            try JournalRecord([JournalRecord.Tag.finished.rawValue | 0x80, 0])
        }
    }
}

extension RunBirth {
    /// The birth with fields of a later version.
    fileprivate func adding(later: [UInt8]) -> RunBirth {
        var extras = extras
        extras.later = later
        return RunBirth(
            id: id,
            workflow: workflow,
            plan: plan,
            parent: parent,
            parentAttempt: parentAttempt,
            depth: depth,
            labels: labels,
            extras: extras,
            event: event,
            stamp: stamp
        )
    }
}
