/// What a checked head says, beside its bytes.
@usableFromInline
package struct HeadSummary: Sendable {
    /// How the body is delimited (RFC 9112, 6).
    package enum Framing: Sendable, Equatable {
        case none
        case length(Int)
        case chunked
    }

    /// What the client expects before it sends the body (RFC 9110, 10.1.1).
    package enum Expectation: Sendable, Equatable {
        case nothing, continuation
        /// Something that cannot be met: 417.
        case unknown
    }

    /// The method.
    package var method = Method.other
    /// The version.
    package var version = HTTPVersion.http11
    /// Whether the connection may serve another request after this one.
    package var isKeptAlive = true
    /// How the body is delimited.
    package var framing = Framing.none
    /// What is expected before the body is sent.
    package var expectation = Expectation.nothing
    /// Whether the body is coded (RFC 9110, 8.4), by anything but `identity`.
    package var isContentCoded: Bool { contentEncoding.isSet }
    /// Whether the target is `*` (OPTIONS only).
    package var isAsterisk = false
    /// Whether the path has percent escapes.
    package var isPathEscaped = false
    /// The path in the head, still escaped, with its leading slash.
    var path = ByteRange.none
    /// The query in the head without the question mark, still escaped.
    var query = ByteRange.none
    /// The content type's value in the head.
    var contentType = ByteRange.none
    /// The first content coding's value in the head, where there is one but `identity`.
    var contentEncoding = ByteRange.none
    /// The whole target in the head.
    var target = ByteRange.none
}
