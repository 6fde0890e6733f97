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
        gates: [any RequestGate] = [],
        onProblem: (@Sendable (ProblemReport) -> Void)? = nil,
        makeHandler: @escaping @Sendable (EventLoop) -> any RequestHandler
    ) {
        self.name = name
        self.addresses = addresses
        self.hosts = hosts
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
