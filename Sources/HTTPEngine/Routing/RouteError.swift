/// What is wrong with a site's routes: a mistake of the program or its configuration, told at start.
package enum RouteError: Error, Sendable, Hashable {
    /// A path does not begin with a slash.
    case notAbsolute(path: String)
    /// A path has two routes for the same method.
    case repeated(path: String)
    /// Two sites of one address take the same method of the same host and path.
    case shared(path: String, first: String, second: String)

    /// The mistake as one sentence for a person.
    package var message: String {
        switch self {
        case .notAbsolute(let path): "the path \"\(path)\" does not begin with a slash"
        case .repeated(let path): "the path \"\(path)\" is served twice for the same method"
        case .shared(let path, let first, let second):
            "the path \"\(path)\" is served by two sites of one address for the same method: "
                + "\(first) and \(second)"
        }
    }
}
