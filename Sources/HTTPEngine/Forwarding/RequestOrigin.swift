/// Where a request came from, and what its sender called this server, as far as trusted proxies tell.
package struct RequestOrigin: Sendable, Hashable {
    /// The address of the client without the port; ``unknown`` where trusted proxies contradict each other.
    package let client: String
    /// The scheme of the URL that the client called: `http` or `https`.
    package let scheme: String
    /// The authority of the URL that the client called, `host` or `host:port`; empty where the request names none.
    package let authority: String

    /// The address of a client that cannot be told: no list of addresses has it.
    package static let unknown = "unknown"
}
