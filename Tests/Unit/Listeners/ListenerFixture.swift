import Configuration
import Documents
import Executor
import HTTPEngine
import HTTPWire
import JSONWire
import Journal
import Primitives
import Rendezvous
import Workflows

@testable import Listeners
@testable import Runs

/// The listeners' half of a server, put together from a configuration as a start does it, without sockets and without threads:
/// the test does the workers' work.
final class ListenerFixture {
    let configuration: Configuration
    let table: WaiterTable
    let commit: JournalCommit
    let engine: RunEngine
    let pool = WorkerPool.byHand()
    let gateways = GatewayAddresses(GatewayValues())
    let matcher: CallbackMatcher
    let recorder: RequestRecorder
    let service: CallbackService
    let batch: CallbackBatch
    let scanner = JSONScanner()
    private var requestCount: UInt64 = 0

    /// Reads `listeners`, which is YAML, and puts the parts together.
    init(
        _ listeners: String,
        journal: any Journal = MemoryJournal(),
        mask: RequestRedactor? = nil,
        log: Log = .silent
    ) throws {
        configuration = try Self.read(listeners)
        table = WaiterTable(
            configuration: WaiterTable.Configuration(
                heldLimits: configuration.listeners.map(\.held),
                seed: (1, 2),
                isFinalAtOnce: journal.isVolatile
            )
        )
        commit = JournalCommit(journal: journal, table: table)
        engine = RunEngine(
            parts: RunEngine.Parts(
                shelf: PlanCache(
                    current: configuration.plans,
                    origin: Fingerprint(high: 1, low: 1)
                ),
                table: table,
                log: .silent,
                pool: pool,
                commit: commit,
                surroundings: QuietSurroundings(),
                gateways: gateways,
                defaultChannels: configuration.defaultChannels,
                redaction: configuration.redaction,
                archive: nil
            ),
            settings: configuration.executor
        )
        matcher = CallbackMatcher(
            table: table,
            commit: commit,
            engine: engine,
            fingerprintKey: (3, 4),
            log: log
        )
        recorder = RequestRecorder(commit: commit, mask: mask, isRelaxed: false)
        service = CallbackService(
            matcher: matcher,
            commit: commit,
            gateways: gateways,
            pool: pool,
            recorder: recorder
        )
        batch = service.batch(on: nil)
    }

    deinit {
        pool.dropAll()
        engine.letGo()
    }

    /// What a configuration with these listeners says.
    static func read(_ listeners: String) throws -> Configuration {
        let diagnostics = Diagnostics()
        let text =
            "listeners:\n" + listeners
                + """

                workflows:
                  - id: waits
                    jobs: [ { id: w, type: wait, wait_for: "${input.key}", timeout: 1h } ]
                """
        let documents = YAMLReader.read(
            Array(text.utf8),
            file: "test.yml",
            diagnostics: diagnostics
        )
        guard let document = documents.first else { throw Unreadable(findings: ["no document"]) }
        let configuration = Configuration(
            document,
            environment: [:],
            isFragment: false,
            diagnostics: diagnostics
        )
        guard !diagnostics.hasErrors else {
            throw Unreadable(findings: diagnostics.all.map(\.message))
        }
        return configuration
    }

    /// That a test's configuration is wrong.
    struct Unreadable: Error {
        let findings: [String]
    }

    /// The callback endpoints.
    var endpoints: [CallbackEndpoint] {
        configuration.listeners.flatMap { listener -> [CallbackEndpoint] in
            if case .callbacks(let endpoints) = listener.endpoints { endpoints } else { [] }
        }
    }

    /// The trigger endpoints.
    var triggers: [TriggerEndpoint] {
        configuration.listeners.flatMap { listener -> [TriggerEndpoint] in
            if case .triggers(let endpoints) = listener.endpoints { endpoints } else { [] }
        }
    }

    /// A request's id, another one each time.
    func requestID() -> UUIDv7 {
        requestCount += 1
        return UUIDv7(high: requestCount, low: requestCount)
    }

    /// Parks a waiter that belongs to no run.
    @discardableResult
    func park(_ key: String, at endpoint: CallbackEndpoint) -> WaitID {
        let wait = WaitID(run: requestID(), step: 0, attempt: 1)
        _ = table.register(
            wait,
            keys: [WaitKey(channel: endpoint.channel, bytes: Array(key.utf8))],
            deadline: Instant.now().advanced(by: .seconds(3600)),
            now: .now()
        )
        return wait
    }

    /// Decides a body of JSON, or of another form.
    func decide(
        _ body: String,
        at endpoint: CallbackEndpoint,
        form: RequestBody = .json,
        facts: RequestFacts = .none,
        trace: RequestTrace? = nil
    ) -> CallbackDecision {
        Array(body.utf8).withRawSpan { body in
            service.decide(
                form,
                body,
                CallbackService.Head(
                    facts: facts,
                    endpoint: endpoint,
                    requestID: requestID(),
                    trace: trace
                ),
                now: .now(),
                scanner: scanner,
                batch: batch
            )
        }
    }

    /// Does all that workers would do.
    func work() {
        while pool.queuedCount > 0 { pool.doOne(0) }
    }
}

extension CallbackDecision {
    /// The answer as a word: the body of a success, the code of a refusal.
    var told: String {
        switch answer {
        case .fast(let status, let body): "\(status) \(String(decoding: body, as: UTF8.self))"
        case .empty(let status): "\(status)"
        case .problem(let problem): "\(problem.status) \(problem.code.rawValue)"
        }
    }
}

/// What runs have around them where nothing happens.
private struct QuietSurroundings: RunEnvironment {
    var wall: WallTime { .now() }
    var now: Instant { .now() }
    var random: (UInt64, UInt64) {
        (.random(in: .min ... .max), .random(in: .min ... .max))
    }
    func set(_ timer: RunTimer, at moment: WallTime) {}
    func cancel(_ timer: RunTimer) {}
    func after(_ delay: Nanoseconds, _ body: @escaping @Sendable () -> Void) {}
    func run(_ call: any ComponentCall, for attempt: AttemptRef, of cell: RunActor) {}
    func abandon(_ attempt: AttemptRef, of cell: RunActor) {}
    func admitChild(
        of attempt: AttemptRef,
        of cell: RunActor,
        start: @escaping @Sendable () -> Void
    ) {}
    func adoptChild(of attempt: AttemptRef, of cell: RunActor) {}
    func allAdopted() {}
    func childEnded(of attempt: AttemptRef, of run: UUIDv7) {}
}
