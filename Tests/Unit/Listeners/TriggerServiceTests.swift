import Expressions
import HTTPEngine
import HTTPWire
import JSONWire
import Journal
import Primitives
import Rendezvous
import Testing

@testable import Listeners
@testable import Runs

/// Requests that start runs.
@Suite struct TriggerServiceTests {
    private static let listeners = #"""
          - type: http-trigger
            port: 8091
            triggers:
              - { path: /one, workflow: waits, input: { key: "${body.key}" } }
              - { path: /named, workflow: "${body.workflow}" }
              - { path: /many, workflow: waits, bulk: true, item: "${body.items}", input: { key: "${item.key}" }, deduplicate_by: "${item.key}" }
        """#

    private func service(_ fixture: ListenerFixture) -> TriggerService {
        TriggerService(
            engine: fixture.engine,
            gateways: fixture.engine.gateways,
            pool: fixture.pool,
            alarms: Alarms(),
            tasks: nil,
            recorder: fixture.recorder,
            claims: ClaimTable(key: (1, 2), bytesMax: 1 << 20)
        )
    }

    private func start(
        _ body: String,
        at place: Int,
        _ service: TriggerService,
        _ fixture: ListenerFixture,
        trace: RequestTrace? = nil
    ) throws(Problem) -> TriggerStart {
        let call = TriggerService.Call(
            facts: .none,
            endpoint: fixture.triggers[place],
            requestID: fixture.requestID(),
            identity: .new,
            waiting: nil,
            trace: trace
        )
        return try Array(body.utf8).withRawSpan { body throws(Problem) in
            try service.start(.json, body, call, scanner: fixture.scanner)
        }
    }

    private func code(
        _ body: String,
        at place: Int,
        _ service: TriggerService,
        _ fixture: ListenerFixture
    ) -> ProblemCode? {
        do throws(Problem) {
            _ = try start(body, at: place, service, fixture)
            return nil
        } catch {
            return error.code
        }
    }

    @Test func `a request starts the run of its endpoint with its input`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let start = try start(#"{"key":"k"}"#, at: 0, service(fixture), fixture)
        let run = try #require(start.onlyRun)
        fixture.work()
        #expect(!run.isDuplicate && fixture.engine.registry.find(run.id) != nil)
        #expect(fixture.table.counts.waiters == 1)
    }

    @Test func `what cannot be started is refused, and nothing is`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let service = service(fixture)
        #expect(code("{", at: 0, service, fixture) == .bodyUnparseable)
        #expect(code(#"{"workflow":"nobody"}"#, at: 1, service, fixture) == .workflowUnknown)
        #expect(code(#"{"workflow":7}"#, at: 1, service, fixture) == .workflowUnknown)
        #expect(code(#"{"items":{}}"#, at: 2, service, fixture) == .itemsNotAList)
        fixture.work()
        #expect(fixture.table.counts.waiters == 0)
    }

    @Test func `many start many, and an item that came before starts none`() throws {
        let fixture = try ListenerFixture(Self.listeners)
        let service = service(fixture)
        let body = #"{"items":[{"key":"x"},{"key":"y"},{"key":"x"}]}"#
        guard case .tasks(let tasks, _) = try start(body, at: 2, service, fixture) else {
            Issue.record("nothing was started")
            return
        }
        #expect(tasks.map(\.isDuplicate) == [false, false, true])
        #expect(tasks[0].run == tasks[2].run)
        guard case .tasks(let again, _) = try start(body, at: 2, service, fixture) else {
            Issue.record("it was not answered")
            return
        }
        #expect(again.map(\.isDuplicate) == [true, true, true])
        #expect(again.map(\.run) == tasks.map(\.run))
    }

    @Test func `the ledger has the request no later than the journal the start`() throws {
        let journal = ManualJournal()
        let fixture = try ListenerFixture(Self.listeners, journal: journal)
        let service = service(fixture)
        _ = try start(#"{"key":"k"}"#, at: 0, service, fixture, trace: .sample)
        let kinds = journal.records.map { record -> String in
            switch record {
            case .received(let entry): "\(entry.status)"
            case .began: "began"
            default: "other"
            }
        }
        #expect(kinds == ["triggered", "began"])
        journal.refuse("the disk is full")
        #expect(code(#"{"key":"k"}"#, at: 0, service, fixture) == .journalUnavailable)
    }
}
