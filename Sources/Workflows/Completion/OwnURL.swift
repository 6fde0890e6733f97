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
        values(for: endpoint, gateways) != nil
    }

    /// What its path has for the parameters of an endpoint's; nil where it does not name the endpoint.
    func values(for endpoint: OwnEndpoint, _ gateways: GatewayValues) -> [OwnPath.Value]? {
        prefixes(of: endpoint, gateways).lazy
            .compactMap { OwnPath.values(path, $0 + endpoint.path) }.first
    }

    /// The same with the percent escapes of its path taken off.
    var decoded: OwnURL {
        OwnURL(origin: origin, path: PercentText.decoded(path), query: query, range: range)
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

    /// What a path has for a parameter.
    struct Value {
        /// The parameter's name.
        let name: String
        /// Its text, not decoded.
        let text: String
        /// How many segments it takes: 1 for `{name}`, any number for `{name:path}`.
        let segmentsCount: Int
    }

    /// What a path of a text has for the parameters of an endpoint's path; nil where it is another path.
    ///
    /// `{name}` stands for one segment, `{name:path}` for the rest. What follows the path in a sentence (`…/done.`,
    /// `(…/done)`) does not belong to it.
    static func values(_ path: String, _ pattern: String) -> [Value]? {
        let written = path.split(separator: "/", omittingEmptySubsequences: false)
        let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let takesRest = wanted.last.map { $0.hasPrefix("{") && $0.hasSuffix(":path}") } ?? false
        guard takesRest ? written.count >= wanted.count : written.count == wanted.count else {
            return nil
        }
        var values: [Value] = []
        for (index, want) in wanted.enumerated() {
            let isLast = index == wanted.count - 1
            if isLast, takesRest {
                let name = String(want.dropFirst().dropLast(6))
                let rest = written[index...]
                let text = rest.joined(separator: "/")
                values.append(Value(name: name, text: text, segmentsCount: rest.count))
            } else if want.count > 2, want.first == "{", want.last == "}" {
                guard !written[index].isEmpty else { return nil }
                let name = String(want.dropFirst().dropLast())
                let text = String(written[index])
                values.append(Value(name: name, text: text, segmentsCount: 1))
            } else if written[index] != want {
                guard isLast, written[index].hasPrefix(want),
                    ends(written[index].dropFirst(want.count))
                else { return nil }
            }
        }
        return values
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
