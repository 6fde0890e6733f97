internal import JSONWire
internal import Outbound
internal import Primitives
internal import Synchronization
internal import Workflows

/// Carries out what steps ask of their components and hands the results back as run events.
///
/// May be used on any thread; results arrive on the client's loops and are handed to the run's mailbox.
final class ComponentRunner: Sendable {
    private let client: HTTPClient
    private let programs: Programs
    private let gates: ComponentGates
    private let log: Log
    private let settings: ClientSettings
    private let flights = Mutex<[Key: Flight]>([:])

    /// Makes a runner.
    ///
    /// - Parameters:
    ///   - client: What its requests are sent through.
    ///   - programs: What its programs are run by.
    ///   - gates: The bounds of the components.
    ///   - settings: The bounds of a request.
    ///   - log: Where loggers write.
    init(
        client: HTTPClient,
        programs: Programs,
        gates: ComponentGates,
        settings: ClientSettings,
        log: Log
    ) {
        self.client = client
        self.programs = programs
        self.gates = gates
        self.settings = settings
        self.log = log
    }

    /// Begins a call, as soon as its component's bounds allow; its result reaches the run as `responded`.
    func run(_ call: ComponentCall, for attempt: AttemptRef, of cell: RunCell) {
        switch call {
        case .log(let call): write(call, of: cell)
        case .http(let call):
            enter(call.component, attempt, cell) { [self] flight, end in
                prepare(call, flight, end)
            }
        case .shell(let call):
            enter(call.component, attempt, cell) { [self] flight, end in
                programs.run(call, flight, end)
            }
        }
    }

    /// Ends a call whose result nobody wants any more; its connection or program is ended.
    func abandon(_ attempt: AttemptRef, of cell: RunCell) {
        let key = Key(run: cell.id, attempt: attempt)
        flights.withLock { $0.removeValue(forKey: key) }?.abandon()
    }

    /// What is called once with the outcome of a call that has begun.
    typealias End = @Sendable (CallOutcome) -> Void

    private func enter(
        _ component: String,
        _ attempt: AttemptRef,
        _ cell: RunCell,
        begin: @escaping @Sendable (Flight, @escaping End) -> Void
    ) {
        let key = Key(run: cell.id, attempt: attempt)
        let gate = gates.find(workflow: cell.workflowID, component: component)
        let flight = Flight(run: cell.id, attempt: attempt, gate: gate)
        flights.withLock { $0[key] = flight }
        flight.enter { [self] in
            begin(flight) { [self] outcome in
                guard flight.end() else { return }
                flights.withLock { $0[key] = nil }
                cell.send(.event(.responded(attempt, outcome)))
            }
        }
    }

    private func write(_ call: LogCall, of cell: RunCell) {
        var fields = [LogRecord.Field("task_id", cell.id.text)]
        if !call.data.isNull { fields.append(.init("data", call.data.jsonText)) }
        log(call.level, call.message, fields)
    }

    private func prepare(_ call: HTTPCall, _ flight: Flight, _ end: @escaping End) {
        guard let server = call.server else { return send(call, flight, end) }
        programs.whenReady(server, flight) { [self] failure in
            if let failure { end(.failure(failure)) } else { send(call, flight, end) }
        }
    }

    private func send(_ call: HTTPCall, _ flight: Flight, _ end: @escaping End) {
        let request = OutboundRequest(
            method: call.method,
            url: call.url,
            headers: call.headers,
            body: call.body,
            connectTimeout: settings.connectTimeout,
            timeout: call.timeout ?? settings.timeout,
            responseBytesMax: settings.responseBytesMax,
            followRedirects: settings.redirectsMax
        )
        let id = client.send(request) { result in end(HTTPOutcome.of(result, call: call)) }
        flight.onAbandon { [client] in client.cancel(id) }
    }

    /// A try of a run's step.
    private struct Key: Hashable {
        let run: UUIDv7
        let attempt: AttemptRef
    }
}
