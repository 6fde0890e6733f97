internal import Primitives

/// A request with the moment it must have ended by and who wants to know.
struct OutboundCall: Sendable {
    /// What to send.
    let request: OutboundRequest
    /// When it ends as timed out.
    let deadline: Instant
    /// Called exactly once.
    let onFinish: @Sendable (Result<OutboundResponse, OutboundError>) -> Void
}
