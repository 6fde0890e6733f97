/// A route's path in segments.
enum RoutePath {
    /// One segment of a path.
    enum Segment: Sendable, Equatable {
        /// This text.
        case literal(String)
        /// `{name}`: any one segment that is not empty.
        case parameter(String)
        /// `{name:path}`: the rest of the path, which may be empty.
        case rest(String)

        /// Its text; nil where it takes what comes.
        var literal: String? {
            if case .literal(let text) = self { text } else { nil }
        }

        /// Which of two patterns is tried first: text before a parameter, a parameter before the rest of the path.
        var rank: Int {
            switch self {
            case .literal: 0
            case .parameter: 1
            case .rest: 2
            }
        }
    }

    private static let restMark = ":path}"

    /// The segments between the slashes of a path.
    static func segments(_ path: String) -> [Segment] {
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        return parts.enumerated().map { index, part in
            guard part.count > 2, part.first == "{", part.last == "}" else {
                return .literal(String(part))
            }
            if part.hasSuffix(restMark), part.count > restMark.count + 1, index == parts.count - 1 {
                return .rest(String(part.dropFirst().dropLast(restMark.count)))
            }
            return .parameter(String(part.dropFirst().dropLast()))
        }
    }

    /// The path with every name left out: two of the same shape take the same requests.
    static func shape(_ segments: [Segment]) -> String {
        segments.map { segment in
            switch segment {
            case .literal(let text): "/" + text
            case .parameter: "/{}"
            case .rest: "/{:path}"
            }
        }.joined()
    }
}
