internal import CCurl
internal import Loops
internal import Primitives

/// One request from its taking to its end, over all redirects.
final class Transfer {
    /// How many bytes of header section are taken, over all lines of one answer.
    static let headerBytesMax = 256 << 10

    /// The request's number in its client.
    let number: UInt64
    /// What is sent now; changes with a redirect.
    private(set) var request: OutboundRequest
    /// The handle that works on it; nil while it waits for a place and after its end.
    var easy: EasyHandle? {
        didSet { if easy != nil { isStarted = true } }
    }
    /// True once it has a place.
    var isStarted = false
    /// Ends it when the time is over.
    var timer: LoopTimer?

    private let call: OutboundCall
    private var url: URLParts?
    private var redirectCount = 0
    private var sink: BodySink
    private var headerBytes = 0
    /// Whether the present answer is heard as it comes; nil until its body begins.
    private var isHeard: Bool?

    /// Takes a call in.
    init(number: UInt64, call: OutboundCall) {
        self.number = number
        self.call = call
        request = call.request
        sink = BodySink(bytesMax: call.request.responseBytesMax)
    }

    /// Tells the caller how it ended.
    func onFinish(_ result: Result<OutboundResponse, OutboundError>) {
        call.onFinish(result)
    }

    /// True once a server had been reached.
    var hasConnected: Bool {
        redirectCount > 0 || (easy?.hasConnected ?? false)
    }

    /// Fills the fresh handle in.
    ///
    /// - Throws: ``OutboundError/invalidURL(_:)`` or ``OutboundError/invalidRequest(_:)``.
    func prepare(userAgent: String) throws(OutboundError) {
        guard let easy else { return }
        let url = try URLParts(parsing: request.url)
        try url.checkIsHTTP()
        try HeaderRules.check(request)
        self.url = url
        sink = BodySink(bytesMax: request.responseBytesMax)
        headerBytes = 0
        isHeard = nil
        try easy.report(to: self)
        try setConnection(easy, url)
        try setMessage(easy, userAgent)
    }

    /// Takes bytes of the body; false when they are too many.
    func takesBody(_ bytes: RawSpan) -> Bool {
        if let onBody = call.request.onBody, let easy, (200..<300).contains(easy.status) {
            onBody(unsafe bytes.withUnsafeBytes { unsafe Array($0) })
            return true
        }
        if let listener = call.request.bodyListener, isHeard(by: listener) {
            listener.onBytes(unsafe bytes.withUnsafeBytes { unsafe Array($0) })
        }
        return sink.take(bytes)
    }

    private func isHeard(by listener: BodyListener) -> Bool {
        if let isHeard { return isHeard }
        guard let easy else { return false }
        let hears = (200..<300).contains(easy.status) && listener.hears(easy.responseHeaders)
        isHeard = hears
        return hears
    }

    /// Counts bytes of the header section; false when they are too many.
    func takesHeaderBytes(_ count: Int) -> Bool {
        headerBytes += count
        return headerBytes <= Transfer.headerBytesMax
    }

    /// Turns to where a redirect points; false where the answer is none, or none is to be followed.
    ///
    /// - Throws: ``OutboundError/protocolError(_:)`` for one redirect too many or to another scheme.
    func follow(_ code: CURLcode) throws(OutboundError) -> Bool {
        guard code == CURLE_OK, request.followRedirects > 0, let easy, let url,
            let kind = Redirect(status: easy.status), let target = easy.redirectURL
        else { return false }
        if kind == .postBecomesGet, request.method == "POST", !request.turnsIntoGET { return false }
        if redirectCount >= request.followRedirects {
            throw .protocolError("redirected more than \(request.followRedirects) times")
        }
        redirectCount += 1
        request = try kind.apply(to: request, from: url, to: target)
        return true
    }

    /// The answer of a transfer that is done.
    ///
    /// - Throws: Why there is none.
    func response(_ code: CURLcode) throws(OutboundError) -> OutboundResponse {
        guard let easy, let url else { throw .cancelled }
        if code != CURLE_OK { throw failure(code, easy, url) }
        return OutboundResponse(
            status: easy.status,
            headers: easy.responseHeaders,
            body: sink.bytes,
            effectiveURL: url.withoutUser.text
        )
    }

    private func failure(_ code: CURLcode, _ easy: EasyHandle, _ url: URLParts) -> OutboundError {
        if sink.isOverfull { return .bodyTooLarge(limit: request.responseBytesMax) }
        if headerBytes > Transfer.headerBytesMax {
            return .protocolError("a header section over \(Transfer.headerBytesMax) bytes")
        }
        return OutboundError(
            code,
            text: easy.error.map(url.withoutSecrets),
            host: url.host,
            connectTimeout: request.connectTimeout
        )
    }

    private func setConnection(_ easy: EasyHandle, _ url: URLParts) throws(OutboundError) {
        try easy.set(CURLOPT_URL, url.text)
        try easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try easy.set(CURLOPT_NOSIGNAL, 1)
        // Without it, ending a request waits until a thread has heard from the name server.
        try easy.set(CURLOPT_QUICK_EXIT, 1)
        try easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        try easy.set(CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_2TLS)
        // 0 would mean libcurl's own default.
        let connect = min(max(1, request.connectTimeout.millisecondsRoundedUp), Int64(Int32.max))
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, Int(connect))
        if url.isLoopback { try easy.set(CURLOPT_PROXY, "") }
    }

    private func setMessage(_ easy: EasyHandle, _ userAgent: String) throws(OutboundError) {
        try setMethod(easy)
        try easy.set(CURLOPT_USERAGENT, userAgent)
        if !HeaderRules.contains(request.headers, "accept-encoding") {
            // The empty text stands for everything this libcurl decodes.
            try easy.set(CURLOPT_ACCEPT_ENCODING, "")
        }
        try easy.set(headerLines: HeaderRules.lines(request.headers))
    }

    private func setMethod(_ easy: EasyHandle) throws(OutboundError) {
        switch (request.method, request.body) {
        case ("GET", nil): try easy.set(CURLOPT_HTTPGET, 1)
        case ("HEAD", _): try easy.set(CURLOPT_NOBODY, 1)
        case ("POST", let body), ("PUT", let body), ("PATCH", let body):
            try easy.set(body: body ?? [])
            try easy.set(CURLOPT_CUSTOMREQUEST, request.method)
        case (_, let body?):
            try easy.set(body: body)
            try easy.set(CURLOPT_CUSTOMREQUEST, request.method)
        case (_, nil): try easy.set(CURLOPT_CUSTOMREQUEST, request.method)
        }
    }
}
