import HTTPEngine
import HTTPWire
import Journal
import Primitives
import Rendezvous
import Testing

@testable import Listeners

/// What is written down of requests, and when new ones are refused.
@Suite struct RequestRecorderTests {
    private static let listeners =
        #"  - { type: http-callback, port: 8090, callbacks: [ { path: /a, identify_by: "${body.id}" } ] }"#

    @Test func `an entry holds what the request brought and what became of it`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        let id = fixture.requestID()
        let number = fixture.recorder.note(
            .sample,
            id,
            "POST :8090/a",
            body: Array("body".utf8),
            RequestFate(status: .rejected, code: .keyMissing, note: "why")
        )
        #expect(number > 0)
        guard case .received(let entry)? = journal.records.first else {
            Issue.record("nothing was written")
            return
        }
        #expect(entry.id == id && entry.endpoint == "POST :8090/a")
        #expect(entry.status == .rejected && entry.code == "key_missing" && entry.note == "why")
        #expect(entry.body == Array("body".utf8))
    }

    @Test func `of a refused body only its beginning is kept`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        let body = [UInt8](repeating: 120, count: 100 << 10)
        let kept = body.withRawSpan { RequestRecorder.keptOfRefused($0) }
        #expect(kept.count == 64 << 10)
        let fate = RequestFate(status: .rejected, code: .keyMissing)
        fixture.recorder.note(.sample, fixture.requestID(), "e", body: body, fate)
        guard case .received(let entry)? = journal.records.first else {
            Issue.record("nothing was written")
            return
        }
        #expect(entry.body.count == 64 << 10)
        #expect(RequestRecorder.isCut(entry))
    }

    @Test func `nothing is written where nothing is kept, or while the journal refuses`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let fate = RequestFate(status: .progress)
        let memory = fixture.recorder.note(.sample, fixture.requestID(), "e", body: [], fate)
        #expect(memory == 0)
        #expect(fixture.recorder.refusal == nil)
        let journal = ManualJournal()
        let durable = try ListenerFixture(Self.listeners, journal: journal)
        journal.refuse("the disk is full")
        let number = durable.recorder.note(.sample, durable.requestID(), "e", body: [], fate)
        #expect(number == 0 && journal.records.isEmpty)
        let refusal = try #require(durable.recorder.refusal)
        #expect(refusal.code == .journalUnavailable && refusal.detail.contains("the disk is full"))
    }

    @Test func `a body fits where its record does, with the result beside it`() throws {
        for (recordBytesMax, fits) in [(1 << 20, 384 << 10), (4096, 1536)] {
            let fixture = try ListenerFixture(
                Self.listeners,
                journal: ManualJournal(recordBytesMax: recordBytesMax)
            )
            #expect(fixture.recorder.refusal(callbackBytes: fits) == nil)
            let refusal = fixture.recorder.refusal(callbackBytes: fits + 1)
            #expect(refusal?.code == .bodyTooLarge)
        }
        let memory = try ListenerFixture(Self.listeners)
        #expect(memory.recorder.refusal(callbackBytes: 1 << 40) == nil)
    }
}
