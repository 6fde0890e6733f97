package import Documents
package import Expressions
internal import JSONWire
package import Listeners
package import Primitives
internal import Runs
internal import Workflows

/// `controller:`, the API through which runs are started, read and cancelled.
package struct ControllerSettings: Sendable {
    /// The keys of the block.
    package enum Keys {
        static let type = SettingKey<String>.word(
            "type",
            of: ["http-server"],
            default: "http-server",
            "the API over HTTP"
        )
        static let host = SettingKey<String>.text(
            "host",
            default: "127.0.0.1",
            "the address it listens on"
        )
        static let port = SettingKey<Int>.integer(
            "port",
            in: 1...65_535,
            default: 8080,
            "the port it listens on"
        )
        static let basePath = SettingKey<String>.text(
            "base_path",
            default: "/",
            "put in front of every path of the API"
        )
        static let watchersMax = SettingKey<Int>.integer(
            "max_watchers",
            in: 0...1_000_000,
            default: 1000,
            "streams of runs' events at once; beyond it 503"
        )
        static let deduplicateFor = DeduplicationReader.window(
            "how long a run started with an Idempotency-Key is remembered by it"
        )
        static let adapter = SettingKey<Node?>.node(
            "adapter",
            .block { adapterMap },
            "how the API is reached"
        ).standard("its keys at the controller itself")
        static let adapters = SettingKey<Node?>.node(
            "adapters",
            .list(.block { adapterMap }),
            "the same as a list of one"
        ).unshown
        static let shutdownTimeout = SettingKey<Nanoseconds?>.duration(
            "shutdown_timeout",
            "the same as server.shutdown_timeout, which wins"
        ).unshown

        /// Where the API listens.
        private static let address: SettingMap = SettingMap(
            "address",
            [type, SettingsReader.runtimeKey.unshown, host, port, basePath]
        )
        /// What may stand at the controller as well as at its adapter.
        static let shared: SettingMap = SettingMap(
            "shared",
            [],
            including: [
                ControllerAccess.Keys.map, DeliverySettings.Keys.map,
                SettingMap("streams", [watchersMax, deduplicateFor]),
            ]
        )
        /// The reference's keys that have no effect here.
        private static let noted = ["name", "webui", "threaded", "shutdown_pending_period"]
        /// The map of an adapter.
        static let adapterMap: SettingMap = SettingMap(
            "adapter",
            [],
            including: [address, shared],
            noted: noted,
            refused: RefusedKeys.controller
        )
        /// The map of the controller.
        package static let map: SettingMap = SettingMap(
            "controller",
            [ExecutorSettings.Keys.concurrentRunsMax, shutdownTimeout, adapter, adapters],
            including: [shared, address],
            noted: noted,
            refused: RefusedKeys.controller
        )
    }

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

    /// What may stand at the controller as well as at its adapter.
    private struct Shared {
        var access = ControllerAccess()
        var delivery = DeliverySettings()
        var watchersMax = Keys.watchersMax.fallback
        var deduplicateFor = Keys.deduplicateFor.fallback
        let context: CompileContext

        mutating func read(_ reader: inout SettingsReader) {
            access.read(&reader, context: context)
            delivery.read(&reader, context: context)
            watchersMax = reader.read(Keys.watchersMax, or: watchersMax)
            deduplicateFor = reader.read(Keys.deduplicateFor, or: deduplicateFor)
        }
    }

    /// Reads `controller` in either form: with `adapter`, `adapters`, or the keys at the controller itself.
    ///
    /// - Returns: Nil where there is no controller and its default port belongs to another part of the file.
    package static func read(
        _ block: SettingsReader?,
        listeners: [ListenerSettings],
        gatewayPorts: [Int],
        document: Node,
        context: CompileContext,
        diagnostics: Diagnostics
    ) -> ControllerSettings? {
        guard var controller = block else {
            let shared = Shared(context: context)
            return fallback(diagnostics, listeners, gatewayPorts, document, shared)
        }
        controller.accept(Keys.map)
        var shared = Shared(context: context)
        shared.read(&controller)
        let adapters: [SettingsReader]
        if let list = controller.maps(Keys.adapters) {
            adapters = list
        } else {
            adapters = controller.map(Keys.adapter).map { [$0] } ?? []
        }
        _ = isServer(&controller)
        var settings: ControllerSettings?
        if let first = adapters.first { settings = Self.adapter(first, shared) }
        if let second = adapters.dropFirst().first {
            controller.error(
                "a second adapter is not supported: the API is an HTTP server on one address",
                at: second.position,
                key: Keys.adapters.name
            )
        }
        if adapters.isEmpty { settings = settings ?? ControllerSettings(&controller, shared) }
        controller.runtime()
        controller.finish()
        settings?.access.finish(controller.diagnostics)
        return settings
    }

    /// Whether a controller or an adapter is an HTTP server, as one without a type is; another one is an error.
    private static func isServer(_ reader: inout SettingsReader) -> Bool {
        // The others are known to be adapters, and refused with a message of their own.
        let type = reader.oneOf(Keys.type.name, ["http-server", "mcp-server", "queue-subscriber"])
        guard let type, type != "http-server" else { return true }
        reader.error(
            "the adapter `\(type)` is not supported: the API is an HTTP server",
            at: reader.node(Keys.type)?.position ?? reader.position,
            key: Keys.type.name,
            suggestion: "http-server"
        )
        return false
    }

    /// An adapter of the controller; nil for one that is no HTTP server.
    private static func adapter(_ start: SettingsReader, _ shared: Shared) -> ControllerSettings? {
        var reader = start
        reader.accept(Keys.adapterMap)
        guard isServer(&reader) else { return nil }
        var shared = shared
        shared.read(&reader)
        let settings = ControllerSettings(&reader, shared)
        reader.runtime()
        reader.finish()
        return settings
    }

    /// What the controller says of the time that what is under way may take at the end; nil where it says nothing.
    package static func shutdownTimeout(_ controller: SettingsReader?) -> Nanoseconds? {
        guard var controller else { return nil }
        controller.note(Keys.shutdownTimeout.name)
        return controller.read(Keys.shutdownTimeout)
    }

    private init(_ reader: inout SettingsReader, _ shared: Shared) {
        host = reader.host(Keys.host)
        port = reader.read(Keys.port)
        basePath = reader.basePath(Keys.basePath)
        access = shared.access
        delivery = shared.delivery
        watchersMax = shared.watchersMax
        deduplicateFor = shared.deduplicateFor
        position = reader.position
    }

    private init(fallbackAt position: SourcePosition, _ shared: Shared) {
        host = Keys.host.fallback
        port = Keys.port.fallback
        basePath = ""
        access = shared.access
        delivery = shared.delivery
        watchersMax = shared.watchersMax
        deduplicateFor = shared.deduplicateFor
        self.position = position
    }

    /// The API without `controller:`: on loopback, unless its port is another part's.
    private static func fallback(
        _ diagnostics: Diagnostics,
        _ listeners: [ListenerSettings],
        _ gatewayPorts: [Int],
        _ document: Node,
        _ shared: Shared
    ) -> ControllerSettings? {
        let port = Keys.port.fallback
        let isTaken =
            listeners.contains { $0.port == port }
            || gatewayPorts.contains(port)
        guard !isTaken else {
            diagnostics.report(
                Diagnostic(
                    .note,
                    at: document.position,
                    message: "no controller is opened: its port \(port) is named by a "
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
