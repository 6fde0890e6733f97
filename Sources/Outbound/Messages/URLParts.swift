internal import CCurl
internal import Primitives

/// A URL taken apart; every part stands as it does in the URL (percent-encoded), without its delimiters.
///
/// Parsed by libcurl's `curl_url`, so that what is checked here is what is later connected to. Spaces and bytes
/// above 127 in the text are percent-encoded.
package struct URLParts: Sendable, Hashable {
    /// The scheme in small letters: `https`.
    package var scheme: String
    /// The user name, where there is one.
    package var user: String?
    /// The password, where there is one.
    package var password: String?
    /// The host; an IPv6 address with its brackets.
    package var host: String
    /// The port, where one is written.
    package var port: UInt16?
    /// The path; at least `/`.
    package var path: String
    /// What follows the question mark, where there is one.
    package var query: String?
    /// What follows the number sign, where there is one.
    package var fragment: String?

    /// Takes a whole URL apart.
    ///
    /// - Throws: ``OutboundError/invalidURL(_:)`` with what is wrong; never with the URL itself.
    package init(parsing text: String) throws(OutboundError) {
        let url = try CurlURL()
        try url.set(text)
        try self.init(url)
    }

    /// The URL that a reference (`/path`, `?query`, `//host`, a whole URL …) means when it stands in this one's
    /// document (RFC 3986, 5).
    ///
    /// - Throws: ``OutboundError/invalidURL(_:)``.
    package func resolving(_ reference: String) throws(OutboundError) -> URLParts {
        let url = try CurlURL()
        try url.set(text)
        try url.set(reference)
        return try URLParts(url)
    }

    /// The parts put together again.
    package var text: String {
        var text = "\(scheme)://"
        if let user {
            text += user
            if let password { text += ":\(password)" }
            text += "@"
        }
        text += host
        if let port { text += ":\(port)" }
        text += path
        if let query { text += "?\(query)" }
        if let fragment { text += "#\(fragment)" }
        return text
    }

    /// Scheme, host and port, which is always written: what a browser calls the origin.
    package var origin: String {
        "\(scheme)://\(host.lowercased()):\(effectivePort)"
    }

    /// The port that is connected to: the written one, else the scheme's; 0 for a scheme we do not speak.
    package var effectivePort: UInt16 {
        port ?? (scheme == "https" ? 443 : scheme == "http" ? 80 : 0)
    }

    /// The URL without user and password.
    package var withoutUser: URLParts {
        var copy = self
        copy.user = nil
        copy.password = nil
        return copy
    }

    /// Adds names and values to the query, percent-encoded, after what is there.
    package mutating func addQuery(_ items: [(name: String, value: String)]) {
        let added = items.map {
            "\(URLParts.percentEncode($0.name))=\(URLParts.percentEncode($0.value))"
        }
        let all = (query.map { $0.isEmpty ? [] : [$0] } ?? []) + added
        if !all.isEmpty { query = all.joined(separator: "&") }
    }

    /// A text as one component of a URL: all but letters, digits and `-._~` percent-encoded (RFC 3986, 2.3).
    package static func percentEncode(_ text: String) -> String {
        PercentCode.component(text)
    }

    private init(_ url: borrowing CurlURL) throws(OutboundError) {
        guard let scheme = url.part(CURLUPART_SCHEME), let host = url.part(CURLUPART_HOST),
            !host.isEmpty
        else { throw .invalidURL("it has no host") }
        self.scheme = scheme.lowercased()
        self.host = host
        user = url.part(CURLUPART_USER)
        password = url.part(CURLUPART_PASSWORD)
        port = url.part(CURLUPART_PORT).flatMap { UInt16($0) }
        path = url.part(CURLUPART_PATH) ?? "/"
        query = url.part(CURLUPART_QUERY)
        fragment = url.part(CURLUPART_FRAGMENT)
    }
}

extension URLParts {
    /// Refuses what the client does not speak.
    ///
    /// - Throws: ``OutboundError/invalidURL(_:)``.
    package func checkIsHTTP() throws(OutboundError) {
        if scheme != "http" && scheme != "https" {
            throw .invalidURL("its scheme is neither http nor https")
        }
    }

    /// Whether the host is this machine by its spelling, which no proxy can reach.
    var isLoopback: Bool {
        let name = host.lowercased()
        return name == "localhost" || name.hasSuffix(".localhost") || name == "[::1]"
            || name.hasPrefix("127.")
    }

    /// A text of libcurl's with the URL's user and password, should they be in it, blotted out.
    func withoutSecrets(_ text: String) -> String {
        var clean = text
        for secret in [password, user] {
            guard let secret, !secret.isEmpty else { continue }
            clean = clean.split(separator: secret, omittingEmptySubsequences: false)
                .joined(separator: "***")
        }
        return clean
    }
}

/// One libcurl URL handle.
@safe struct CurlURL: ~Copyable {
    private let handle: OpaquePointer

    /// Opens an empty handle.
    init() throws(OutboundError) {
        guard let handle = unsafe curl_url() else { throw .protocolError("out of memory") }
        unsafe self.handle = handle
    }

    deinit {
        unsafe curl_url_cleanup(handle)
    }

    /// Reads a URL, or one relative to what was read before.
    func set(_ text: String) throws(OutboundError) {
        if text.utf8.contains(0) { throw .invalidURL("it contains a NUL") }
        let flags = UInt32(CURLU_NON_SUPPORT_SCHEME | CURLU_URLENCODE)
        let code = unsafe curl_url_set(handle, CURLUPART_URL, text, flags)
        if code != CURLUE_OK {
            throw .invalidURL(unsafe String(cString: curl_url_strerror(code)))
        }
    }

    /// One part as it stands in the URL; nil where it is missing.
    func part(_ part: CURLUPart) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text
        else { return nil }
        // Ours to free.
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
