internal import Documents

/// The keys of a gateway's block.
enum GatewayKeys {
    /// How a port is made reachable, as `type` says it.
    enum Kind: String, CaseIterable {
        case domain = "public"
        case httpTunnel = "http-tunnel"
        case sshTunnel = "ssh-tunnel"

        /// The keys that a gateway of the kind has.
        var map: SettingMap {
            switch self {
            case .domain: domainMap
            case .httpTunnel: httpTunnelMap
            case .sshTunnel: sshTunnelMap
            }
        }
    }

    /// What opens a tunnel over HTTP.
    enum Driver: String, CaseIterable {
        case ngrok, cloudflare
    }

    /// The port without `port`.
    static let portDefault = 8090

    static let type = SettingKey<Kind?>.word(
        "type",
        as: Kind.self,
        "how the port becomes reachable; public: a public domain that reaches it through "
            + "a proxy of yours"
    ).required.example("public")
    static let url = SettingKey<Node?>.node("url", .text, "what the port is called outside")
        .required.example("https://hooks.example.com")
    static let port = SettingKey<Node?>.node("port", .some(.scalar), "the local port, or several")
        .defaulting(to: "\(portDefault)")
    static let publicURL = SettingKey<Node?>.node(
        "public_url",
        .text,
        "what the port is called outside, for tunnels"
    )
    static let driver = SettingKey<Driver?>.word(
        "driver",
        as: Driver.self,
        "which tunnel (http-tunnel)"
    ).required
    static let token = SettingKey<Node?>.node("token", .scalar, "the tunnel's token")
    static let tunnel = SettingKey<Node?>.node("tunnel", .scalar, "the tunnel's name")
    static let credentials = SettingKey<Node?>.node(
        "credentials_file",
        .scalar,
        "the file with the tunnel's credentials"
    )
    static let hostname = SettingKey<Node?>.node(
        "hostname",
        .scalar,
        "the tunnel's host name"
    )
    static let connection = SettingKey<Node?>.node(
        "connection",
        .block { ConnectionKeys.map },
        "where a tunnel over SSH goes"
    ).required

    /// What every gateway has.
    static let common: SettingMap = SettingMap(
        "common_gateway",
        [type, port, SettingsReader.runtimeKey, publicURL]
    )
    private static let domainMap: SettingMap = SettingMap("domain", [url])
    private static let httpTunnelMap: SettingMap = SettingMap(
        "http_tunnel",
        [driver, token, tunnel, credentials, hostname]
    )
    private static let sshTunnelMap: SettingMap = SettingMap("ssh_tunnel", [connection])
    /// Every key of a gateway whose kind is not known.
    static let map: SettingMap = SettingMap(
        "gateway",
        [type, url, port],
        including: [
            httpTunnelMap, sshTunnelMap,
            SettingMap("others", [publicURL, SettingsReader.runtimeKey]),
        ]
    )

    /// The keys of a tunnel's connection.
    enum ConnectionKeys {
        static let host = SettingKey<String?>.text("host", "the host of the SSH server").required
        static let port = SettingKey<Node?>.node("port", .any, "the port of the SSH server")
        static let auth = SettingKey<Node?>.node(
            "auth",
            .block { AuthKeys.map },
            "who logs in, and how"
        )
        static let keepalive = SettingKey<Node?>.node(
            "keepalive_interval",
            .any,
            "how often the tunnel is kept alive"
        )
        static let watch = SettingKey<Node?>.node(
            "watch_interval",
            .any,
            "how often it is looked at"
        )
        static let retry = SettingKey<Node?>.node(
            "retry_interval",
            .any,
            "how long until it is tried again"
        )
        static let retryCountMax = SettingKey<Node?>.node(
            "max_retry_count",
            .any,
            "how often it is tried again"
        )
        static let map: SettingMap = SettingMap(
            "connection",
            [host, port, auth, keepalive, watch, retry, retryCountMax]
        )
    }

    /// The keys of who logs in.
    enum AuthKeys {
        static let type = SettingKey<Node?>.node("type", .scalar, "keyfile or password")
        static let username = SettingKey<Node?>.node("username", .scalar, "the user")
        static let keyfile = SettingKey<Node?>.node("keyfile", .scalar, "the private key's file")
        static let password = SettingKey<Node?>.node("password", .scalar, "the password")
        static let map: SettingMap = SettingMap("auth", [type, username, keyfile, password])
    }
}
