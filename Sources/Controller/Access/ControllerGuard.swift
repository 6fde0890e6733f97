internal import HTTPEngine
internal import Listeners
internal import Primitives

/// Who may talk to the controller.
///
/// A controller without tokens must not be reachable through somebody's browser: it takes no request from a foreign
/// origin, on loopback only requests that name this machine, and only JSON, which no form can send. With tokens, the
/// token decides.
struct ControllerGuard: Sendable {
    /// Whether it listens on loopback only.
    private let isLoopback: Bool
    private let tokens: TokenSet
    private let origins: OriginRule

    /// Makes the guard of a controller.
    init(_ settings: ControllerSettings) {
        isLoopback = settings.isLoopback
        tokens = settings.access.tokens
        origins = tokens.isEmpty ? .none : settings.access.origins
    }

    /// The fields that let the page that sent a request read its answer.
    func fields(for request: borrowing Request) -> [(name: String, value: String)] {
        origins == .none ? [] : origins.fields(for: request.header("origin"))
    }

    /// Lets a request pass by its head, or says why not.
    ///
    /// - Throws: 401 without a token that is known; where there are none, 403 for a foreign Origin or Host; 415 for a body
    ///   that is announced, is not JSON and no form that may be sent.
    func check(_ request: borrowing Request, for call: ControllerCall) throws(Problem) {
        if tokens.isEmpty {
            try checkSource(request)
        } else if !call.isOpen, tokenName(of: request) == nil {
            throw Problem(
                status: 401,
                code: .unauthorized,
                headers: [(name: "WWW-Authenticate", value: #"Bearer realm="sluice""#)]
            )
        }
        try checkType(request, for: call, bodyBytes: request.announcedBodyBytes ?? 0)
    }

    /// Makes sure that a body of so many bytes is of a type that may be sent.
    ///
    /// - Throws: 415 for one that is not JSON and no form that may be sent.
    func checkType(
        _ request: borrowing Request,
        for call: ControllerCall,
        bodyBytes: Int
    ) throws(Problem) {
        // Forms are told apart where they are read.
        if bodyBytes > 0, tokens.isEmpty || !call.takesForms { try checkJSON(request) }
    }

    /// The name of the token that a request comes with; nil where it has none that is known.
    func tokenName(of request: borrowing Request) -> String? {
        guard !tokens.isEmpty else { return nil }
        let given = Self.bearer(request.header("authorization")) ?? request.header("x-api-key")
        return given.flatMap { tokens.name(of: $0) }
    }

    /// The token of `Authorization: Bearer TOKEN` (RFC 6750, 2.1); nil for another scheme.
    private static func bearer(_ field: String?) -> String? {
        guard let field else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        return String(parts[1].drop { $0 == " " })
    }

    private func checkSource(_ request: borrowing Request) throws(Problem) {
        if isLoopback, let host = request.header("host"), !Self.isThisMachine(host) {
            throw Problem(
                status: 403,
                code: .hostForbidden,
                detail: "The controller answers to localhost, 127.0.0.1 and [::1] only."
            )
        }
        if let origin = request.header("origin"), !isOwn(origin, host: request.header("host")) {
            throw Problem(
                status: 403,
                code: .originForbidden,
                detail: "Web pages of other origins may not use the controller."
            )
        }
    }

    private func checkJSON(_ request: borrowing Request) throws(Problem) {
        let isJSON = request.withContentType { RequestBody.isJSON($0) } ?? false
        guard !isJSON else { return }
        throw Problem(
            status: 415,
            code: .mediaTypeUnsupported,
            detail: "The controller takes application/json only."
        )
    }

    /// Whether an origin is the controller's own: the same host and port over http or https.
    private func isOwn(_ origin: String, host: String?) -> Bool {
        guard let host, let scheme = origin.range(of: "://") else { return false }
        return origin[scheme].lowercased() == host.lowercased()
    }

    private static func isThisMachine(_ host: String) -> Bool {
        ["localhost", "127.0.0.1", "[::1]"].contains(withoutPort(host).lowercased())
    }

    private static func withoutPort(_ host: String) -> String {
        if host.hasPrefix("["), let end = host.firstIndex(of: "]") { return String(host[...end]) }
        return host.split(separator: ":", maxSplits: 1).first.map(String.init) ?? host
    }
}

extension String {
    /// What stands behind the first occurrence of a text; nil where it does not occur.
    fileprivate func range(of text: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(text) {
                return index(start, offsetBy: text.count)..<endIndex
            }
            start = index(after: start)
        }
        return nil
    }
}
