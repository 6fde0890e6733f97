package import Documents
internal import Expressions
package import Workflows

/// One `gateway`: what makes a local port reachable from outside.
package struct GatewaySettings: Sendable {
    /// How the port is made reachable.
    package enum Kind: Sendable, Hashable {
        /// It is reachable already, under this address (`type: public`).
        case domain(url: String)
        /// Through a tunnel of a driver that this version cannot start yet.
        case tunnel(driver: String)
    }

    /// How.
    package let kind: Kind
    /// The local port.
    package let port: Int
    /// Where the port is written.
    package let position: SourcePosition
    /// The URL that a tunnel with a domain of its own is known by.
    package let publicURL: String?

    /// The word for the driver, as `${gateway:PORT.driver}` yields it.
    package var driver: String {
        switch kind {
        case .domain: "public"
        case .tunnel(let driver): driver
        }
    }

    /// Reads `gateway` or `gateways`; one with several ports becomes several.
    static func all(
        _ reader: inout SettingsReader,
        context: CompileContext
    ) -> [GatewaySettings] {
        var gateways: [GatewaySettings] = []
        let keys = [RootKeys.gateways, RootKeys.gateway].map(\.name)
        guard let (key, node) = reader.node(anyOf: keys) else { return [] }
        let nodes: [(Node, String)]
        if case .list(let items) = node.content {
            nodes = items.enumerated().map { ($1, "\(key)[\($0)]") }
        } else {
            nodes = [(node, key)]
        }
        for (node, path) in nodes {
            let one = reader.inner(node, keyPath: path)
            gateways += GatewayReader(one, context: context).read()
        }
        return gateways
    }

    /// What expressions read of the gateways: the first that names a port counts.
    package static func values(_ gateways: [GatewaySettings]) -> GatewayValues {
        GatewayValues(
            gateways.map { gateway in
                var url = gateway.publicURL
                if case .domain(let domain) = gateway.kind { url = domain }
                return GatewayValues.Gateway(
                    port: gateway.port,
                    publicURL: url,
                    publicAddress: url.map(address),
                    driver: gateway.driver
                )
            }
        )
    }

    /// The host and port of a URL without scheme and path.
    private static func address(_ url: String) -> String {
        var rest = Substring(url)
        if let colon = rest.firstIndex(of: ":"), rest[colon...].hasPrefix("://") {
            rest = rest[rest.index(colon, offsetBy: 3)...]
        }
        return String(rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" })
    }
}
