internal import Documents
internal import Expressions
internal import HTTPEngine
internal import Listeners
internal import Loops
internal import Primitives
internal import Rendezvous
internal import Verification
internal import Workflows

/// Reads the listeners of a configuration and numbers their endpoints and channels.
struct ListenerBuilder {
    private let context: CompileContext
    private let server: ServerSettings
    private let verifiers: VerifierReader
    private let diagnostics: Diagnostics
    private var channels = ChannelNumbers()
    private var numbers = ListenerNumbers()
    private var ids: Set<String> = []

    /// Begins to read listeners whose bounds default to the server's.
    init(
        context: CompileContext,
        server: ServerSettings,
        verifiers: VerifierReader,
        diagnostics: Diagnostics
    ) {
        self.verifiers = verifiers
        self.context = context
        self.server = server
        self.diagnostics = diagnostics
    }

    /// Reads `listener` or `listeners`.
    mutating func all(_ reader: inout SettingsReader) -> [ListenerSettings] {
        let keys = [RootKeys.listeners, RootKeys.listener].map(\.name)
        guard let (key, node) = reader.node(anyOf: keys) else { return [] }
        var nodes = [(node, key)]
        if case .list(let items) = node.content {
            nodes = items.enumerated().map { ($1, "\(key)[\($0)]") }
        }
        var listeners: [ListenerSettings] = []
        let keyPosition = reader.entries.first { $0.key == key }?.keyPosition
        for (node, path) in nodes {
            var node = node
            // What is said of a listener as a whole stands at its key, not at the first key inside it.
            if path == key, let keyPosition, case .map = node.content {
                node.position = keyPosition
            }
            let one = reader.inner(node, keyPath: path)
            if let listener = listener(one, index: listeners.count) { listeners.append(listener) }
        }
        return listeners
    }

    /// The numbers of the channels that endpoints name.
    var channelNames: [String: UInt32] { channels.names }

    /// The callback endpoints as the plan builder knows them: where a request that carries their URL waits.
    func ownEndpoints(
        _ listeners: [ListenerSettings],
        gateways: [GatewaySettings]
    ) -> [OwnEndpoint] {
        listeners.flatMap { listener -> [OwnEndpoint] in
            guard case .callbacks(let endpoints) = listener.endpoints else { return [] }
            let origins = origins(of: listener, gateways: gateways)
            let isApart = VerifiedChannels.areApart(listeners)
            return endpoints.map { endpoint in
                OwnEndpoint(
                    name: endpoint.name,
                    origins: origins,
                    path: endpoint.path,
                    channel: endpoint.channel.number,
                    identifyBy: endpoint.identifyBy,
                    id: endpoint.id,
                    answersUnnamed: endpoint.verifier == nil || !isApart
                )
            }
        }
    }

    private func origins(
        of listener: ListenerSettings,
        gateways: [GatewaySettings]
    ) -> [OwnEndpoint.Origin] {
        var origins: [OwnEndpoint.Origin] = []
        for gateway in gateways where gateway.port == listener.port {
            origins.append(.gateway(port: gateway.port))
            if case .domain(let url) = gateway.kind { origins.append(.url(url)) }
            if let url = gateway.publicURL { origins.append(.url(url)) }
        }
        var hosts = ["localhost", "127.0.0.1", "::1", listener.host]
        if ["0.0.0.0", "::"].contains(listener.host) {
            if let own = MachineAddresses.all() {
                hosts += own
            } else {
                diagnostics.report(
                    Diagnostic(
                        .error,
                        at: listener.position,
                        message:
                            "this machine's addresses cannot be read (a sandbox without AF_NETLINK?), "
                            + "so a step that sends one of them as its callback URL would not wait; "
                            + "name the listener's `host`"
                    )
                )
            }
        }
        for host in hosts {
            let name = host.contains(":") ? "[\(host)]" : host
            origins.append(.url("http://\(name):\(listener.port)"))
        }
        return origins
    }

