internal import JSONWire
package import Journal
package import Outbound
package import Primitives
package import Runs
internal import Workflows

/// Carries out what steps ask of their components and hands the results back as run events.
///
/// May be used on any thread; results arrive on the client's loops and are handed to the run's mailbox.
package final class ComponentRunner: Sendable {
    private let client: HTTPClient
    private let programs: Programs
    private let alarms: Alarms
    private let redaction: Redaction
    private let gates: ComponentLimiters
    private let log: Log
    private let settings: ClientSettings
    private let flights = SleepingLock<[Key: CallHandle]>([:])
    /// What is under way.
    package let departures = CallsInFlight()

    /// Makes a runner.
    ///
    /// - Parameters:
    ///   - client: What its requests are sent through.
    ///   - programs: What its programs are run by.
    ///   - alarms: What its pauses are timed by.
    ///   - gates: The bounds of the components.
    ///   - settings: The bounds of a request.
    ///   - redaction: Hides secrets in what watchers see.
    ///   - log: Where loggers write.
    package init(
        client: HTTPClient,
        programs: Programs,
        alarms: Alarms,
        gates: ComponentLimiters,
        settings: ClientSettings,
        redaction: Redaction,
        log: Log
    ) {
        self.client = client
        self.programs = programs
        self.alarms = alarms
        self.gates = gates
        self.settings = settings
        self.redaction = redaction
        self.log = log
    }

    /// Forgets all calls, once nothing moves any more.
    package func letGo() {
        gates.letGo()
        let left = flights.withLock { flights in
            defer { flights = [:] }
            return flights
        }
        for flight in left.values { flight.letGo() }
    }

    /// Begins a call, as soon as its component's bounds allow; its result reaches the run as `responded`.
    func run(_ call: ComponentCall, for attempt: AttemptRef, of cell: RunActor) {
        switch call {
        case .log(let call): write(call, for: attempt, of: cell)
        case .http(let call):
            enter(call.component, attempt, cell) { [self] flight, end in
                prepare(call, flight, cell, end)
            }
        case .shell(let call):
            enter(call.component, attempt, cell) { [self] flight, end in
                programs.run(call, flight, end)
            }
        case .delay(let call):
            enter(call.component, attempt, cell, isOutgoing: false) { [self] flight, end in
                pause(call, flight, end)
            }
        }
    }

    /// Has a child run of a step started when the bound of the step's component allows it: at once, or in its turn.
    ///
    /// The child holds its place until ``childEnded(of:of:)``. `start` is called where the run's events are handled.
    func admitChild(
        of attempt: AttemptRef,
        of cell: RunActor,
        start: @escaping @Sendable () -> Void
    ) {
        guard let component = cell.component(of: attempt),
            let gate = gates.find(workflow: cell.workflowID, component: component)
        else { return start() }
        let flight = CallHandle(run: cell.id, attempt: attempt, gate: gate)
        flights.withLock { $0[Key(run: cell.id, attempt: attempt)] = flight }
        flight.enter {
            // Given up before it started: nothing will tell of its end.
            flight.onAbandon { _ = flight.end() }
            cell.send(.passed { if flight.isWanted { start() } })
        }
    }

    /// Gives a child run that was under way before a restart its place back, even where that is one too many.
    func adoptChild(of attempt: AttemptRef, of cell: RunActor) {
        guard let component = cell.component(of: attempt),
            let gate = gates.find(workflow: cell.workflowID, component: component)
        else { return }
        let flight = CallHandle(run: cell.id, attempt: attempt, gate: gate)
        flights.withLock { $0[Key(run: cell.id, attempt: attempt)] = flight }
        gate.adopt(flight)
    }

    /// Lets calls and child runs begin within the bounds of their components, when all that had a place has it again.
    func openGates() {
        gates.open()
    }

    /// Gives back the place of a child run that has ended.
    func childEnded(of attempt: AttemptRef, of run: UUIDv7) {
        let key = Key(run: run, attempt: attempt)
        _ = flights.withLock { $0.removeValue(forKey: key) }?.end()
    }

    /// Ends a call whose result nobody wants any more; its connection or program is ended.
    func abandon(_ attempt: AttemptRef, of cell: RunActor) {
        let key = Key(run: cell.id, attempt: attempt)
        flights.withLock { $0.removeValue(forKey: key) }?.abandon()
    }

    /// What is called once with the outcome of a call that has begun.
    typealias End = @Sendable (CallOutcome) -> Void

    private func enter(
        _ component: String,
        _ attempt: AttemptRef,
        _ cell: RunActor,
        isOutgoing: Bool = true,
        begin: @escaping @Sendable (CallHandle, @escaping End) -> Void
    ) {
        let key = Key(run: cell.id, attempt: attempt)
        let gate = gates.find(workflow: cell.workflowID, component: component)
        let flight = CallHandle(run: cell.id, attempt: attempt, gate: gate)
        flights.withLock { $0[key] = flight }
        flight.enter { [self] in
            // What does not begin now is taken up after the restart, but for what would count as interrupted then.
            guard !isOutgoing || departures.begin(isLast: !cell.repeatsAfterCrash(attempt)) else {
                return
            }
            begin(flight) { [self] outcome in
                if flight.end() {
                    flights.withLock { $0[key] = nil }
                    cell.send(.event(.responded(attempt, outcome)))
                }
                if isOutgoing { departures.end() }
            }
        }
    }

    /// Pauses in a place of its component.
    private func pause(_ call: DelayCall, _ flight: CallHandle, _ end: @escaping End) {
        let now = WallTime.now()
        let length = call.pause.end(from: now).milliseconds - now.milliseconds
        let alarm = alarms.after(.milliseconds(max(0, length))) {
            end(.success(.null, status: 0))
        }
        flight.onAbandon { [alarms] in
            let failure = CallFailure(code: .cancelled, message: "the delay was cancelled")
            if alarms.cancel(alarm) { end(.failure(failure)) }
        }
    }

    /// Writes a line; nobody waits for it, but it stands in line where its component is bounded.
    private func write(_ call: LogCall, for attempt: AttemptRef, of cell: RunActor) {
        guard let gate = gates.find(workflow: cell.workflowID, component: call.component) else {
            return write(call, of: cell)
        }
        let flight = CallHandle(run: cell.id, attempt: attempt, gate: gate)
        flight.enter { [self] in
            write(call, of: cell)
            _ = flight.end()
        }
    }

    private func write(_ call: LogCall, of cell: RunActor) {
        log(call.level, call.message, Self.fields(call, of: cell))
    }

    private static func fields(_ call: LogCall, of cell: RunActor) -> [LogRecord.Field] {
        let task = LogRecord.Field("task_id", cell.id.text)
        return call.data.isNull ? [task] : [task, .init("data", call.data.jsonText)]
    }

    private func prepare(
        _ call: HTTPCall,
        _ flight: CallHandle,
        _ cell: RunActor,
        _ end: @escaping End
    ) {
        guard let server = call.server else { return send(call, flight, cell, end) }
        programs.whenReady(server, flight) { [self] failure in
            if let failure { end(.failure(failure)) } else { send(call, flight, cell, end) }
        }
    }

    /// Lets a run's watchers see each event of a streamed answer as it comes.
    private func chunks(of call: HTTPCall, _ flight: CallHandle, _ cell: RunActor) -> BodyListener {
        let pieces = Lock(EventStreamPieces(format: call.streamFormat))
        return BodyListener(mediaType: EventStream.mediaType) { [redaction] bytes in
            for piece in pieces.withLock({ $0.take(bytes) }) where flight.isWanted {
                cell.tellChunk(of: flight.attempt) { redaction.value(piece) }
            }
        }
    }

    private func send(
        _ call: HTTPCall,
        _ flight: CallHandle,
        _ cell: RunActor,
        _ end: @escaping End
    ) {
        var request = OutboundRequest(
            method: call.method,
            url: call.url,
            headers: call.headers,
            body: call.body,
            connectTimeout: settings.connectTimeout,
            timeout: call.timeout ?? settings.timeout,
            responseBytesMax: settings.responseBytesMax,
            followRedirects: settings.redirectsMax
        )
        // A submission must not be taken for done because a page could be fetched.
        request.turnsIntoGET = false
        if !call.takesAnyStatus { request.bodyListener = chunks(of: call, flight, cell) }
        let followsRedirects = settings.redirectsMax > 0
        let id = client.send(request) { result in
            end(HTTPOutcome.of(result, call: call, followsRedirects: followsRedirects))
        }
        flight.onAbandon { [client] in client.cancel(id) }
    }

    /// A try of a run's step.
    private struct Key: Hashable {
        let run: UUIDv7
        let attempt: AttemptRef
    }
}
