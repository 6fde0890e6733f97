internal import HTTPEngine
internal import Primitives
package import Workflows

/// How often requests of an endpoint are taken.
package struct RateRule: Sendable, Hashable {
    /// Whose requests are counted together.
    package enum Scope: String, Sendable, CaseIterable {
        /// All of the endpoint.
        case endpoint
        /// Those of one client: an IPv4 address, or the /64 network of an IPv6 one.
        case client
        /// The callbacks with one key.
        case key
    }

    /// How many in which time.
    package let limit: RateLimit
    /// Whose.
    package let scope: Scope

    /// Bounds requests.
    package init(limit: RateLimit, scope: Scope) {
        self.limit = limit
        self.scope = scope
    }

    /// The refusal of a request that comes so much too early.
    func refusal(early wait: Nanoseconds) -> Problem {
        let whose =
            switch scope {
            case .endpoint: "this endpoint"
            case .client: "one client"
            case .key: "one key"
            }
        // The time is rounded up: whoever comes when it is over is let in.
        let seconds = (wait.count + 999_999_999) / 1_000_000_000
        return Problem(
            status: 429,
            code: .rateLimited,
            detail: "More than \(limit.text) for \(whose) are not taken; send it again later.",
            retryAfterSeconds: max(1, Int(clamping: seconds))
        )
    }
}
