internal import HTTPWire
internal import Loops
internal import Primitives

/// A parameter of a route's path.
struct RouteParameter: Sendable {
    /// What the route calls it.
    let name: String
    /// The segment where it begins.
    let segment: Int
    /// Whether it goes on to the end of the path.
    let takesRest: Bool
}

/// What all loops share of one site.
final class SiteShared: Sendable {
    /// The site as it was described.
    let site: Site
    /// Its routes, to be looked up.
    let routes: RouteTable
    /// What every request of a route needs of it.
    let facts: [RouteFacts]
    /// The names of each route's parameters, with the index of the segment where they begin.
    let parameters: [[RouteParameter]]
    /// Its places; nil where what is processed is not bounded.
    let admission: Admission?
    /// How many requests for unknown paths are shown to its handlers.
    let unknownPace: UnknownPace
    /// Its paths, and what each comes to without slashes and escapes that do not matter to people.
    private let nearPaths: [(bare: String, path: String)]
    /// Its connections.
    let connections: ConnectionCount
    /// Those of them whose handshake is under way.
    let handshakes: ConnectionCount
    /// What each route asks before a body is read: the site's gates, then its own.
    let gates: [[any RequestGate]]
    /// Its paths that hold secrets.
    let secretPaths: SecretPaths
    /// Whether it trusts any proxy.
    let isProxied: Bool
    /// Each route's path, its shape and its methods.
    let shapes: [(path: String, shape: String, methods: MethodSet)]

    /// Compiles a site.
    init(_ site: Site) throws(RouteError) {
        self.site = site
        routes = try RouteTableBuilder.build(
            site.routes,
            basePath: site.basePath,
            headProbes: site.headProbes
        )
        facts = site.routes.map { RouteFacts($0, of: site) }
        parameters = site.routes.map { route in
            RoutePath.segments(site.basePath + route.path).enumerated().compactMap { part in
                switch part.element {
                case .literal: nil
                case .parameter(let name):
                    RouteParameter(name: name, segment: part.offset, takesRest: false)
                case .rest(let name):
                    RouteParameter(name: name, segment: part.offset, takesRest: true)
                }
            }
        }
        admission = site.admission.maxConcurrentCount > 0 ? Admission(site.admission) : nil
        unknownPace = UnknownPace()
        nearPaths = site.routes.map { route in
            let path = site.basePath + route.path
            return (BarePath.of(path), path)
        }
        connections = ConnectionCount(max: site.limits.connectionsMax)
        handshakes = ConnectionCount(max: site.limits.handshakesMax)
        secretPaths = SecretPaths(site)
        isProxied = !site.trustedProxies.isEmpty
        gates = site.routes.map { site.gates + $0.gates }
        shapes = site.routes.map { route in
            let path = site.basePath + route.path
            return (path, RoutePath.shape(RoutePath.segments(path)), MethodSet(route.methods))
        }
    }

    /// The path that is there and differs from this one by its slashes or escapes alone; nil where none does.
    func near(_ path: String) -> String? {
        guard path.utf8.count <= Self.nearBytesMax else { return nil }
        let bare = BarePath.of(path)
        return nearPaths.first { $0.bare == bare }?.path
    }

    /// Longer paths are not compared: they are no slips.
    private static let nearBytesMax = 1024
}

/// One site on one loop: the shared part and the loop's own handlers.
final class SiteLoop {
    /// What all loops share.
    let shared: SiteShared
    /// What answers each route on this loop.
    let handlers: [any RequestHandler]
    /// What is shown requests for unknown paths.
    let handler: any RequestHandler

    /// Makes the handlers of a loop, one for each factory.
    init(shared: SiteShared, loop: EventLoop) {
        self.shared = shared
        let handler = shared.site.handler.handler(on: loop)
        var made = [ObjectIdentifier(shared.site.handler): handler]
        handlers = shared.site.routes.map { route in
            guard let factory = route.handler else { return handler }
            let id = ObjectIdentifier(factory)
            if let known = made[id] { return known }
            let new = factory.handler(on: loop)
            made[id] = new
            return new
        }
        self.handler = handler
    }
}
