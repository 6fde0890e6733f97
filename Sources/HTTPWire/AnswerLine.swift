package import Primitives

/// What the answer to a request must know of it.
package struct AnswerLine: Sendable, Hashable {
    /// The version that was asked in.
    package var version: HTTPVersion
    /// Whether the connection lives on after the answer.
    package var isKeptAlive: Bool
    /// Whether the answer has no body (HEAD).
    package var isHead: Bool
    /// The request's id.
    package var requestID: UUIDv7

    /// Gathers the facts.
    package init(version: HTTPVersion, isKeptAlive: Bool, isHead: Bool, requestID: UUIDv7) {
        self.version = version
        self.isKeptAlive = isKeptAlive
        self.isHead = isHead
        self.requestID = requestID
    }
}
