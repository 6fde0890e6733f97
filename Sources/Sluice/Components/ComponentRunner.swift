internal import JSONWire
internal import Outbound
internal import Primitives
internal import Workflows

/// Carries out what steps ask of their components and hands the results back as run events.
///
/// May be used on any thread; results arrive on the client's loops and are handed to the run's mailbox.
final class ComponentRunner: Sendable {
    private let client: HTTPClient
    private let log: Log
    private let settings: ClientSettings
    private let flights = FlightBoard()

    /// Makes a runner that sends its requests through `client`.
    init(client: HTTPClient, settings: ClientSettings, log: Log) {
        self.client = client
        self.settings = settings
        self.log = log
    }

    /// Begins a call; its result reaches the run as `responded`.
    func run(_ call: ComponentCall, for attempt: AttemptRef, of cell: RunCell) {
        switch call {
        case .http(let call): send(call, for: attempt, of: cell)
        case .log(let call): write(call, for: attempt, of: cell)
        case .shell(let call):
            let failure = CallFailure(
                code: .componentFailed,
                message: "component \(call.component): shell commands cannot be run yet"
            )
            cell.send(.event(.responded(attempt, .failure(failure))))
        }
    }

    /// Ends a call whose result nobody wants any more; its connection is closed.
    func abandon(_ attempt: AttemptRef, of cell: RunCell) {
        let flight = Flight(run: cell.id, attempt: attempt)
        if let id = flights.id(of: flight) { client.cancel(id) }
    }

    private func write(_ call: LogCall, for attempt: AttemptRef, of cell: RunCell) {
        var fields = [LogRecord.Field("task_id", cell.id.text)]
        if !call.data.isNull { fields.append(.init("data", call.data.jsonText)) }
        log(call.level, call.message, fields)
        cell.send(.event(.responded(attempt, .success(call.data, status: 0))))
    }

    private func send(_ call: HTTPCall, for attempt: AttemptRef, of cell: RunCell) {
        let flight = Flight(run: cell.id, attempt: attempt)
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
        let id = client.send(request) { [flights] result in
            flights.land(flight)
            cell.send(.event(.responded(attempt, HTTPOutcome.of(result, call: call))))
        }
        flights.takeOff(flight, id)
    }
}
