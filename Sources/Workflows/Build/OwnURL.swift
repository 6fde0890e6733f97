internal import Expressions

/// The beginning of a string that may be one of our own URLs.
struct OwnURL {
    /// Through a gateway, or by a literal origin.
    let origin: OwnEndpoint.Origin
    /// The path without query and fragment; of a literal the whole text up to there.
    let path: String
    /// Whether nothing that comes from a run stands in the path.
    let isPathKnown: Bool

    /// Reads the leading pieces of a string; nil where they are no URL.
    init?(_ text: URLText, _ gateways: GatewayValues) {
        var pieces = text.pieces[...]
        if case .literal(let scheme)? = pieces.first,
            ["http://", "https://"].contains(scheme.lowercased()),
            case .gateway(let port, "public_address")? = pieces.dropFirst().first
        {
            guard let port = port ?? gateways.gateways.first?.port else { return nil }
            origin = .gateway(port: port)
            pieces = pieces.dropFirst(2)
        } else if case .gateway(let port, "public_url")? = pieces.first {
            guard let port = port ?? gateways.gateways.first?.port else { return nil }
            origin = .gateway(port: port)
            pieces = pieces.dropFirst()
        } else {
            origin = .url("")
        }
        var rest = ""
        for piece in pieces {
            switch piece {
            case .literal(let literal): rest += literal
            case .gateway(let port, "port"):
                rest += String(port ?? gateways.gateways.first?.port ?? 0)
            case .gateway: return nil
            }
        }
        if origin == .url("") {
            let lower = rest.lowercased()
            guard lower.hasPrefix("http://") || lower.hasPrefix("https://") else { return nil }
        }
        let end = rest.firstIndex { $0 == "?" || $0 == "#" }
        path = String(rest[..<(end ?? rest.endIndex)])
        isPathKnown = text.isWhole || end != nil
    }

    /// How messages name where it leads: the port, or the literal's host and port.
    var place: String {
        switch origin {
        case .gateway(let port): String(port)
        case .url: URLOrigin(path).map { String($0.port) } ?? path
        }
    }

    /// Whether it names an endpoint.
    func leads(to endpoint: OwnEndpoint, _ gateways: GatewayValues) -> Bool {
        guard isPathKnown else { return false }
        if case .gateway = origin {
            return endpoint.origins.contains(origin) && path == endpoint.path
        }
        guard let mine = URLOrigin(path) else { return false }
        return endpoint.origins.contains { candidate in
            let base: String? =
                switch candidate {
                case .url(let url): url
                case .gateway(let port): gateways[port]?.publicURL
                }
            guard let base, let theirs = URLOrigin(base) else { return false }
            return mine.isSame(as: theirs) && mine.path == theirs.path + endpoint.path
        }
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
        let authority = authorityAndPath[..<slash].lowercased()
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
