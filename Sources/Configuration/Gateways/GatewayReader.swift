internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

/// Reads one gateway's block: the public domain, and the tunnels that load and check but cannot be started yet.
struct GatewayReader {
    private var reader: SettingsReader
    private let context: CompileContext

    /// Begins to read a block.
    init(_ reader: SettingsReader, context: CompileContext) {
        self.reader = reader
        self.context = context
    }

    /// The gateways of the block, one for each port.
    consuming func read() -> [GatewaySettings] {
        reader.accept(GatewayKeys.common)
        guard let type = reader.read(GatewayKeys.type) else {
            if !reader.has(GatewayKeys.type) {
                reader.missing(
                    GatewayKeys.type.name,
                    expected: "`public`, `http-tunnel` or `ssh-tunnel`"
                )
            }
            return []
        }
        reader.accept(type.map)
        reader.runtime()
        let kind: GatewaySettings.Kind? =
            switch type {
            case .domain: domain()
            case .httpTunnel: httpTunnel()
            case .sshTunnel: sshTunnel()
            }
        let publicURL = publicURL()
        let ports = ports(takesForms: type == .sshTunnel)
        reader.finish()
        guard let kind else { return [] }
        return ports.map {
            GatewaySettings(kind: kind, port: $0.port, position: $0.position, publicURL: publicURL)
        }
    }

    /// The URL that a tunnel is known by; nil where it is missing or wrong.
    private mutating func publicURL() -> String? {
        if let node = reader.node(GatewayKeys.publicURL), node.scalarText == nil {
            reader.mismatch(node, key: GatewayKeys.publicURL.name, expected: "a URL")
            return nil
        }
        return text(GatewayKeys.publicURL)
    }

    private mutating func domain() -> GatewaySettings.Kind? {
        guard let url = text(GatewayKeys.url) else {
            if !reader.has(GatewayKeys.url) {
                reader.missing(
                    GatewayKeys.url.name,
                    expected: "the public address, such as https://hooks.example.com"
                )
            }
            return nil
        }
        guard url.hasPrefix("https://") || url.hasPrefix("http://") else {
            if let node = reader.node(GatewayKeys.url) {
                reader.mismatch(
                    node,
                    key: GatewayKeys.url.name,
                    expected: "a URL with http:// or https://"
                )
            }
            return nil
        }
        var trimmed = url
        while trimmed.hasSuffix("/") { trimmed.removeLast() }
        return .domain(url: trimmed)
    }

    private mutating func httpTunnel() -> GatewaySettings.Kind? {
        if !reader.has(GatewayKeys.driver) {
            reader.missing(GatewayKeys.driver.name, expected: "`ngrok` or `cloudflare`")
        }
        let driver = reader.read(GatewayKeys.driver)
        if driver == .cloudflare { checkCloudflare() }
        return driver.map { .tunnel(driver: $0.rawValue) }
    }

    /// A tunnel of an account is known by its token, or by its name and the file with its credentials.
    private func checkCloudflare() {
        if reader.has(GatewayKeys.tunnel), reader.has(GatewayKeys.token) {
            contradict(
                GatewayKeys.tunnel,
                "`token` names a tunnel already, expected `token` or `tunnel`"
            )
        } else if reader.has(GatewayKeys.tunnel), !reader.has(GatewayKeys.credentials) {
            reader.missing(
                GatewayKeys.credentials.name,
                expected: "the file with the credentials of the tunnel that `tunnel` names"
            )
        }
        if reader.has(GatewayKeys.credentials), !reader.has(GatewayKeys.tunnel) {
            contradict(
                GatewayKeys.credentials,
                "`credentials_file` belongs to a named tunnel, expected `tunnel` beside it"
            )
        }
        if reader.has(GatewayKeys.hostname), !reader.has(GatewayKeys.tunnel),
            !reader.has(GatewayKeys.token)
        {
            contradict(
                GatewayKeys.hostname,
                "only a named tunnel has a host name of its own, expected `tunnel` or "
                    + "`token` beside it"
            )
        }
    }

    private func contradict(_ key: SettingKey<Node?>, _ message: String) {
        let place = reader.entries.first { $0.key == key.name }?.value.position
        reader.error(message, at: place ?? reader.position, key: key.name)
    }

    private mutating func sshTunnel() -> GatewaySettings.Kind? {
        guard var connection = reader.map(GatewayKeys.connection) else {
            reader.missing(
                GatewayKeys.connection.name,
                expected: "a map with host, port and auth"
            )
            return nil
        }
        connection.accept(GatewayKeys.ConnectionKeys.map)
        _ = connection.requiredString(
            GatewayKeys.ConnectionKeys.host.name,
            expected: "the host of the SSH server"
        )
        if var auth = connection.map(GatewayKeys.ConnectionKeys.auth) {
            let map = GatewayKeys.AuthKeys.map
            auth.accept(map)
            for key in map.names {
                if let node = auth.node(key) { render(node, key: auth.path(key)) }
            }
            auth.finish()
        }
        connection.finish()
        return .tunnel(driver: "ssh")
    }

    private mutating func ports(takesForms: Bool) -> [(port: Int, position: SourcePosition)] {
        guard let nodes = reader.settings(GatewayKeys.port.name) else {
            return [(GatewayKeys.portDefault, reader.position)]
        }
        return nodes.compactMap { node in
            let port = node.scalarText.flatMap { Int($0) }
            if let port, (1...65_535).contains(port) {
                if takesForms {
                    reader.diagnostics.assumed(
                        "the remote port is taken to be \(port) too",
                        at: node.position,
                        keyPath: reader.path(GatewayKeys.port.name)
                    )
                }
                return (port, node.position)
            }
            if takesForms, case .text(let text) = node.content, let port = Self.localPort(text) {
                return (port, node.position)
            }
            reader.mismatch(node, key: GatewayKeys.port.name, expected: "a port from 1 to 65535")
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
    private mutating func text(_ key: SettingKey<Node?>) -> String? {
        guard let node = reader.node(key) else { return nil }
        return render(node, key: reader.path(key.name))
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
