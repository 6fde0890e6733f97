/// How a request changes when it is redirected (RFC 9110, 15.4).
enum Redirect {
    /// The same request again: 307 and 308.
    case same
    /// The same request again, but a POST becomes a GET, as all user agents do: 301 and 302.
    case postBecomesGet
    /// A GET, whatever it was (a HEAD stays one): 303.
    case becomesGet

    /// The kind of redirect a status stands for; nil for another status.
    init?(status: Int) {
        switch status {
        case 301, 302: self = .postBecomesGet
        case 303: self = .becomesGet
        case 307, 308: self = .same
        default: return nil
        }
    }

    /// The request to be sent to `target`, without what only the first server may see.
    ///
    /// - Throws: ``OutboundError/protocolError(_:)`` for a target that is not `http` or `https`.
    func apply(
        to request: OutboundRequest,
        from url: URLParts,
        to target: String
    ) throws(OutboundError) -> OutboundRequest {
        let next: URLParts
        do throws(OutboundError) {
            next = try URLParts(parsing: target)
            try next.checkIsHTTP()
        } catch {
            throw .protocolError("redirected to a URL that is neither http nor https")
        }
        var changed = request
        changed.url = next.text
        if becomesGet(request.method) {
            changed.method = "GET"
            changed.body = nil
            changed.headers.removeAll { HeaderRules.hasPrefix($0.name, "content-") }
        }
        if next.origin != url.origin {
            changed.headers.removeAll { HeaderRules.isCredential($0.name) }
        }
        return changed
    }

    private func becomesGet(_ method: String) -> Bool {
        switch self {
        case .same: false
        case .postBecomesGet: method == "POST"
        case .becomesGet: method != "GET" && method != "HEAD"
        }
    }
}
