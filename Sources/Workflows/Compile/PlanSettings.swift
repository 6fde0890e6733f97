/// The knowledge the compiler needs beside the document.
package struct PlanSettings {
    /// The variables that `${env.…}` reads.
    package var environment: [String: String]
    /// The secrets that `${secret.…}` reads.
    package var secrets: [String: String]
    /// The callback endpoints of this server.
    package var endpoints: [OwnEndpoint]
    /// The gateways of the configuration; URLs that are not known at load are nil.
    package var gateways: GatewayValues
    /// The numbers of the channels that `completion.channel` and wait steps may name.
    package var channels: [String: UInt32]
    /// The time zones that delays may name.
    package var zones: ZoneSource
    /// How many bytes of values one run may hold.
    package var stateBytesMax: Int
    /// Whether what is absent or incomplete is only noted (`check --fragment`).
    package var isFragment: Bool

    /// The component types there are.
    package var components: ComponentTable

    /// Brings the parts together.
    package init(
        environment: [String: String],
        secrets: [String: String] = [:],
        endpoints: [OwnEndpoint],
        gateways: GatewayValues,
        channels: [String: UInt32] = [:],
        zones: ZoneSource = .none,
        stateBytesMax: Int = 4 << 20,
        isFragment: Bool = false,
        components: ComponentTable = .standard
    ) {
        self.environment = environment
        self.secrets = secrets
        self.endpoints = endpoints
        self.gateways = gateways
        self.channels = channels
        self.zones = zones
        self.stateBytesMax = stateBytesMax
        self.isFragment = isFragment
        self.components = components
    }
}
