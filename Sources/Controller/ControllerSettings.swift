package import Documents
package import Expressions
internal import JSONWire
package import Listeners
package import Primitives
internal import Workflows

/// `controller:`, the API through which runs are started, read and cancelled.
package struct ControllerSettings: Sendable {
    /// The host it listens on.
    package let host: String
    /// The port it listens on.
    package let port: Int
    /// What stands before every path; empty for none.
    package let basePath: String
    /// Who may use it.
    let access: ControllerAccess
    /// How results are sent to those who asked for them.
    let delivery: DeliverySettings
    /// How many watch runs at once at most.
    let watchersMax: Int
    /// How long a run that was started with an `Idempotency-Key` is remembered by it.
    let deduplicateFor: Nanoseconds
    /// Where it is written.
    package let position: SourcePosition

    /// Whether it asks for a token.
    package var asksForToken: Bool { !access.tokens.isEmpty }

    /// Whether it can be reached from this machine only.
    package var isLoopback: Bool { ["localhost", "127.0.0.1", "::1"].contains(host) }

    /// The port without `controller:`.
    static let portDefault = 8080

    /// The reference's keys that have no effect here.
    private static let noted = ["name", "webui", "threaded", "shutdown_pending_period"]

    /// What may stand at the controller as well as at its adapter.
    private struct Shared {
        var access = ControllerAccess()
        var delivery = DeliverySettings()
        var watchersMax = 1000
        var deduplicateFor = DeduplicationReader.windowDefault
        let context: CompileContext

        mutating func read(_ reader: inout SettingsReader) {
            access.read(&reader, context: context)
            delivery.read(&reader, context: context)
            watchersMax = reader.integer("max_watchers", in: 0...1_000_000, default: watchersMax)
            deduplicateFor = DeduplicationReader.window(&reader, default: deduplicateFor)
        }
    }

    /// Reads `controller` in either form: with `adapter`, `adapters`, or the keys at the controller itself.
    ///
    /// - Returns: Nil where there is no controller and its default port belongs to another part of the file.
    package static func read(
        _ reader: inout SettingsReader,
        listeners: [ListenerSettings],
        gatewayPorts: [Int],
        document: Node,
        context: CompileContext
    ) -> ControllerSettings? {
        guard var controller = reader.map("controller") else {
            return fallback(reader, listeners, gatewayPorts, document, Shared(context: context))
        }
        var shared = Shared(context: context)
        shared.read(&controller)
        let adapters: [SettingsReader]
        if let list = controller.maps("adapters") {
            adapters = list
        } else {
            adapters = controller.map("adapter").map { [$0] } ?? []
        }
        _ = isServer(&controller)
        var settings: ControllerSettings?
        if let first = adapters.first { settings = Self.adapter(first, shared) }
        if let second = adapters.dropFirst().first {
            controller.error(
                "a second adapter is not supported: the API is an HTTP server on one address",
                at: second.position,
                key: "adapters"
            )
        }
        if adapters.isEmpty { settings = settings ?? ControllerSettings(&controller, shared) }
        controller.note("type", "host", "port", "base_path", "max_concurrent_count")
        controller.note("shutdown_timeout")
        controller.runtime()
        controller.finish(noted: noted, refused: RefusedKeys.controller)
        settings?.access.finish(controller.diagnostics)
        return settings
    }

    /// Whether a controller or an adapter is an HTTP server, as one without a type is; another one is an error.
    private static func isServer(_ reader: inout SettingsReader) -> Bool {
        let type = reader.oneOf("type", ["http-server", "mcp-server", "queue-subscriber"])
        guard let type, type != "http-server" else { return true }
        reader.error(
            "the adapter `\(type)` is not supported: the API is an HTTP server",
            at: reader.node("type")?.position ?? reader.position,
            key: "type",
            suggestion: "http-server"
        )
        return false
    }

    /// An adapter of the controller; nil for one that is no HTTP server.
    private static func adapter(_ start: SettingsReader, _ shared: Shared) -> ControllerSettings? {
        var reader = start
        guard isServer(&reader) else { return nil }
        var shared = shared
        shared.read(&reader)
        let settings = ControllerSettings(&reader, shared)
        reader.runtime()
        reader.finish(noted: noted, refused: RefusedKeys.controller)
        return settings
    }

    /// What the controller says of the time that what is under way may take at the end; nil where it says nothing.
    package static func shutdownTimeout(_ root: inout SettingsReader) -> Nanoseconds? {
        guard case .map? = root.node("controller")?.content,
            var reader = root.map("controller")
        else { return nil }
        return reader.duration("shutdown_timeout")
    }

    private init(_ reader: inout SettingsReader, _ shared: Shared) {
        reader.note("type")
        host = reader.host(default: "127.0.0.1")
        port = Int(reader.port("port") ?? UInt16(Self.portDefault))
        basePath = reader.basePath()
        access = shared.access
        delivery = shared.delivery
        watchersMax = shared.watchersMax
        deduplicateFor = shared.deduplicateFor
        position = reader.position
    }

    private init(fallbackAt position: SourcePosition, _ shared: Shared) {
        host = "127.0.0.1"
        port = Self.portDefault
        basePath = ""
        access = shared.access
        delivery = shared.delivery
        watchersMax = shared.watchersMax
        deduplicateFor = shared.deduplicateFor
        self.position = position
    }

    /// The API without `controller:`: on loopback, unless its port is another part's.
    private static func fallback(
        _ reader: SettingsReader,
        _ listeners: [ListenerSettings],
        _ gatewayPorts: [Int],
        _ document: Node,
        _ shared: Shared
    ) -> ControllerSettings? {
        let isTaken =
            listeners.contains { $0.port == portDefault }
            || gatewayPorts.contains(portDefault)
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
        return ControllerSettings(fallbackAt: document.position, shared)
    }
}

extension TaskAddress {
    /// The paths of a controller.
    package init(_ settings: ControllerSettings) {
        self.init(host: settings.host, port: settings.port, basePath: settings.basePath)
    }
}
