package import Primitives

/// One HTTP request that a step wants sent.
package final class HTTPCall: ComponentCall {
    /// The component it comes from; bounds and rate limits are kept per component.
    package let component: String
    /// The managed local server (an `http-server` component's id) that must listen first; nil for others.
    package let server: String?
    /// The method, in upper case.
    package let method: String
    /// The absolute URL with its query.
    package let url: String
    /// The URL as logs and errors name it: without user, query, fragment and what the environment gave to its path.
    package let shownURL: String
    /// The header fields, complete: `Content-Type` and `Idempotency-Key` are among them where they apply.
    package let headers: [(name: String, value: String)]
    /// The body's bytes; nil for none.
    package let body: [UInt8]?
    /// The bound of the whole request; nil where the client's default counts.
    package let timeout: Nanoseconds?
    /// How a response that is a stream of events becomes a value.
    package let streamFormat: EventStream.Format?
    /// Whether a status of 400 or more is an answer like any other (polling).
    package let takesAnyStatus: Bool
    /// Whether an expression reads header fields of the answer.
    package let keepsHeaders: Bool

    init(
        component: String,
        server: String?,
        method: String,
        url: String,
        shownURL: String,
        headers: [(name: String, value: String)],
        body: [UInt8]?,
        timeout: Nanoseconds?,
        streamFormat: EventStream.Format?,
        takesAnyStatus: Bool,
        keepsHeaders: Bool
    ) {
        self.component = component
        self.server = server
        self.method = method
        self.url = url
        self.shownURL = shownURL
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.streamFormat = streamFormat
        self.takesAnyStatus = takesAnyStatus
        self.keepsHeaders = keepsHeaders
    }
}

extension HTTPCall {
    /// The method and the URL as logs name it.
    package var sentText: String? { "\(method) \(shownURL)" }

    /// The same request, which takes no longer than its own bound or this one.
    package func bounded(by rest: Nanoseconds) -> HTTPCall {
        HTTPCall(
            component: component,
            server: server,
            method: method,
            url: url,
            shownURL: shownURL,
            headers: headers,
            body: body,
            timeout: timeout.map { min($0, rest) } ?? rest,
            streamFormat: streamFormat,
            takesAnyStatus: takesAnyStatus,
            keepsHeaders: keepsHeaders
        )
    }

    /// Whether a text stands in the URL, in the body or in a header field but `Idempotency-Key`, so that who gets the request
    /// can know it.
    ///
    /// - Complexity: O(bytes of the request).
    package func carries(_ text: [UInt8]) -> Bool {
        guard !text.isEmpty else { return false }
        if Self.holds(Array(url.utf8).span, text) { return true }
        if let body, Self.holds(body.span, text) { return true }
        return headers.contains { header in
            header.name.lowercased() != "idempotency-key"
                && Self.holds(Array(header.value.utf8).span, text)
        }
    }

    private static func holds(_ bytes: Span<UInt8>, _ text: [UInt8]) -> Bool {
        guard bytes.count >= text.count else { return false }
        let first = text[0]
        for start in 0...(bytes.count - text.count) where bytes[start] == first {
            var same = 1
            while same < text.count, bytes[start + same] == text[same] { same += 1 }
            if same == text.count { return true }
        }
        return false
    }
}
