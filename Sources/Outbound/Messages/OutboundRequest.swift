package import Primitives

/// One HTTP request to somebody else.
package struct OutboundRequest: Sendable {
    /// The method, in capital letters as a rule.
    package var method: String
    /// An `http` or `https` URL; a user and password in it are sent as basic authorization.
    package var url: String
    /// Header fields, sent in this order as they are given.
    ///
    /// `Content-Length` and `Transfer-Encoding` are left out: the framing follows from `body`. With
    /// `Accept-Encoding` among them the response's body is not decoded.
    package var headers: [(name: String, value: String)]
    /// The body; nil for none.
    package var body: [UInt8]?
    /// How long finding the host, connecting and the TLS handshake may take in all.
    package var connectTimeout: Nanoseconds
    /// How long everything may take from ``HTTPClient/send(_:onFinish:)`` to the last byte, waiting for a place too.
    package var timeout: Nanoseconds
    /// How many bytes of (decoded) response body are taken.
    package var responseBytesMax: Int
    /// How many redirects are followed; with 0 a redirect is the response.
    package var followRedirects: Int
    /// Whether a POST that is redirected with 301 or 302 goes on as a GET, as user agents do.
    ///
    /// Else the redirect is the response. 303 means a GET, and 307 and 308 keep the method.
    package var turnsIntoGET = true
    /// Takes the body of a 2xx answer as it comes; nil gathers it.
    ///
    /// Called on a thread of the client, which it must not block; the response's body is then empty, and its bound does
    /// not count.
    package var onBody: (@Sendable ([UInt8]) -> Void)?
    /// Hears the body of a 2xx answer of its type as it comes; nil for nobody.
    package var bodyListener: BodyListener?

    /// Makes a request with the bounds that hold where nothing else is asked for.
    package init(
        method: String = "GET",
        url: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8]? = nil,
        connectTimeout: Nanoseconds = .seconds(10),
        timeout: Nanoseconds = .seconds(300),
        responseBytesMax: Int = 16 << 20,
        followRedirects: Int = 10
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.connectTimeout = connectTimeout
        self.timeout = timeout
        self.responseBytesMax = responseBytesMax
        self.followRedirects = followRedirects
    }
}

/// Names one request on its way, so that it can be cancelled.
package struct OutboundID: Sendable, Hashable {
    /// Counts the requests of a client, from 0.
    let number: UInt64
}

/// A request with the moment it must have ended by and who wants to know.
struct OutboundCall: Sendable {
    /// What to send.
    let request: OutboundRequest
    /// When it ends as timed out.
    let deadline: Instant
    /// Called exactly once.
    let onFinish: @Sendable (Result<OutboundResponse, OutboundError>) -> Void
}
