/// Which web pages may use a controller with tokens (`controller.origins`).
enum OriginRule: Sendable, Equatable {
    /// Those of no other origin.
    case none
    /// Those of every origin.
    case any
    /// Those of these origins, as browsers write them.
    case some(Set<String>)

    /// The fields that let a page of an origin read an answer; none where it may not.
    func fields(for origin: String?) -> [(name: String, value: String)] {
        let exposed = "X-Request-Id, Location, Preference-Applied, Retry-After, WWW-Authenticate"
        switch self {
        case .none: return []
        case .any:
            // Never an echo of the origin, and never with credentials: the token is the page's own.
            guard origin != nil else { return [] }
            return [
                ("Access-Control-Allow-Origin", "*"), ("Access-Control-Expose-Headers", exposed),
            ]
        case .some(let origins):
            guard let origin, origins.contains(origin.lowercased()) else {
                return [("Vary", "Origin")]
            }
            return [
                ("Access-Control-Allow-Origin", origin), ("Vary", "Origin"),
                ("Access-Control-Expose-Headers", exposed),
            ]
        }
    }

    /// The further fields of the answer to a preflight.
    static let preflightFields: [(name: String, value: String)] = [
        ("Access-Control-Allow-Methods", "GET, POST"),
        (
            "Access-Control-Allow-Headers",
            "Authorization, Content-Type, X-API-Key, Prefer, Idempotency-Key, Last-Event-ID"
        ),
        ("Access-Control-Max-Age", "600"),
    ]

    /// The origin that a text names, as browsers write it: scheme, host and port; nil where it is none.
    static func origin(_ text: String) -> String? {
        let lower = text.lowercased()
        for scheme in ["https://", "http://"] where lower.hasPrefix(scheme) {
            let rest = lower.dropFirst(scheme.count)
            let isPlain = rest.utf8.allSatisfy { $0 > 32 && $0 < 127 }
            return rest.isEmpty || !isPlain || rest.contains { "/?#@*,".contains($0) } ? nil : lower
        }
        return nil
    }
}
