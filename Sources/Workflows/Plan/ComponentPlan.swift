package import Documents
package import Primitives

/// One component, compiled.
package final class ComponentPlan: Sendable {
    /// The id; `__component__` where none is written, `STEP.component` for one written inside a step.
    package let id: String
    /// The type, as the word after `type:`.
    package let type: String
    /// How many of its calls may be under way at once; 0 for no bound.
    package let maxConcurrentCount: Int
    /// How often it may be called; nil for no bound.
    package let rateLimit: RateLimit?
    /// The local program of an `http-server` component; nil for the other types.
    package let server: ServerPlan?
    /// Where it is written.
    package let position: SourcePosition
    /// Whether it is marked `default: true`.
    let isDefault: Bool
    let actions: [ActionPlan]

    init(
        id: String,
        type: String,
        maxConcurrentCount: Int,
        rateLimit: RateLimit?,
        server: ServerPlan?,
        position: SourcePosition,
        isDefault: Bool,
        actions: [ActionPlan]
    ) {
        self.id = id
        self.type = type
        self.maxConcurrentCount = maxConcurrentCount
        self.rateLimit = rateLimit
        self.server = server
        self.position = position
        self.isDefault = isDefault
        self.actions = actions
    }
}

/// How often a component may be called.
package struct RateLimit: Sendable, Hashable {
    /// How many calls in a period.
    package let requests: Int
    /// The period.
    package let period: Nanoseconds
    /// How many may come at once after a rest.
    package let burst: Int
    /// The least time between two calls; nil for none.
    package let interval: Nanoseconds?

    /// Allows so many in a period.
    package init(requests: Int, period: Nanoseconds, burst: Int, interval: Nanoseconds?) {
        self.requests = requests
        self.period = period
        self.burst = burst
        self.interval = interval
    }
}

/// The local program that an `http-server` component starts and calls.
package struct ServerPlan: Sendable {
    /// The program and its arguments.
    package let start: [String]
    /// The port it listens on.
    package let port: Int
    /// Where it runs; nil for the server's own directory.
    package let workingDirectory: String?
    /// Variables set on top of the server's environment.
    package let environment: [(name: String, value: String)]
    /// How long it may take until it listens.
    package let startTimeout: Nanoseconds
}
