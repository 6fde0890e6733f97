internal import HTTPWire

/// The paths of a site that hold secrets, and how they are shown without them.
///
/// A path that no route takes may be one of them with a slip in it, and then holds the secret all the same: what counts are the
/// segments before the secret alone.
struct SecretPaths: Sendable {
    /// What stands before a secret, and the secret's segment.
    private struct Place: Sendable {
        let before: [RoutePath.Segment]
        let segment: Int
    }

    private let places: [Place]

    /// Finds them among a site's routes.
    init(_ site: Site) {
        places = site.routes.flatMap { route -> [Place] in
            let segments = RoutePath.segments(site.basePath + route.path)
            return route.secretSegments.filter { $0 < segments.count }.map {
                Place(before: Array(segments.prefix($0)), segment: $0)
            }
        }
    }

    /// Whether there are none.
    var isEmpty: Bool { places.isEmpty }

    /// A target or a path as it was sent, each secret segment of it replaced by what `hide` makes of it.
    func hidden(_ target: String, _ hide: ([UInt8]) -> String) -> String {
        if places.isEmpty { return target }
        let path = PathText.path(ofTarget: target)
        let secrets = Set(places.filter { begins(path, $0.before) }.map(\.segment))
        if secrets.isEmpty { return target }
        let (head, query) = Self.cut(target)
        // An absolute target begins with scheme and host, which are not segments of the path.
        let origin = head.utf8.count - path.count
        let start = head.utf8.index(head.startIndex, offsetBy: max(0, origin))
        let parts = head[start...].dropFirst().split(
            separator: "/",
            omittingEmptySubsequences: false
        )
        let shown = parts.enumerated().map { index, part in
            secrets.contains(index) && !part.isEmpty ? hide(Array(part.utf8)) : String(part)
        }
        return head[..<start] + "/" + shown.joined(separator: "/") + query
    }

    private static func cut(_ target: String) -> (head: Substring, query: Substring) {
        guard let mark = target.firstIndex(of: "?") else { return (target[...], "") }
        return (target[..<mark], target[mark...])
    }

    private func begins(_ path: [UInt8], _ segments: [RoutePath.Segment]) -> Bool {
        for (index, segment) in segments.enumerated() {
            guard let sent = PathText.segment(path.span, index) else { return false }
            if case .literal(let text) = segment, text != sent { return false }
        }
        return true
    }
}
