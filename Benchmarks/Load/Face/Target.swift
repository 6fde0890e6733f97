import Loops

/// A URL as the load generator needs it: plain HTTP, a host, a port, a path.
struct Target: Sendable {
    /// The host without brackets.
    let host: String
    /// The port.
    let port: UInt16
    /// The path with its query; begins with a slash.
    let path: String

    /// Reads `http://HOST[:PORT][/PATH]`.
    ///
    /// - Throws: ``Mistake`` for anything else.
    init(_ text: String, of option: String) throws(Mistake) {
        let scheme = "http://"
        guard text.hasPrefix(scheme) else {
            throw Mistake("\(option) is \(text), and must begin with \(scheme)")
        }
        let rest = text.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let path = rest.dropFirst(authority.count)
        self.path = path.hasPrefix("/") ? String(path) : "/" + path
        let colon = authority.lastIndex(of: ":")
        if let colon, !authority.hasSuffix("]") {
            guard let port = UInt16(authority[authority.index(after: colon)...]), port > 0 else {
                throw Mistake("\(option) is \(text): the port is not a number from 1 to 65535")
            }
            self.port = port
            host = Self.bare(authority[..<colon])
        } else {
            port = 80
            host = Self.bare(authority[...])
        }
        if host.isEmpty { throw Mistake("\(option) is \(text): it names no host") }
    }

    /// The same server with another path.
    init(_ server: Target, path: String) {
        host = server.host
        port = server.port
        self.path = path
    }

    /// Host and port as they stand in a URL.
    var authority: String { ListenAddress(host: host, port: port).text }

    /// The whole URL without a slash at its end.
    var url: String { "http://\(authority)\(path == "/" ? "" : path)" }

    /// Whether it is this machine itself.
    var isLoopback: Bool {
        host == "localhost" || host == "::1"
            || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
    }

    private static func bare(_ host: Substring) -> String {
        host.hasPrefix("[") && host.hasSuffix("]")
            ? String(host.dropFirst().dropLast()) : String(host)
    }
}
