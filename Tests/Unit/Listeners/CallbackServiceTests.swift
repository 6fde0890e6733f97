import HTTPEngine
import Journal
import Primitives
import Rendezvous
import Testing

@testable import Listeners

/// Whole requests, from their body to the decision.
@Suite struct CallbackServiceTests {
    private static let listeners = #"""
          - type: http-callback
            port: 8090
            callbacks:
              - { path: /a, identify_by: "${body.id}", status: "${body.status}", success_when: [done] }
              - { path: /many, bulk: true, item: "${body.items}", identify_by: "${item.id}", max_items: 40 }
              - { path: /inner, identify_by: "${item.id}", item: "${body.inner}" }
              - { path: /lines, bulk: true, identify_by: "${item.id}" }
        """#

    @Test func `a body that is not what it says is refused`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let endpoint = fixture.endpoints[0]
        #expect(fixture.decide("{", at: endpoint).told == "400 body_unparseable")
        #expect(fixture.decide("{}", at: endpoint).told == "422 key_missing")
        #expect(fixture.decide(#"{"id":[1]}"#, at: endpoint).told == "422 key_invalid")
        let lines = RequestBody.other(contentType: "application/jsonl")
        #expect(
            fixture.decide("{}\n{}", at: endpoint, form: lines).told
                == "415 media_type_unsupported"
        )
        let form = RequestBody.other(contentType: "application/x-www-form-urlencoded")
        #expect(
            fixture.decide(#"{"id":"k"}"#, at: endpoint, form: form).told == "422 key_missing"
        )
    }

    @Test func `a form is read by the same expressions`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let endpoint = fixture.endpoints[0]
        fixture.park("k", at: endpoint)
        let form = RequestBody.other(contentType: "application/x-www-form-urlencoded")
        let told = fixture.decide("id=k&status=done", at: endpoint, form: form).told
        #expect(told == #"200 {"status":"delivered"}"#)
    }

    @Test func `an item of one callback is what its expression names`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        fixture.park("k", at: fixture.endpoints[2])
        let told = fixture.decide(#"{"inner":{"id":"k"}}"#, at: fixture.endpoints[2]).told
        #expect(told == #"200 {"status":"delivered"}"#)
    }

    @Test func `items of a bulk are decided one by one, more of them than are read ahead`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let endpoint = fixture.endpoints[1]
        for index in 0..<20 { fixture.park("k\(index)", at: endpoint) }
        var items = (0..<35).map { #"{"id":"k\#($0)"}"# }
        items[18] = "{}"
        items[34] = items[0]
        let told = fixture.decide(
            #"{"items":[\#(items.joined(separator: ","))]}"#,
            at: endpoint
        ).told
        let expected =
            #"200 {"status":"processed","delivered":19,"held":14,"progress":0,"duplicates":1,"#
            + #""rejected":[{"index":18,"code":"key_missing""#
        #expect(told.hasPrefix(expected), "\(told)")
        let none = fixture.decide(#"{"items":7}"#, at: endpoint).told
        #expect(none == "422 items_not_a_list")
        let many = Array(repeating: "{}", count: 41).joined(separator: ",")
        let tooMany = fixture.decide(#"{"items":[\#(many)]}"#, at: endpoint).told
        #expect(tooMany == "413 too_many_items")
    }

    @Test func `lines are the items of a bulk`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let told = fixture.decide(
            #"{"id":"x"}"# + "\n" + #"{"id":"y"}"#,
            at: fixture.endpoints[3],
            form: .other(contentType: "application/jsonl")
        ).told
        #expect(told.contains(#""held":2"#), "\(told)")
    }

    @Test func `nothing is decided while the journal takes nothing`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        fixture.park("k", at: fixture.endpoints[0])
        journal.refuse("the disk is full")
        let body = #"{"id":"k","status":"done"}"#
        #expect(fixture.decide(body, at: fixture.endpoints[0]).told == "503 journal_unavailable")
        #expect(fixture.table.counts.waiters == 1)
    }

    @Test func `a callback of which the journal takes no record is refused`() throws {
        let journal = ManualJournal(recordBytesMax: 4096)
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        let long = String(repeating: "x", count: 2000)
        let told = fixture.decide(#"{"id":"k","n":"\#(long)"}"#, at: fixture.endpoints[0]).told
        #expect(told == "413 body_too_large")
    }

    @Test func `what the record of a callback does not tell, the ledger is told`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        let body = #"{"id":"k","status":"done"}"#
        let first = fixture.decide(body, at: fixture.endpoints[0], trace: .sample)
        fixture.batch.end()
        let again = fixture.decide(body, at: fixture.endpoints[0], trace: .sample)
        #expect(first.told == #"202 {"status":"held"}"#)
        #expect(again.told == #"202 {"status":"held","duplicate":true}"#)
        // The answer rests on its entry, too.
        #expect(again.number > first.number)
        let entries = journal.records.compactMap { record -> ReceivedRequest.Status? in
            if case .received(let entry) = record { entry.status } else { nil }
        }
        #expect(entries == [.duplicate])
    }
}
