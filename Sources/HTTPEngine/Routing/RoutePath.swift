/// A route's path in segments.
enum RoutePath {
    /// One segment: text, or a parameter's name.
    struct Segment: Sendable, Equatable {
        let literal: String?
        let parameter: String?
    }

    /// The segments between the slashes of a path; `{name}` is a parameter.
    static func segments(_ path: String) -> [Segment] {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return parts.map { part in
            guard part.count > 2, part.first == "{", part.last == "}" else {
                return Segment(literal: String(part), parameter: nil)
            }
            return Segment(literal: nil, parameter: String(part.dropFirst().dropLast()))
        }
    }
}
