import HTTPEngine
import HTTPWire
import JSONWire
import Journal
import Primitives
import Rendezvous
import Testing
import Workflows

@testable import Listeners

/// What becomes of one callback.
@Suite struct CallbackMatcherTests {
    private static let listeners = #"""
          - type: http-callback
            port: 8090
            callbacks:
              - { path: /a, identify_by: "${body.id}", status: "${body.status}", success_when: [done], fail_when: [failed] }
              - { path: /b, identify_by: "${body.id}", unmatched: reject }
              - { path: /c, identify_by: "${body.id}", deduplicate_by: "${body.n}" }
        """#

    private let fixture: ListenerFixture
    private let journal = ManualJournal()

    init() throws {
        fixture = try ListenerFixture(Self.listeners, journal: journal)
    }

    private func match(
        _ value: JSONValue,
        at place: Int = 0,
        facts: RequestFacts = .none,
        entry: ArrivalRequest? = nil,
        notesItems: Bool = false,
        isReplay: Bool = false
    ) throws -> MatchOutcome {
        let endpoint = fixture.endpoints[place]
        let tree = ListenerScope.Tree.value(value)
        let callback = try endpoint.read(
            tree,
            of: tree,
            mistake: nil,
            fixture.matcher,
            facts,
            fixture.gateways
        )
        return value.jsonBytes.withRawSpan { body in
            fixture.matcher.match(
                callback,
                body: body,
                CallbackMatcher.Origin(
                    endpoint: endpoint,
                    requestID: fixture.requestID(),
                    now: .now(),
                    entry: entry,
                    notesItems: notesItems,
                    facts: facts,
                    isReplay: isReplay,
                    batch: fixture.batch
                )
            )
        }
    }

    private func callback(_ key: String, _ status: String = "done", n: Int = 1) -> JSONValue {
        .object(["id": .string(key), "status": .string(status), "n": .integer(Int64(n))])
    }

    @Test func `a callback is delivered, repeated and refused as its key stands`() throws {
        fixture.park("k", at: fixture.endpoints[0])
        let first = try match(callback("k"))
        #expect(first.answer == .delivered(isDuplicate: false) && first.number > 0)
        let again = try match(callback("k"))
        #expect(again.answer == .delivered(isDuplicate: true) && again.number == first.number)
        #expect(try match(callback("k", n: 2)).answer == .conflict(.answered))
    }

    @Test func `one without a waiter is held, or refused where its endpoint holds none`() throws {
        #expect(try match(callback("k")).answer == .held(isDuplicate: false))
        #expect(try match(callback("k")).answer == .held(isDuplicate: true))
        #expect(try match(callback("other"), at: 1).answer == .unmatched)
    }

    @Test func `one that tells of progress changes nothing`() throws {
        fixture.park("k", at: fixture.endpoints[0])
        let progress = try match(callback("k", "at work"))
        #expect(progress.answer == .progress && progress.number == 0)
        #expect(try match(callback("k")).answer == .delivered(isDuplicate: false))
    }

    @Test func `what the endpoint names tells a repeated one, whatever else it says`() throws {
        #expect(try match(callback("k", n: 1), at: 2).answer == .held(isDuplicate: false))
        #expect(try match(callback("k", "x", n: 1), at: 2).answer == .held(isDuplicate: true))
        #expect(try match(callback("k", n: 2), at: 2).answer == .held(isDuplicate: false))
    }

    @Test func `what its request carries beside the body makes it another one`() throws {
        let queries = ["", "a=1", "a=2", "a=1"].map { Array($0.utf8) }
        let answers = try queries.map { query in
            let facts = RequestFacts(
                method: "POST",
                path: "/a",
                query: [],
                headers: [],
                time: .now(),
                carried: CarriedParts(query: query, parameters: [], headers: [], counted: [])
            )
            return try match(callback("k"), facts: facts).answer
        }
        #expect(answers.map { $0 == .held(isDuplicate: true) } == [false, false, false, true])
    }

    @Test func `a replay is no repeat of what it replays`() throws {
        #expect(try match(callback("k")).answer == .held(isDuplicate: false))
        #expect(try match(callback("k"), isReplay: true).answer == .held(isDuplicate: false))
    }

    @Test func `the same callback read in place and evaluated is the same`() throws {
        let value = callback("k")
        #expect(try match(value).answer == .held(isDuplicate: false))
        let text = String(decoding: value.jsonBytes, as: UTF8.self)
        let decision = fixture.decide(text, at: fixture.endpoints[0])
        #expect(decision.told == #"202 {"status":"held","duplicate":true}"#)
    }

    @Test func `the ledger is told of keys where no record of the callback tells them`() throws {
        let entry = ArrivalRequest(trace: .sample, body: [])
        #expect(try match(callback("k"), entry: entry).key.isEmpty)
        #expect(try match(callback("k"), entry: entry).key == Array("k".utf8))
        let item = try match(callback("i"), notesItems: true)
        #expect(item.itemPrint != nil && item.key.isEmpty)
        #expect(try match(callback("n")).itemPrint == nil)
    }
}

extension RequestTrace {
    /// What the ledger keeps of a request that never was.
    static var sample: RequestTrace {
        RequestTrace(
            head: TraceHead(method: "POST", target: "/a", peer: "127.0.0.1", headers: []),
            time: .now(),
            replayOf: nil
        )
    }
}
