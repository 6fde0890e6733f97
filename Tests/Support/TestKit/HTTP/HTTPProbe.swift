/// Sends well-formed requests to a server of this machine, each on a connection of its own.
package struct HTTPProbe: Sendable {
    /// The server's port.
    package let port: Int
    /// The server's IPv4 address, or `localhost`.
    package let host: String

    /// A probe of the server on `host`:`port`.
    package init(port: Int, host: String = "127.0.0.1") {
        self.port = port
        self.host = host
    }

    /// Sends one request and reads its response.
    ///
    /// - Parameters:
    ///   - method: The method as it goes on the wire.
    ///   - target: Path and query as they go on the wire.
    ///   - headers: Further fields; Host, Content-Length and Connection are added unless they are among them.
    ///   - body: The body, or nil for none.
    ///   - deadline: When to give up.
    /// - Returns: The response.
    /// - Throws: ``KitError`` where nobody listens, none came in time, or what came is none.
    package func send(
        _ method: String,
        _ target: String,
        headers: [(String, String)] = [],
        body: [UInt8]? = nil,
        deadline: Deadline = .standard
    ) throws(KitError) -> HTTPReply {
        let connection = try RawConnection(port: port, host: host, deadline: deadline)
        let message = message(method, target, headers: headers, body: body)
        try connection.send(message, deadline: deadline)
        return try connection.readReply(isHead: method == "HEAD", deadline: deadline)
    }

    /// Sends a GET request.
    package func get(
        _ target: String,
        headers: [(String, String)] = [],
        deadline: Deadline = .standard
    ) throws(KitError) -> HTTPReply {
        try send("GET", target, headers: headers, deadline: deadline)
    }

    /// Sends a POST request with a JSON body, given as text.
    package func post(
        _ target: String,
        json: String,
        headers: [(String, String)] = [],
        deadline: Deadline = .standard
    ) throws(KitError) -> HTTPReply {
        try send(
            "POST",
            target,
            headers: [("Content-Type", "application/json")] + headers,
            body: Array(json.utf8),
            deadline: deadline
        )
    }

    /// Sends a POST request with a JSON body to a whole URL, as a service does that calls back.
    ///
    /// - Throws: ``KitError/malformed(_:)`` for anything but `http://IPV4[:PORT]/…`.
    package static func post(
        url: String,
        json: String,
        deadline: Deadline = .standard
    ) throws(KitError) -> HTTPReply {
        let scheme = "http://"
        guard url.hasPrefix(scheme) else { throw .malformed("URL \(url)") }
        let rest = url.dropFirst(scheme.count)
        let authority = rest.prefix { $0 != "/" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, let port = parts.count == 1 ? 80 : Int(parts[1]) else {
            throw .malformed("URL \(url)")
        }
        let target = rest.dropFirst(authority.count)
        return try HTTPProbe(port: port, host: String(host))
            .post(target.isEmpty ? "/" : String(target), json: json, deadline: deadline)
    }

    private func message(
        _ method: String,
        _ target: String,
        headers: [(String, String)],
        body: [UInt8]?
    ) -> [UInt8] {
        let given = Set(headers.map { $0.0.lowercased() })
        var text = "\(method) \(target) HTTP/1.1\r\n"
        if !given.contains("host") { text += "Host: \(host):\(port)\r\n" }
        if !given.contains("connection") { text += "Connection: close\r\n" }
        if let body, given.isDisjoint(with: ["content-length", "transfer-encoding"]) {
            text += "Content-Length: \(body.count)\r\n"
        }
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        return Array((text + "\r\n").utf8) + (body ?? [])
    }
}
