package import HTTPWire
internal import Loops
package import Primitives

/// One request, as its handler sees it: a view of its owner's bytes that lives during the handler's call.
///
/// Nothing is copied or decoded before it is asked for. Header names are given in lower case.
package struct Request: ~Copyable {
    /// The request's id, new for every request.
    package let requestID: UUIDv7
    /// The ``Route/id`` of the route that took it.
    package let routeID: Int
    private let head: Head
    let owner: any ExchangeOwner
    let route: Int

    init(
        head: consuming Head,
        owner: any ExchangeOwner,
        route: Int,
        routeID: Int,
        requestID: UUIDv7
    ) {
        self.head = head
        self.owner = owner
        self.route = route
        self.routeID = routeID
        self.requestID = requestID
    }

    /// The method; HEAD where the route names GET and the client sent HEAD.
    package var method: Method { head.summary.method }

    /// The version.
    package var version: HTTPVersion { head.summary.version }

    /// Whether the client lets the connection live on.
    package var isKeptAlive: Bool { head.summary.isKeptAlive }

    /// The path, percent-decoded; valid UTF-8 without NUL.
    package var path: String { head.path }

    /// The method and the path, as reports of problems have them.
    package var line: ProblemReport.Line {
        var line = ProblemReport.Line(
            method: method.name,
            path: owner.site.shared.secretPaths.hidden(head.sentPath) { _ in "…" }
        )
        if owner.site.shared.isProxied { line.client = origin.client }
        return line
    }

    /// The target as it was sent, with path and query: `/a%20b?c=d`.
    package var rawTarget: String { head.rawTarget }

    /// The target as it was sent, where segments of its path that hold secrets (``Route/secretSegments``) are replaced by what
    /// `hide` makes of them.
    package func target(hiding hide: ([UInt8]) -> String) -> String {
        owner.site.shared.secretPaths.hidden(head.rawTarget, hide)
    }

    /// The query as it was sent, without the question mark; nil where there is none.
    package var rawQuery: String? { head.rawQuery }

    /// Whether a query was sent that is not empty.
    @inline(__always)
    package var hasQuery: Bool { head.hasQuery }

    /// Shows the query as it was sent, without the question mark; empty where there is none.
    package func withRawQuery<Result>(_ look: (Span<UInt8>) -> Result) -> Result {
        head.withRawQuery(look)
    }

    /// The value of the first query pair of that name, decoded; `""` for a name without a value.
    package func query(first name: String) -> String? {
        head.query(first: name)
    }

    /// All query pairs, decoded, in their order.
    package var queryPairs: [(name: String, value: String)] { head.queryPairs }

    /// The value of a segment that the route names `{name}`, or of the rest that it names `{name:path}`, decoded.
    package func parameter(_ name: String) -> String? {
        owner.parameters(route: route).first { $0.name == name }.flatMap { value(of: $0) }
    }

    /// What stands in the request's path for the parameters of its route, decoded, in their order.
    package var parameters: [(name: String, value: String)] {
        owner.parameters(route: route).map { ($0.name, value(of: $0) ?? "") }
    }

    private func value(of parameter: RouteParameter) -> String? {
        parameter.takesRest
            ? head.pathRest(parameter.segment) : head.pathSegment(parameter.segment)
    }

    /// The first value of the field with that name in lower case, without blanks round it.
    package func header(_ name: StaticString) -> String? {
        head.header(name)
    }

    /// The first value of a header field, for a name that is known only at run time, in any case.
    package func header(named name: String) -> String? {
        head.header(named: name)
    }

    /// Shows the bytes of the first value of the field with that name in lower case.
    ///
    /// Nothing is copied; nil where there is no such field.
    package func withHeader<Result, Failure: Error>(
        _ name: StaticString,
        _ look: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        try head.withHeader(name, look)
    }

    /// All header fields in their order, names in lower case, values without blanks round them.
    package var headers: [(name: String, value: String)] { head.headers }

    /// Shows every header field's name, as it was sent, and value, in their order; nothing is copied.
    package func forEachHeader(_ look: (_ name: Span<UInt8>, _ value: Span<UInt8>) -> Void) {
        head.forEachField(look)
    }

    /// Shows the bytes from the target to the last header field's end, as they were sent: where they and the method are the
    /// same, so are the target and all header fields.
    package func withSentHead<Result>(_ look: (Span<UInt8>) -> Result) -> Result {
        head.withSentBytes(look)
    }

    /// Shows the bytes of the content type, without copying; nil where there is none.
    package func withContentType<Result, Failure: Error>(
        _ look: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result? {
        try head.withContentType(look)
    }

    /// Makes the body last beyond the handler's call; one that was gathered is handed over, not copied.
    ///
    /// - Parameter body: The body as the handler got it.
    /// - Returns: The same bytes, for as long as they are held.
    package func keep(_ body: RawSpan) -> KeptBody {
        owner.keep(body)
    }

    /// Whether the body is coded for its way, as `Content-Encoding` says.
    package var isContentCoded: Bool { head.summary.isContentCoded }

    /// Bytes of the body as the head announces them: 0 without a body, nil where it comes in chunks.
    package var announcedBodyBytes: Int? {
        switch head.summary.framing {
        case .none: 0
        case .length(let count): count
        case .chunked: nil
        }
    }

    /// Who sent the request, by the name of what verified it; nil where nothing did.
    package var sender: String? { owner.sender }

    /// Says who sent the request, for those who handle it from now on.
    ///
    /// - Parameter name: What the verifier is called; nil once the request is handled.
    package func setSender(_ name: String?) {
        owner.sender = name
    }

    /// The address of who sent the request, without the port: the other side of the socket, or where that is a proxy which
    /// ``Site/trustedProxies`` names, who it says the client is; ``RequestOrigin/unknown`` where that cannot be told.
    ///
    /// - Complexity: O(bytes of the head) where the site trusts proxies.
    package var clientAddress: String {
        owner.site.shared.isProxied ? origin.client : owner.facts.peerAddress
    }

    /// Where the request came from, and what its sender called this server, as far as trusted proxies tell.
    ///
    /// - Complexity: O(bytes of the head).
    package var origin: RequestOrigin {
        let facts = owner.facts
        let plain = RequestOrigin(
            client: facts.peerAddress,
            scheme: facts.isSecure ? "https" : "http",
            authority: head.withAuthority { String(utf8: $0) }
        )
        let site = owner.site.shared
        guard site.isProxied else { return plain }
        return ForwardedFields(head).origin(plain, trusting: site.site.trustedProxies)
    }

    /// The address of the other side of the socket, without the port.
    package var peerAddress: String { owner.facts.peerAddress }

    /// The port of ours that the request came in on.
    package var localPort: Int { owner.facts.localPort }

    /// Whether the request came over a connection that is enciphered.
    package var isSecure: Bool { owner.facts.isSecure }

    /// The host name that the client asked for in its handshake; nil where it named none, or there was no handshake.
    package var serverName: String? { owner.facts.security?.serverName }

    /// The client's certificate, verified, in DER; nil where it sent none.
    package var peerCertificate: [UInt8]? { owner.facts.security?.peerCertificate }

    /// The name of the site that the request came to.
    package var siteName: String { owner.site.shared.site.name }
}

/// The body of a request that is handled after its handler's call; its memory is used again afterwards.
///
/// On any thread.
package final class KeptBody: Sendable {
    /// The body.
    package let bytes: [UInt8]
    private let shelf: BodyBufferPool?

    init(_ bytes: [UInt8], shelf: BodyBufferPool?) {
        self.bytes = bytes
        self.shelf = shelf
    }

    deinit {
        shelf?.give(bytes, at: .now())
    }
}
