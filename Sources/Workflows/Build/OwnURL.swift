/// A URL found in a text, which may be one of our own.
struct OwnURL {
    /// Through a gateway, or by a literal origin.
    let origin: OwnEndpoint.Origin
    /// The path, without query and fragment; what only a run tells is one private character in it.
    let path: String
    /// The query without its `?`; empty for none.
    let query: String
    /// Which characters of the text it takes.
    let range: Range<Int>

    /// How messages name where it leads: the port, or the literal's host and port.
    var place: String {
        switch origin {
        case .gateway(let port): String(port)
        case .url(let url): URLOrigin(url).map { String($0.port) } ?? url
        }
    }

    /// Whether all of the path is known at load.
    var isPathKnown: Bool { !path.unicodeScalars.contains(ScannedText.unknown) }

    /// Whether it names an endpoint.
    func leads(to endpoint: OwnEndpoint, _ gateways: GatewayValues) -> Bool {
        prefix(to: endpoint, gateways) != nil
    }

    /// What its path has before that of the endpoint it names; nil where it names another one.
    func prefix(to endpoint: OwnEndpoint, _ gateways: GatewayValues) -> String? {
        prefixes(of: endpoint, gateways).first { OwnPath.matches(path, $0 + endpoint.path) }
    }

    /// Whether it leads to the server of an endpoint, whatever its path is.
    func reaches(_ endpoint: OwnEndpoint, _ gateways: GatewayValues) -> Bool {
        prefixes(of: endpoint, gateways).contains { path.hasPrefix($0) }
    }

    /// The paths that stand before the endpoint's own, for each way to it that has this origin.
    private func prefixes(of endpoint: OwnEndpoint, _ gateways: GatewayValues) -> [String] {
        if case .gateway = origin { return endpoint.origins.contains(origin) ? [""] : [] }
        guard case .url(let written) = origin, let mine = URLOrigin(written) else { return [] }
        return endpoint.origins.compactMap { candidate in
            let base: String? =
                switch candidate {
                case .url(let url): url
                case .gateway(let port): gateways[port]?.publicURL
                }
            guard let base, let theirs = URLOrigin(base), mine.isSame(as: theirs) else {
                return nil
            }
            return theirs.path
        }
    }
}

/// How the path of a URL in a text is compared with that of an endpoint.
enum OwnPath {
    /// Marks that end a sentence or a list in a text, and that a path hardly ends with.
    private static let closing: Set<Character> = [")", "]", "'", ",", ";"]
    private static let punctuation: Set<Character> = [".", ":", "!", "*", "_"]

    /// Whether a path of a text is that of an endpoint; a segment `{name}` of the endpoint stands for any text, and
    /// `{name:path}` for all segments that are left.
    ///
    /// What follows the path in a sentence (`…/done.`, `(…/done)`) does not belong to it.
    static func matches(_ path: String, _ pattern: String) -> Bool {
        let written = path.split(separator: "/", omittingEmptySubsequences: false)
        let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let takesRest = wanted.last.map { parameter($0)?.takesRest ?? false } ?? false
        guard written.count == wanted.count || takesRest && written.count > wanted.count else {
            return false
        }
        return zip(written, wanted).enumerated().allSatisfy { index, pair in
            let (segment, want) = pair
            if let parameter = parameter(want) { return parameter.takesRest || !segment.isEmpty }
            if segment == want { return true }
            guard index == wanted.count - 1, segment.hasPrefix(want) else { return false }
            return ends(segment.dropFirst(want.count))
        }
    }

    /// What the path of a text has for each parameter of a pattern that it matches, decoded, in their order.
    static func values(
        _ path: Substring,
        _ pattern: String
    ) -> [(name: String, value: String)] {
        let written = path.split(separator: "/", omittingEmptySubsequences: false)
        let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
        return zip(wanted, written.indices).compactMap { want, index in
            guard let parameter = parameter(want) else { return nil }
            let text =
                parameter.takesRest
                ? written[index...].joined(separator: "/") : String(written[index])
            return (parameter.name, PercentText.decoded(text))
        }
    }

    /// The parameter that a segment of a pattern is; nil for text.
    private static func parameter(_ segment: Substring) -> (name: String, takesRest: Bool)? {
        guard segment.count > 2, segment.first == "{", segment.last == "}" else { return nil }
        let inner = segment.dropFirst().dropLast()
        let rest = ":path"
        guard inner.hasSuffix(rest) else { return (String(inner), false) }
        return (String(inner.dropLast(rest.count)), true)
    }

    private static func ends(_ rest: Substring) -> Bool {
        guard let first = rest.first else { return true }
        return closing.contains(first)
            || rest.allSatisfy { closing.contains($0) || punctuation.contains($0) }
    }
}

/// The scheme, host, port and path of a literal URL.
struct URLOrigin {
    let scheme: String
    let host: String
    let port: Int
    /// The path without a slash at its end.
    let path: String

    /// Reads `http://host:port/path`; nil for anything else.
    init?(_ url: String) {
        guard let separator = url.firstIndex(of: ":") else { return nil }
        scheme = url[..<separator].lowercased()
        let rest = url[separator...]
        guard rest.hasPrefix("://"), scheme == "http" || scheme == "https" else { return nil }
        let authorityAndPath = rest.dropFirst(3)
        let slash = authorityAndPath.firstIndex(of: "/") ?? authorityAndPath.endIndex
        var authority = authorityAndPath[..<slash].lowercased()
        if let sign = authority.lastIndex(of: "@") {
            authority = String(authority[authority.index(after: sign)...])
        }
        path = String(authorityAndPath[slash...])
        let defaultPort = scheme == "https" ? 443 : 80
        if let colon = authority.lastIndex(of: ":"), !authority[colon...].contains("]") {
            host = String(authority[..<colon])
            guard let number = Int(authority[authority.index(after: colon)...]) else { return nil }
            port = number
        } else {
            host = authority
            port = defaultPort
        }
        guard !host.isEmpty else { return nil }
    }

    /// Whether two URLs lead to the same server.
    func isSame(as other: URLOrigin) -> Bool {
        scheme == other.scheme && host == other.host && port == other.port
    }
}
