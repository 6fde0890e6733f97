/// How a listener of this machine is reached from it.
enum LocalAddress {
    /// The host to connect to for one that is listened on: the addresses that mean all become loopback.
    static func host(_ host: String) -> String {
        switch host {
        case "0.0.0.0", "": "127.0.0.1"
        case "::", "[::]": "[::1]"
        default: host.contains(":") && !host.hasPrefix("[") ? "[\(host)]" : host
        }
    }
}
