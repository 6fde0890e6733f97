internal import JSONWire
internal import Outbound
internal import Primitives
internal import Runs
internal import Security
internal import Store
internal import Synchronization

/// Sends the final states of runs to those who asked for them, as Standard Webhooks, again where it fails.
///
/// A message's id stays the same in all attempts, so that a receiver can tell a repeated one; a run that was taken up again
/// after a failure ends anew, and has a new one. Where there is a store, what waits for another attempt when the process ends
/// is sent again after the next start. May be used on any thread.
final class ResultDelivery: Sendable {
    private let client: HTTPClient
    private let alarms: Alarms
    private let settings: DeliverySettings
    private let log: Log
    private let departures: CallsInFlight
    private let pendingCount = Atomic(0)

    private static let responseBytesMax = 1 << 20

    /// Makes a sender.
    ///
    /// `departures`: counts its requests with those of runs.
    init(
        client: HTTPClient,
        alarms: Alarms,
        departures: CallsInFlight,
        settings: DeliverySettings,
        log: Log
    ) {
        self.departures = departures
        self.client = client
        self.alarms = alarms
        self.settings = settings
        self.log = log
    }

    /// Sends the state of a run that has ended; `done` is called once when it was taken, or nobody will take it.
    func send(
        _ callback: ResultCallback,
        of run: RunActor,
        done: @escaping @Sendable () -> Void
    ) {
        guard let ending = run.ending else { return done() }
        send(callback, of: run, end: ending.number, attempt: 1, done)
    }

    private func send(
        _ callback: ResultCallback,
        of run: RunActor,
        end: Int,
        attempt: Int,
        _ done: @escaping @Sendable () -> Void
    ) {
        // Taken up again meanwhile: what it was is no result any more, and the one to come is sent itself.
        guard run.ending?.number == end else { return done() }
        // When the server goes down it is sent after the restart.
        guard departures.begin() else { return }
        let body = RunReport.of(run).jsonBytes
        let request = OutboundRequest(
            method: "POST",
            url: callback.url,
            headers: callback.headers + fields(of: run, end: end, body: body),
            body: body,
            timeout: settings.timeout,
            responseBytesMax: Self.responseBytesMax,
            followRedirects: 0
        )
        client.send(request) { [self] result in
            defer { departures.end() }
            let outcome = Outcome(result)
            tell(outcome, callback, run, attempt)
            guard outcome.mayBeRepeated, attempt < settings.attemptsMax else { return done() }
            repeatLater(callback, of: run, end: end, after: attempt, done)
        }
    }

    private func fields(
        of run: RunActor,
        end: Int,
        body: [UInt8]
    ) -> [(name: String, value: String)] {
        let id = end == 1 ? "msg_\(run.id.text)" : "msg_\(run.id.text)_\(end)"
        let seconds = WallTime.now().milliseconds / 1000
        var fields = [
            (name: "Content-Type", value: "application/json"), (name: "webhook-id", value: id),
            (name: "webhook-timestamp", value: String(seconds)),
        ]
        if let key = settings.key {
            let signature = key.signature(id: id, seconds: seconds, body: body)
            fields.append((name: "webhook-signature", value: signature))
        }
        return fields
    }

    private func repeatLater(
        _ callback: ResultCallback,
        of run: RunActor,
        end: Int,
        after attempt: Int,
        _ done: @escaping @Sendable () -> Void
    ) {
        let waiting = pendingCount.wrappingAdd(1, ordering: .relaxed).newValue
        guard waiting <= settings.pendingMax else {
            pendingCount.wrappingSubtract(1, ordering: .relaxed)
            log(
                .error,
                "Result not sent again: too many wait (controller.max_pending_callbacks)",
                [.init("task_id", run.id.text)]
            )
            return done()
        }
        alarms.after(pause(after: attempt)) { [self] in
            pendingCount.wrappingSubtract(1, ordering: .relaxed)
            send(callback, of: run, end: end, attempt: attempt + 1, done)
        }
    }

    /// The pause doubles with each attempt, up to its bound, and a quarter of it is left to chance.
    private func pause(after attempt: Int) -> Nanoseconds {
        var pause = settings.delay.count
        for _ in 1..<max(1, attempt) where pause < DeliverySettings.delayMax.count { pause *= 2 }
        pause = max(0, min(pause, DeliverySettings.delayMax.count))
        return Nanoseconds(pause - Int64.random(in: 0...pause / 4))
    }

    private func tell(
        _ outcome: Outcome,
        _ callback: ResultCallback,
        _ run: RunActor,
        _ attempt: Int
    ) {
        let isLast = attempt >= settings.attemptsMax || !outcome.mayBeRepeated
        let fields: [LogRecord.Field] = [
            .init("task_id", run.id.text), .init("host", callback.host),
            .init("attempt", attempt), .init("attempts", settings.attemptsMax),
        ]
        switch outcome {
        case .taken: log(.info, "Result sent", fields)
        case .gone(let reason), .failed(let reason):
            log(
                isLast ? .error : .warning,
                isLast ? "Result could not be sent" : "Result not taken, it will be sent again",
                fields + [.init("error", reason)]
            )
        }
    }

    /// What became of one attempt.
    private enum Outcome {
        /// 2xx.
        case taken
        /// Nobody will ever take it: 410, or the server goes down.
        case gone(String)
        /// Anything else, a redirect too.
        case failed(String)

        init(_ result: Result<OutboundResponse, OutboundError>) {
            switch result {
            case .success(let response) where (200...299).contains(response.status): self = .taken
            case .success(let response) where response.status == 410: self = .gone("status 410")
            case .success(let response): self = .failed("status \(response.status)")
            case .failure(.cancelled): self = .gone(OutboundError.cancelled.message)
            case .failure(let error): self = .failed(error.message)
            }
        }

        var mayBeRepeated: Bool {
            if case .failed = self { true } else { false }
        }
    }
}
