internal import HTTPEngine
internal import Primitives

/// Who may talk to the controller.
///
/// A controller without tokens must not be reachable through somebody's browser: it takes no request from a foreign
/// origin, on loopback only requests that name this machine, and only JSON, which no form can send.
struct ControllerGuard: Sendable {
    /// Whether it listens on loopback only.
    let isLoopback: Bool

    /// Lets a request pass or says why not.
    ///
    /// - Throws: 403 for a foreign Origin or Host, 415 for a body that is not JSON.
    func check(_ request: borrowing Request, bodyBytes: Int) throws(Problem) {
        if isLoopback, let host = request.header("host"), !Self.isThisMachine(host) {
            throw Problem(
                status: 403,
                code: .hostForbidden,
                detail: "the controller answers to localhost, 127.0.0.1 and [::1] only"
            )
        }
        if let origin = request.header("origin"), !isOwn(origin, host: request.header("host")) {
            throw Problem(
                status: 403,
                code: .originForbidden,
                detail: "web pages of other origins may not use the controller"
            )
        }
        let isJSON = request.withContentType { RequestBody.isJSON($0) } ?? false
        if bodyBytes > 0, !isJSON {
            throw Problem(
                status: 415,
                code: .mediaTypeUnsupported,
                detail: "the controller takes application/json only"
            )
        }
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
