internal import HTTPWire
package import Loops

/// One HTTP server: where it listens, what it serves, and its bounds.
package struct Site: Sendable {
    /// What the site is called in logs and metrics: a listener's name, `controller`.
    package var name: String
    /// Where it listens; port 0 takes a free one.
    package var addresses: [ListenAddress]
    /// The hosts it answers to, where several sites share an address; empty for every host.
    ///
    /// Sites share an address where host and port are the same and the port is not 0. A request goes to the site that names its
    /// host, and of several to the one that serves its path, the longest base path first; a host that no site takes is 421.
    package var hosts: [HostPattern]
    /// What stands before every route's path, without a trailing slash; empty for none.
    package var basePath: String
    /// The paths that are served.
    package var routes: [Route]
    /// Whether HEAD only probes; otherwise it is served where GET is.
    ///
    /// Every path that is served then answers it with 200 and nothing else, whatever its methods, and no handler hears of it.
    package var headProbes: Bool
    /// The bounds of connections and requests.
    package var limits: ServerLimits
    /// How many requests are processed at once.
    package var admission: AdmissionSettings
    /// Requests for unknown paths that a handler is shown in a second, over all loops; the others are counted.
    package static let unknownPerSecondMax = 10
    /// The proxies whose word for who sent a request is taken; nobody's by default.
    package var trustedProxies: TrustedProxies
    /// What is asked about every request that a route serves, before its body is read.
    package var gates: [any RequestGate]
    /// What answers the requests of routes without a handler of their own, and is shown requests for unknown paths.
    package var handler: HandlerFactory
    /// Hears of every problem that the site answers, for metrics; called on the loop of the request.
    package var onProblem: (@Sendable (ProblemReport) -> Void)?

    /// Describes a site; `makeHandler` makes the handlers of ``handler``, ``NoHandler`` where every route has its own.
    package init(
        name: String,
        addresses: [ListenAddress],
        hosts: [HostPattern] = [],
        basePath: String = "",
        routes: [Route],
        headProbes: Bool = false,
        limits: ServerLimits = ServerLimits(),
        admission: AdmissionSettings = AdmissionSettings(),
        trustedProxies: TrustedProxies = TrustedProxies([]),
        gates: [any RequestGate] = [],
        onProblem: (@Sendable (ProblemReport) -> Void)? = nil,
        makeHandler: @escaping @Sendable (EventLoop) -> any RequestHandler
    ) {
        self.name = name
        self.addresses = addresses
        self.hosts = hosts
        self.trustedProxies = trustedProxies
        self.gates = gates
        self.basePath = basePath
        self.routes = routes
        self.headProbes = headProbes
        self.limits = limits
        self.admission = admission
        self.onProblem = onProblem
        handler = HandlerFactory(makeHandler)
    }
}

/// A host that a site answers to: a name, or `*.` and a name for every name below it.
package struct HostPattern: Sendable, Hashable {
    /// The name as it is compared; for a wildcard with the dot in front: `.example.com`.
    let name: String
    /// Whether it stands for every name that ends with it, however many labels come before.
    let isWildcard: Bool

    /// Reads `hooks.example.com`, `*.example.com`, `127.0.0.1` or `[::1]`, without a port; nil for anything else.
    package init?(_ text: String) {
        let bare = text.hasPrefix("*.") ? String(text.dropFirst(2)) : text
        isWildcard = bare.utf8.count < text.utf8.count
        let bytes = Array(bare.utf8)
        guard Self.isHost(bytes), !(isWildcard && bytes.first == UInt8(ascii: "[")) else {
            return nil
        }
        let normalized = AuthorityHost.normalized(bytes.span)
        guard !normalized.isEmpty else { return nil }
        name = isWildcard ? "." + normalized : normalized
    }

    /// Whether a host, as ``AuthorityHost`` has it, is meant.
    func matches(_ host: String) -> Bool {
        guard isWildcard else { return host == name }
        return host.utf8.count > name.utf8.count && host.hasSuffix(name)
    }

    /// Whether bytes are a name of letters, digits, `-`, `_` and dots, or an address in brackets.
    private static func isHost(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, first != UInt8(ascii: ".") else { return false }
        let isLiteral = first == UInt8(ascii: "[")
        guard isLiteral == (bytes.last == UInt8(ascii: "]")) else { return false }
        let inner = isLiteral ? bytes.dropFirst().dropLast() : bytes[...]
        return !inner.isEmpty
            && inner.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."):
                    true
                case UInt8(ascii: "-"), UInt8(ascii: "_"): !isLiteral
                case UInt8(ascii: ":"): isLiteral
                default: false
                }
            }
    }
}
