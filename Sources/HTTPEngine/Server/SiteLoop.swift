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
    /// How many requests for unknown paths are shown to its handlers.
    let unknownPace: UnknownPace
    /// Its paths, and what each comes to without slashes and escapes that do not matter to people.
    private let nearPaths: [(bare: String, path: String)]
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
        unknownPace = UnknownPace()
        nearPaths = site.routes.map { route in
            let path = site.basePath + route.path
            return (BarePath.of(path), path)
        }
        connections = ConnectionCount(max: site.limits.connectionsMax)
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
