/// What `${gateway:PORT.…}` yields, by the local port a gateway leads to.
///
/// At load it says which ports some gateway serves; a value that is only known later (the URL of a tunnel) is nil then.
package struct GatewayValues: Sendable {
    /// The values of one gateway.
    package struct Gateway: Sendable, Hashable {
        /// The local port it leads to.
        package let port: Int
        /// `.public_url`: `https://hooks.example.com`, without a slash at its end; nil while it is not known.
        package let publicURL: String?
        /// `.public_address`: `host:port`; nil where there is none.
        package let publicAddress: String?
        /// `.driver`: `public`, `ngrok`, `cloudflare`, `ssh`.
        package let driver: String

        /// Describes one gateway.
        package init(port: Int, publicURL: String?, publicAddress: String?, driver: String) {
            self.port = port
            self.publicURL = publicURL
            self.publicAddress = publicAddress
            self.driver = driver
        }
    }

    /// The gateways; of several on one port the first counts.
    package let gateways: [Gateway]

    /// Takes the gateways of a configuration in the order they are written.
    package init(_ gateways: [Gateway] = []) {
        self.gateways = gateways
    }

    /// The gateway that leads to a local port; nil where there is none.
    package subscript(port: Int) -> Gateway? {
        gateways.first { $0.port == port }
    }
}
