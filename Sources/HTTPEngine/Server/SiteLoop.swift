internal import HTTPWire
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
    /// Its connections.
    let connections: ConnectionCount

    /// Compiles a site.
    init(_ site: Site) throws(RouteError) {
        self.site = site
        routes = try RouteTableBuilder.build(
            site.routes,
            basePath: site.basePath,
            headProbes: site.headProbes
        )
        facts = site.routes.map { RouteFacts($0, limits: site.limits) }
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
        connections = ConnectionCount(max: site.limits.connectionsMax)
    }
}

/// One site on one loop: the shared part and the loop's own handler.
final class SiteLoop {
    /// What all loops share.
    let shared: SiteShared
    /// What answers on this loop.
    let handler: any RequestHandler

    init(shared: SiteShared, handler: any RequestHandler) {
        self.shared = shared
        self.handler = handler
    }
}
