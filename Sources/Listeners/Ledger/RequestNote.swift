internal import Journal
internal import Primitives

/// The ledger's entry of a request that is being decided: written once, as soon as it is known what becomes of it.
///
/// Used by one thread.
final class RequestNote {
    private let ledger: RequestRecorder
    private let trace: RequestTrace
    private let requestID: UUIDv7
    private let endpoint: String
    private let body: [UInt8]
    private var isWritten = false

    /// Keeps what the entry will hold.
    init(
        _ ledger: RequestRecorder,
        _ trace: RequestTrace,
        _ requestID: UUIDv7,
        _ endpoint: String,
        body: [UInt8]
    ) {
        self.ledger = ledger
        self.trace = trace
        self.requestID = requestID
        self.endpoint = endpoint
        self.body = body
    }

    /// Writes the entry; a second call does nothing.
    func write(_ fate: RequestFate) {
        guard !isWritten else { return }
        isWritten = true
        ledger.note(trace, requestID, endpoint, body: body, fate)
    }
}

@available(*, unavailable)
extension RequestNote: Sendable {}
