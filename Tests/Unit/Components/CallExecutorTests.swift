import Documents
import Executor
import Expressions
import JSONWire
import Journal
import Loops
import Primitives
import Rendezvous
import Runs
import TestKit
import Testing

@testable import Components
@testable import Workflows

/// A component type of these tests alone, from the configuration to the engine's end of a run.
@Suite struct CallExecutorTests {
    private static let configuration = """
        component: { id: speaker, type: echo-test, text: "${input}", output: "${result.said}" }
        workflow:
          jobs:
            - { id: first, component: speaker, input: "${input}" }
            - { id: second, component: speaker, input: "${jobs.first.output}!" }
          output: ${jobs.second.output}
        """

    @Test func `a type in the two tables is carried out by the engine`() throws {
        let fixture = try EngineFixture(Self.configuration, executors: [EchoExecutor()])
        defer { fixture.stop() }
        let outcome = try fixture.run("hello")
        guard case .completed(let output) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(output == .string("<<hello>!>"))
    }

    @Test func `a call that nothing carries out fails its step and says so`() throws {
        let fixture = try EngineFixture(Self.configuration, executors: [])
        defer { fixture.stop() }
        let outcome = try fixture.run("hello")
        guard case .failed(let failure) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(failure.message.contains("nothing here carries out a call of component 'speaker'"))
    }
}

/// Says back what it is given, in brackets.
private struct EchoComponent: ComponentType {
    let text: Template

    static let name = "echo-test"

    static func read(
        _ reader: inout SettingsReader,
        _ shared: Void,
        _ action: inout ActionReading
    ) -> EchoComponent? {
        action.compiler.template(&reader, "text", .component).map { EchoComponent(text: $0) }
    }

    func call(_ context: CallContext) throws(EvaluationError) -> AskedWork {
        let text = TextForm.text(of: try text.evaluate(context.scope))
        return .call(EchoCall(component: context.action.component, text: text))
    }
}

/// Something to be said back.
private final class EchoCall: ComponentCall {
    let component: String
    let text: String

    init(
        component: String,
        text: String
    ) {
        self.component = component
        self.text = text
    }

    func outcome(heard: String) -> CallOutcome {
        let value: JSONObject = ["said": .string(heard)]
        return .success(.object(value), status: 0)
    }
}

/// Says back what is to be said.
private struct EchoExecutor: CallExecutor {
    func begin(
        _ call: EchoCall,
        _ flight: CallHandle,
        of cell: RunActor,
        end: @escaping @Sendable (CallOutcome) -> Void
    ) {
        end(call.outcome(heard: "<\(call.text)>"))
    }
}

/// A run engine in memory, whose calls are carried out by given executors.
private final class EngineFixture: Sendable {
    private let loops: LoopGroup
    private let clock: DeadlineClock
    private let pool: WorkerPool
    private let engine: RunEngine

    init(_ text: String, executors: [any CallExecutor]) throws {
        let diagnostics = Diagnostics()
        let documents = YAMLReader.read(text, file: "test.yml", diagnostics: diagnostics)
        let plans = PlanCompiler.compile(
            document: try #require(documents.first),
            settings: PlanSettings(
                environment: [:],
                endpoints: [],
                gateways: GatewayValues(),
                components: ComponentTable(ComponentTable.types + [EchoComponent.self])
            ),
            diagnostics: diagnostics
        )
        try #require(!diagnostics.hasErrors, "\(diagnostics.all.map(\.message))")
        loops = try LoopGroup(threads: 1, name: "echo")
        clock = try DeadlineClock()
        pool = WorkerPool(threads: 1, name: "echo")
        let table = WaiterTable()
        let runner = ComponentRunner(
            executors,
            gates: ComponentLimiters(plans, clock: loops.ports[0])
        )
        let redaction = Redaction([String]())
        engine = RunEngine(
            parts: RunEngine.Parts(
                shelf: PlanCache(current: plans, origin: Fingerprint(high: 1, low: 1)),
                table: table,
                log: .silent,
                pool: pool,
                commit: JournalCommit(journal: MemoryJournal(), table: table),
                surroundings: ServerEnvironment(
                    components: runner,
                    timers: clock,
                    alarms: Alarms()
                ),
                gateways: GatewayAddresses(GatewayValues()),
                defaultChannels: [],
                redaction: redaction,
                archive: nil
            ),
            settings: ExecutorSettings()
        )
    }

    /// Runs the only workflow to its end.
    func run(_ input: String) throws -> RunOutcome {
        let order = RunEngine.Order(workflow: nil, input: .string(input))
        let id = try engine.start(order, requestID: nil)
        let ended = Watched<RunOutcome?>(nil)
        engine.whenEnded(id) { outcome in ended.withLock { $0 = outcome } }
        return try #require(ended.wait(until: .standard) { $0 }, "the run did not end")
    }

    func stop() {
        pool.stop()
        clock.stop()
        loops.stop()
    }
}
