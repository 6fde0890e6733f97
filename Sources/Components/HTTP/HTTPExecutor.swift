internal import JSONWire
internal import Journal
internal import Outbound
internal import Primitives
internal import Runs
internal import Workflows

/// Sends the requests of http-client and http-server components.
struct HTTPExecutor: CallExecutor {
    let client: HTTPClient
    /// Has the local servers that must listen first.
    let programs: Programs
    /// The bounds of a request.
    let settings: ClientSettings
    /// Hides secrets in what watchers see.
    let redaction: Redaction

    func begin(
        _ call: HTTPCall,
        _ flight: CallHandle,
        of cell: RunActor,
        end: @escaping @Sendable (CallOutcome) -> Void
    ) {
        guard let server = call.server else { return send(call, flight, cell, end) }
        programs.whenReady(server, flight) { failure in
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
        _ end: @escaping @Sendable (CallOutcome) -> Void
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
}
