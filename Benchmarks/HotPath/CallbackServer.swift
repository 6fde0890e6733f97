import Configuration
import Documents
import Executor
import Journal
import Listeners
import Primitives
import Rendezvous
import Runs
import Workflows

/// The callback half of a server with `store: memory`, without its sockets: the server's own service, matcher, journal
/// commit, waiter table and engine, put together as a start does.
///
/// Its waiters belong to no run, so that handing a callback over ends at a look for it: what runs cost, `Benchmarks/Runs`
/// measures.
final class CallbackServer {
    /// Who waits.
    let table: WaiterTable
    /// What decides callbacks.
    let matcher: CallbackMatcher
    /// What expressions see of gateways.
    let gateways = GatewayAddresses(GatewayValues())
    /// What decides whole requests.
    let service: CallbackService
    /// What a loop has decided in a turn.
    let batch: CallbackBatch

    /// Makes a server that remembers so many ended waits.
    init(remembering marks: Int = 4_000_000) {
        let configuration = Self.configuration
        table = Self.table(remembering: marks)
        let commit = JournalCommit(journal: MemoryJournal(), table: table)
        let pool = WorkerPool.byHand()
        let engine = RunEngine(
            parts: RunEngine.Parts(
                shelf: PlanCache(
                    current: configuration.plans,
                    origin: Fingerprint(high: 1, low: 1)
                ),
                table: table,
                log: .silent,
                pool: pool,
                commit: commit,
                surroundings: NoSurroundings(),
                gateways: gateways,
                defaultChannels: configuration.defaultChannels,
                redaction: configuration.redaction,
                archive: nil
            ),
            settings: configuration.executor
        )
        let recorder = RequestRecorder(commit: commit, mask: nil, isRelaxed: false)
        matcher = CallbackMatcher(
            table: table,
            commit: commit,
            engine: engine,
            fingerprintKey: (1, 2),
            log: .silent
        )
        service = CallbackService(
            matcher: matcher,
            commit: commit,
            gateways: gateways,
            pool: pool,
            recorder: recorder
        )
        batch = service.batch(on: nil)
    }

    /// A table as the server has it with `store: memory`.
    static func table(remembering marks: Int = 4_000_000) -> WaiterTable {
        WaiterTable(
            configuration: .init(
                rememberedCountMax: marks,
                heldLimits: configuration.listeners.map(\.held),
                seed: (3, 4),
                isFinalAtOnce: true
            )
        )
    }

    /// Parks a waiter for some callbacks.
    func park(_ callbacks: Range<Int>, at endpoint: CallbackEndpoint = CallbackServer.single) {
        let now = Instant.now()
        let deadline = now.advanced(by: .seconds(86_400))
        for index in callbacks {
            let key = Array(SampleCallback.key(index).utf8)
            let run = UUIDv7(
                time: WallTime(milliseconds: Int64(index)),
                random: (UInt64(index), UInt64(index) << 20)
            )
            _ = table.register(
                WaitID(run: run, step: 0, attempt: 1),
                keys: [WaitKey(channel: endpoint.channel, bytes: key)],
                deadline: deadline,
                now: now
            )
        }
    }

    /// The endpoint of bodies that are one callback.
    static var single: CallbackEndpoint { endpoints[0] }
    /// The endpoint of bodies with many.
    static var bulk: CallbackEndpoint { endpoints[1] }

    private static let endpoints = configuration.listeners.flatMap {
        listener -> [CallbackEndpoint] in
        if case .callbacks(let endpoints) = listener.endpoints { endpoints } else { [] }
    }

    private static let text = #"""
        gateway: { type: public, url: "http://127.0.0.1:8090", port: 8090 }
        listeners:
          - type: http-callback
            port: 8090
            callbacks:
              - path: /webhooks/image/completed
                identify_by: "${body.task_id}"
                status: "${body.status}"
                success_when: [completed]
                fail_when: [failed]
                result: "${body.output}"
              - path: /webhooks/image/many
                bulk: true
                item: "${body.items}"
                identify_by: "${item.task_id}"
                status: "${item.status}"
                success_when: [completed]
                fail_when: [failed]
                result: "${item.output}"
        workflows:
          - id: waits
            jobs:
              - { id: w, type: wait, wait_for: "${input.key}", timeout: 1h }
        """#

    private static let configuration: Configuration = {
        let diagnostics = Diagnostics()
        let documents = YAMLReader.read(
            Array(text.utf8),
            file: "hot-path.yml",
            diagnostics: diagnostics
        )
        guard let document = documents.first else { preconditionFailure("there is no document") }
        let configuration = Configuration(
            document,
            environment: [:],
            isFragment: false,
            diagnostics: diagnostics
        )
        let findings = diagnostics.all.map { "\($0.position.line): \($0.message)" }
        precondition(!diagnostics.hasErrors, "\(findings)")
        return configuration
    }()
}

/// What runs have around them where there are none.
private struct NoSurroundings: RunEnvironment {
    var wall: WallTime { .now() }
    var now: Instant { .now() }
    var random: (UInt64, UInt64) { (1, 2) }
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