    private mutating func listener(_ start: SettingsReader, index: Int) -> ListenerSettings? {
        var reader = start
        reader.accept(ListenerKeys.common)
        reader.accept(ListenerKeys.held)
        guard let kind = kind(&reader) else { return nil }
        let host = reader.host(ListenerKeys.host)
        let portNode = reader.node(ListenerKeys.port)
        let port = reader.read(ListenerKeys.port) ?? kind.portDefault
        var limits = server.limits
        limits.read(&reader)
        let proxies = TrustedProxies.read(&reader) ?? server.trustedProxies
        let base = reader.basePath(ListenerKeys.basePath)
        let admission = AdmissionSettings(
            maxConcurrentCount: reader.read(ListenerKeys.concurrentMax),
            maxQueuedCount: reader.read(ListenerKeys.queuedMax),
            queueTimeout: reader.read(ListenerKeys.queueTimeout)
        )
        let held = WaiterTable.HeldLimits(
            countMax: reader.read(ListenerKeys.heldCountMax),
            bytesMax: reader.read(ListenerKeys.heldBytesMax)
        )
        reader.runtime()
        let id = id(&reader)
        let name = id.map { "id \($0)" } ?? "\(kind.rawValue) \(host):\(port) \(base)"
        let number = numbers.number(of: name)
        let place = EndpointPlace(
            listener: index,
            listenerNumber: number,
            port: port,
            basePath: base,
            bodyBytesMax: reader.has(ServerLimits.Keys.bodyBytesMax) ? limits.bodyBytesMax : nil,
            limits: limits,
            holdFor: reader.read(ListenerKeys.holdFor),
            held: held,
            verifier: reader.verifier(verifiers),
            verifiers: verifiers
        )
        let endpoints: ListenerSettings.Endpoints =
            switch kind {
            case .callback: .callbacks(callbacks(&reader, place))
            case .trigger: .triggers(triggers(&reader, place))
            }
        reader.finish()
        return ListenerSettings(
            index: index,
            number: number,
            host: host,
            port: port,
            endpoints: endpoints,
            limits: limits,
            admission: admission,
            trustedProxies: proxies,
            held: held,
            position: reader.position,
            portPosition: portNode?.position ?? reader.position
        )
    }

    /// The name that a listener is given; nil for none.
    private mutating func id(_ reader: inout SettingsReader) -> String? {
        guard case (let id, let node)? = reader.stringAndNode(ListenerKeys.id.name) else {
            return nil
        }
        if !ids.insert(id).inserted {
            reader.error(
                "the id `\(id.clipped)` is another listener's already",
                at: node.position,
                key: ListenerKeys.id.name
            )
        }
        return id
    }

    /// What a listener's requests do: by its type, or, where it has none or a wrong one, by its keys and its port.
    private func kind(_ reader: inout SettingsReader) -> ListenerKeys.Kind? {
        let hasType = reader.has(ListenerKeys.type)
        if hasType, let kind = reader.read(ListenerKeys.type) { return kind }
        let isTrigger = ListenerKeys.names(onlyOf: .trigger).contains { reader.has($0) }
        let isCallback = ListenerKeys.names(onlyOf: .callback).contains { reader.has($0) }
        if isTrigger, isCallback, !hasType {
            diagnostics.error(
                "the listener has keys of a callback listener and of a trigger listener; "
                    + "expected `type: http-callback` or `type: http-trigger`",
                at: reader.position,
                keyPath: reader.keyPath
            )
            return nil
        }
        var isOnTriggerPort = false
        if let node = reader.node(ListenerKeys.port), case .integer(let port) = node.content {
            isOnTriggerPort = port == ListenerKeys.Kind.trigger.portDefault && !isCallback
        }
        let kind: ListenerKeys.Kind = isTrigger || isOnTriggerPort ? .trigger : .callback
        if !hasType {
            diagnostics.assumed(
                "type `\(kind.rawValue)` is assumed",
                at: reader.position,
                keyPath: reader.keyPath
            )
        }
        return kind
    }

    private mutating func callbacks(
        _ reader: inout SettingsReader,
        _ place: EndpointPlace
    ) -> [CallbackEndpoint] {
        var builder = CallbackEndpointReader(
            context: context,
            place: place,
            channels: channels,
            numbers: numbers
        )
        defer { (channels, numbers) = (builder.channels, builder.numbers) }
        reader.note(ListenerKeys.callbacks.name)
        if let readers = reader.maps(ListenerKeys.callbacks) {
            return readers.compactMap { builder.read($0, isInline: false) }
        }
        guard CallbackKeys.inline.names.contains(where: { reader.has($0) }) else { return [] }
        return builder.read(inline: &reader).map { [$0] } ?? []
    }

    private func triggers(
        _ reader: inout SettingsReader,
        _ place: EndpointPlace
    ) -> [TriggerEndpoint] {
        var builder = TriggerEndpointReader(context: context, place: place)
        reader.note(ListenerKeys.triggers.name)
        if let readers = reader.maps(ListenerKeys.triggers) {
            return readers.compactMap { builder.read($0) }
        }
        guard TriggerKeys.inline.names.contains(where: { reader.has($0) }) else { return [] }
        return builder.read(inline: &reader).map { [$0] } ?? []
    }
}
