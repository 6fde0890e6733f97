package import Documents
internal import JSONWire

/// `controller:`, the API through which runs are started, read and cancelled.
package struct ControllerSettings: Sendable {
    /// The host it listens on.
    package let host: String
    /// The port it listens on.
    package let port: Int
    /// What stands before every path; empty for none.
    package let basePath: String
    /// Where it is written.
    package let position: SourcePosition

    /// Whether it can be reached from this machine only.
    package var isLoopback: Bool { ["localhost", "127.0.0.1", "::1"].contains(host) }

    /// The port without `controller:`.
    static let portDefault = 8080

    /// The reference's keys that have no effect here.
    private static let noted = [
        "name", "runtime", "webui", "queue", "threaded", "shutdown_pending_period",
        "shutdown_timeout", "max_concurrent_count", "origins", "websocket", "static",
    ]

    /// Reads `controller` in either form: with `adapter`, `adapters`, or the keys at the controller itself.
    ///
    /// - Returns: Nil where there is no controller and its default port belongs to another part of the file.
    static func read(
        _ reader: inout SettingsReader,
        listeners: [ListenerSettings],
        gateways: [GatewaySettings],
        document: Node
    ) -> ControllerSettings? {
        guard var controller = reader.map("controller") else {
            return fallback(reader, listeners, gateways, document)
        }
        let adapters: [SettingsReader]
        if let list = controller.maps("adapters") {
            adapters = list
        } else {
            adapters = controller.map("adapter").map { [$0] } ?? []
        }
        var settings: ControllerSettings?
        for adapter in adapters { settings = settings ?? Self.adapter(adapter) }
        if adapters.isEmpty { settings = settings ?? ControllerSettings(&controller) }
        controller.note("type", "host", "port", "base_path")
        controller.finish(noted: noted)
        return settings
    }

    /// An adapter of the controller; nil for one that is no HTTP server.
    private static func adapter(_ start: SettingsReader) -> ControllerSettings? {
        var reader = start
        let type = reader.oneOf("type", ["http-server", "mcp-server", "queue-subscriber"])
        guard type == "http-server" || type == nil else {
            reader.diagnostics.warning(
                "adapter `\(type ?? "")` is known and has no effect here",
                at: reader.position,
                keyPath: reader.keyPath
            )
            return nil
        }
        let settings = ControllerSettings(&reader)
        reader.finish(noted: noted)
        return settings
    }

    private init(_ reader: inout SettingsReader) {
        reader.note("type")
        host = reader.string("host", default: "127.0.0.1")
        port = Int(reader.port("port") ?? UInt16(Self.portDefault))
        var path = reader.string("base_path", default: "")
        while path.hasSuffix("/") { path.removeLast() }
        basePath = path
        position = reader.position
    }

    private init(fallbackAt position: SourcePosition) {
        host = "127.0.0.1"
        port = Self.portDefault
        basePath = ""
        self.position = position
    }

    /// The API without `controller:`: on loopback, unless its port is another part's.
    private static func fallback(
        _ reader: SettingsReader,
        _ listeners: [ListenerSettings],
        _ gateways: [GatewaySettings],
        _ document: Node
    ) -> ControllerSettings? {
        let isTaken =
            listeners.contains { $0.port == portDefault }
            || gateways.contains { $0.port == portDefault }
        guard !isTaken else {
            reader.diagnostics.report(
                Diagnostic(
                    .note,
                    at: document.position,
                    message: "no controller is opened: its port \(portDefault) is named by a "
                        + "listener or a gateway",
                    suggestion: "controller: {port: 8088}",
                    noteKind: .assumed
                )
            )
            return nil
        }
        return ControllerSettings(fallbackAt: document.position)
    }
}
