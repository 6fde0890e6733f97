/// What every request of a route needs of it: plain numbers, so that a look costs no reference.
struct RouteFacts: Sendable {
    /// What the handler knows the route by.
    let id: Int
    /// The most bytes a body may have.
    let bodyBytesMax: Int
    /// Whether a body of any media type is taken.
    let takesAnyType: Bool
    /// Whether a gate is asked.
    let isGated: Bool

    /// Works out what a route needs in a site with those bounds.
    init(_ route: Route, of site: Site) {
        id = route.id
        bodyBytesMax = route.bodyBytesMax ?? site.limits.bodyBytesMax
        takesAnyType = route.mediaTypes.isEmpty
        isGated = !(site.gates.isEmpty && route.gates.isEmpty)
    }
}
