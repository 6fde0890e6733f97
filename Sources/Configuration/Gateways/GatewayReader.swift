internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// Reads one gateway's block: the public domain, and the tunnels that load and check but cannot be started yet.
struct GatewayReader {
    private var reader: SettingsReader
    private let context: CompileContext

    private static let portDefault = 8090

    /// Begins to read a block.
    init(_ reader: SettingsReader, context: CompileContext) {
        self.reader = reader
        self.context = context
    }

    /// The gateways of the block, one for each port.
    consuming func read() -> [GatewaySettings] {
        guard let type = reader.oneOf("type", ["public", "http-tunnel", "ssh-tunnel"]) else {
            if !reader.has("type") {
                reader.missing("type", expected: "`public`, `http-tunnel` or `ssh-tunnel`")
            }
            return []
        }
        reader.runtime()
        let kind: GatewaySettings.Kind?
        switch type {
        case "public": kind = domain()
        case "http-tunnel": kind = httpTunnel()
        default: kind = sshTunnel()
        }
        let publicURL = text("public_url")
        let ports = ports(takesForms: type == "ssh-tunnel")
        reader.finish()
        guard let kind else { return [] }
        return ports.map {
            GatewaySettings(kind: kind, port: $0.port, position: $0.position, publicURL: publicURL)
        }
    }

    private mutating func domain() -> GatewaySettings.Kind? {
        guard let url = text("url") else {
            if !reader.has("url") {
                reader.missing(
                    "url",
                    expected: "the public address, such as https://hooks.example.com"
                )
            }
            return nil
        }
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            if let node = reader.node("url") {
                reader.mismatch(node, key: "url", expected: "a URL with http:// or https://")
            }
            return nil
        }
        var trimmed = url
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        return .domain(url: trimmed)
    }

    private mutating func httpTunnel() -> GatewaySettings.Kind? {
        reader.note("token", "tunnel", "credentials_file", "hostname")
        if !reader.has("driver") {
            reader.missing("driver", expected: "`ngrok` or `cloudflare`")
        }
        let driver = reader.oneOf("driver", ["ngrok", "cloudflare"])
        if driver == "cloudflare" { checkCloudflare() }
        return driver.map { .tunnel(driver: $0) }
    }

    /// A tunnel of an account is known by its token, or by its name and the file with its credentials.
    private func checkCloudflare() {
        if reader.has("tunnel"), reader.has("token") {
            contradict("tunnel", "`token` names a tunnel already, expected `token` or `tunnel`")
        } else if reader.has("tunnel"), !reader.has("credentials_file") {
            reader.missing(
                "credentials_file",
                expected: "the file with the credentials of the tunnel that `tunnel` names"
            )
        }
        if reader.has("credentials_file"), !reader.has("tunnel") {
            contradict(
                "credentials_file",
                "`credentials_file` belongs to a named tunnel, expected `tunnel` beside it"
            )
        }
        if reader.has("hostname"), !reader.has("tunnel"), !reader.has("token") {
            contradict(
                "hostname",
                "only a named tunnel has a host name of its own, expected `tunnel` or `token` beside it"
            )
        }
    }

    private func contradict(_ key: String, _ message: String) {
        let place = reader.entries.first { $0.key == key }?.value.position ?? reader.position
        reader.error(message, at: place, key: key)
    }

    private mutating func sshTunnel() -> GatewaySettings.Kind? {
        guard var connection = reader.map("connection") else {
            reader.missing("connection", expected: "a map with host, port and auth")
            return nil
        }
        _ = connection.requiredString("host", expected: "the host of the SSH server")
        connection.note(
            "port",
            "keepalive_interval",
            "watch_interval",
            "retry_interval",
            "max_retry_count"
        )
        if var auth = connection.map("auth") {
            auth.note("type", "username", "keyfile", "password")
            for key in ["username", "keyfile", "password", "type"] {
                if let node = auth.node(key) { render(node, key: auth.path(key)) }
            }
            auth.finish()
        }
        connection.finish()
        return .tunnel(driver: "ssh")
    }

    private mutating func ports(takesForms: Bool) -> [(port: Int, position: SourcePosition)] {
        guard let nodes = reader.settings("port") else {
            return [(Self.portDefault, reader.position)]
        }
        return nodes.compactMap { node in
            let port = node.scalarText.flatMap { Int($0) }
            if let port, (1...65_535).contains(port) {
                if takesForms {
                    reader.diagnostics.assumed(
                        "the remote port is taken to be \(port) too",
                        at: node.position,
                        keyPath: reader.path("port")
                    )
                }
                return (port, node.position)
            }
            if takesForms, case .text(let text) = node.content, let port = Self.localPort(text) {
                return (port, node.position)
            }
            reader.mismatch(node, key: "port", expected: "a port from 1 to 65535")
            return nil
        }
    }

    /// The local port of `REMOTE:LOCAL`, `PORT:HOST` and `REMOTE:HOST:LOCAL`.
    private static func localPort(_ text: String) -> Int? {
        let parts = text.split(separator: ":").map(String.init)
        guard parts.count == 2 || parts.count == 3 else { return nil }
        let local = Int(parts[parts.count - 1]) ?? Int(parts[0])
        return local.flatMap { (1...65_535).contains($0) ? $0 : nil }
    }

    /// A text with `${env.…}` put in; nil where it is missing or wrong.
    private mutating func text(_ key: String) -> String? {
        guard let node = reader.node(key) else { return nil }
        return render(node, key: reader.path(key))
    }

    @discardableResult
    private func render(_ node: Node, key: String) -> String? {
        var place = context
        place.sources = .atLoad
        place.keyPath = key
        let template = Template.compile(node, context: place, diagnostics: reader.diagnostics)
        return template?.constant.map(TextForm.text)
    }
}
