internal import HTTPWire
internal import Loops

/// The sites of one address, told apart by a request's host and path (RFC 9110, 7.4).
///
/// Of the sites that take a request's host those that name it come first, then those with a wildcard for it, the longest first,
/// then those that name no host and take every one. Among equals the longest base path comes first. The first that serves the
/// request gets it; where none does, the first that has the path for other methods; where none has, the first whose base path
/// fits.
///
/// Built at start; on any thread.
final class SiteTable: Sendable {
    /// Which site a request is for, and what its routes say.
    struct Choice: Sendable {
        /// The site's index among the server's.
        var site: Int
        /// What its path and method come to there.
        var match: RouteTable.Match
    }

    /// A site in its place.
    private struct Entry: Sendable {
        let index: Int
        let shared: SiteShared
        /// The segments of its base path.
        let base: [String]
    }

    /// Where they are reached.
    let address: ListenAddress
    /// The sites' indices among the server's, in their order.
    let indices: [Int]
    /// The site whose bounds a connection keeps, and that answers before a request is known: the first that takes every host, or
    /// the first.
    let home: Int
    /// Whether every request is for one site, so that nothing has to be looked up.
    let isSingle: Bool
    private let exact: [String: [Entry]]
    /// By the names that the hosts end with, the longest first.
    private let wildcards: [(pattern: HostPattern, entries: [Entry])]
    private let open: [Entry]

    /// Builds the table of the sites of one address; there is one at least.
    ///
    /// - Throws: ``RouteError/shared(path:first:second:)`` where two take the same method of the same host and path.
    init(
        _ address: ListenAddress,
        _ indices: [Int],
        among sites: [SiteShared]
    ) throws(RouteError) {
        let entries = indices.map { index in
            Entry(index: index, shared: sites[index], base: Self.segments(sites[index]))
        }.sorted { $0.base.count > $1.base.count }
        var exact: [String: [Entry]] = [:]
        var wildcards: [HostPattern: [Entry]] = [:]
        for entry in entries {
            for host in Set(entry.shared.site.hosts) {
                if host.isWildcard {
                    wildcards[host, default: []].append(entry)
                } else {
                    exact[host.name, default: []].append(entry)
                }
            }
        }
        open = entries.filter(\.shared.site.hosts.isEmpty)
        for level in Array(exact.values) + Array(wildcards.values) + [open] {
            try Self.checkApart(level)
        }
        self.address = address
        self.indices = indices
        self.exact = exact
        self.wildcards = wildcards.map { (pattern: $0.key, entries: $0.value) }
            .sorted { $0.pattern.name.utf8.count > $1.pattern.name.utf8.count }
        home = indices.first { sites[$0].site.hosts.isEmpty } ?? indices.first ?? 0
        isSingle = entries.count == 1 && open.count == 1
    }

    /// Finds the site that a request is for, by its host, its path and its method; nil where no site takes the host.
    func choose(_ head: borrowing Head) -> Choice? {
        let host = head.withAuthority { AuthorityHost.normalized($0) }
        var levels: [[Entry]] = []
        if let named = exact[host] { levels.append(named) }
        for wildcard in wildcards where wildcard.pattern.matches(host) {
            levels.append(wildcard.entries)
        }
        if !open.isEmpty { levels.append(open) }
        var other: Choice?
        var owner: Int?
        for level in levels {
            for entry in level {
                let match = entry.shared.routes.match(head)
                switch match {
                case .found: return Choice(site: entry.index, match: match)
                case .missing: continue
                case .options, .notAllowed, .probe:
                    other = Self.joined(other, Choice(site: entry.index, match: match))
                }
            }
            if owner == nil { owner = Self.owner(level, head) }
        }
        return other ?? owner.map { Choice(site: $0, match: .missing) }
    }

    /// The first choice, with the methods that the second allows besides.
    private static func joined(_ first: Choice?, _ second: Choice) -> Choice {
        guard var first else { return second }
        switch (first.match, second.match) {
        case (.options(let some), .options(let more)): first.match = .options(some.union(more))
        case (.notAllowed(let some), .notAllowed(let more)):
            first.match = .notAllowed(some.union(more))
        default: break
        }
        return first
    }

    /// The site with the longest base path that a path begins with; the last where none fits.
    private static func owner(_ level: [Entry], _ head: borrowing Head) -> Int? {
        for entry in level {
            var isBase = true
            for (place, segment) in entry.base.enumerated() where isBase {
                isBase = head.pathSegment(place) == segment
            }
            if isBase { return entry.index }
        }
        return level.last?.index
    }

    private static func segments(_ site: SiteShared) -> [String] {
        let path = site.site.basePath
        return path.isEmpty ? [] : RoutePath.segments(path).compactMap(\.literal)
    }

    /// Makes sure that no two sites take the same requests.
    private static func checkApart(_ level: [Entry]) throws(RouteError) {
        for (place, one) in level.enumerated() {
            for other in level[(place + 1)...] {
                for mine in one.shared.shapes {
                    for theirs in other.shared.shapes
                    where mine.shape == theirs.shape
                        && !mine.methods.isDisjoint(with: theirs.methods)
                    {
                        throw .shared(
                            path: mine.path,
                            first: one.shared.site.name,
                            second: other.shared.site.name
                        )
                    }
                }
            }
        }
    }
}
