package import HTTPWire
package import Loops

/// One path of a site and the methods it takes.
///
/// The path is compared decoded and exactly; a trailing slash is another path. A segment written `{name}` takes any one
/// segment that is not empty, a last one written `{name:path}` the rest of the path, also an empty one. Of several paths
/// that take a request the one wins that has text where the others have a parameter, then `{name}` over `{name:path}`.
package struct Route: Sendable {
    /// What the handler knows the route by; several routes may share one.
    package let id: Int
    /// The methods; HEAD is served where GET is (see ``Site/headProbes``), OPTIONS is answered by the engine unless it is listed.
    package let methods: [Method]
    /// The decoded path below the site's base path, with its leading slash.
    package let path: String
    /// The segments of the whole path, from 0, that hold secrets: no log and no report shows them.
    package let secretSegments: [Int]
    /// The most bytes a body may have; nil takes the site's bound.
    package let bodyBytesMax: Int?
    /// The media types taken, in lower case: `application/json`, `+json` for a suffix, `text/` for a whole type.
    ///
    /// Empty takes everything, also a body without a type. Otherwise a body of another type is 415.
    package let mediaTypes: [String]
    /// The codings of a body that the handler takes off itself (`Content-Encoding`), in lower case; any other is 415.
    package let contentCodings: [String]
    /// What is asked, behind the site's gates, before a body is read.
    package let gates: [any RequestGate]
    /// What answers; nil takes the site's handler.
    package let handler: HandlerFactory?

    /// Describes a route.
    package init(
        id: Int,
        methods: [Method],
        path: String,
        secretSegments: [Int] = [],
        bodyBytesMax: Int? = nil,
        mediaTypes: [String] = [],
        contentCodings: [String] = [],
        gates: [any RequestGate] = [],
        handler: HandlerFactory? = nil
    ) {
        self.id = id
        self.methods = methods
        self.path = path
        self.secretSegments = secretSegments
        self.bodyBytesMax = bodyBytesMax
        self.mediaTypes = mediaTypes
        self.contentCodings = contentCodings
        self.gates = gates
        self.handler = handler
    }
}

/// Makes the handler of some routes, one for each loop.
///
/// Routes that hold the same factory share its handlers.
package final class HandlerFactory: Sendable {
    private let make: @Sendable (EventLoop) -> any RequestHandler

    /// Makes a factory; `make` is called once a loop, on the loop, at start.
    package init(_ make: @escaping @Sendable (EventLoop) -> any RequestHandler) {
        self.make = make
    }

    /// The handler of one loop, new with each call.
    func handler(on loop: EventLoop) -> any RequestHandler {
        make(loop)
    }
}
