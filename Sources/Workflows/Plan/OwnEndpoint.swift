package import Expressions

/// A callback endpoint of this very server: where callbacks for our waits can come in.
package struct OwnEndpoint: Sendable {
    /// One way to reach the endpoint from outside.
    package enum Origin: Sendable, Hashable {
        /// Through the gateway that leads to this local port.
        case gateway(port: Int)
        /// By an absolute URL prefix without a slash at its end: `https://hooks.example.com`.
        case url(String)
    }

    /// How messages name it: `listener.callbacks[0]`.
    package let name: String
    /// All ways to reach it; a host stands in each with its scheme and port.
    package let origins: [Origin]
    /// Its whole path, base path included.
    package let path: String
    /// The channel its keys are on (0 is the default one).
    package let channel: UInt32
    /// Its `identify_by`, compiled for a listener; nil where it has none.
    package let identifyBy: Template?
    /// The name a step's `endpoint:` may use for it; nil where it has none.
    package let id: String?
    /// Whether waits that name neither endpoint nor channel are answered through it, where it is on a channel of its own.
    package let answersUnnamed: Bool

    /// Describes a callback endpoint.
    package init(
        name: String,
        origins: [Origin],
        path: String,
        channel: UInt32,
        identifyBy: Template?,
        id: String? = nil,
        answersUnnamed: Bool = true
    ) {
        self.name = name
        self.origins = origins
        self.path = path
        self.channel = channel
        self.identifyBy = identifyBy
        self.id = id
        self.answersUnnamed = answersUnnamed
    }
}
