package import Components
package import Controller
package import Documents
internal import Expressions
internal import HTTPEngine
package import Journal
package import Listeners
package import Runs
package import Store
internal import Verification
package import Workflows

/// Everything one run of the server is told: the settings of every part, and the compiled workflows.
package struct Configuration: Sendable {
    /// What serves all listeners.
    package let server: ServerSettings
    /// How decisions are kept.
    package let store: StoreSettings
    /// How runs are carried on.
    package var executor: ExecutorSettings
    /// How outgoing requests are sent.
    package let client: ClientSettings
    /// How local programs are run.
    package var programs: ProgramSettings
    /// What is logged, and how.
    package let log: LoggingSettings
    /// The listeners, in the order written.
    package let listeners: [ListenerSettings]
    /// The gateways, in the order written.
    package let gateways: [GatewaySettings]
    /// The controller; nil where its default port is taken by another part of the file.
    package let controller: ControllerSettings?
    /// The compiled workflows and components.
    package let plans: PlanSet
    /// Hides the values of the configuration's secrets in texts that people and logs see.
    package let redaction: Redaction
    /// The texts it was made of; nil where it was made of none.
    package var source: ConfigurationSource?
    /// The numbers of the channels that have names.
    package let channelNames: [String: UInt32]
    /// The channels that a wait without `endpoint` or `channel` listens on.
    package let defaultChannels: [UInt32]

    /// Reads a merged document.
    ///
    /// Everything that is wrong goes to `diagnostics`; where that is an error, the configuration must not be served.
    ///
    /// - Parameters:
    ///   - document: The root of the merged document.
    ///   - environment: What `${env.NAME}` yields.
    ///   - givenSecrets: What `${secret.NAME}` yields, in place of what `secrets:` names (`sluice test`); nil reads that.
    ///   - isFragment: Whether what is absent is noted and no error (`check --fragment`).
    ///   - diagnostics: Takes the findings.
    package init(
        _ document: Node,
        environment: [String: String],
        givenSecrets: [String: String]? = nil,
        isFragment: Bool,
        diagnostics: Diagnostics
    ) {
        var reader = SettingsReader(document, diagnostics: diagnostics)
        reader.accept(RootKeys.map)
        let context = Self.context(&reader, environment, givenSecrets, isFragment)
        redaction = Redaction(context.secrets.values)
        reader.filling = context.filling
        let controlling = Self.controlling(&reader)
        server = ServerSettings(
            reader.map(RootKeys.server),
            shutdownTimeout: ControllerSettings.shutdownTimeout(controlling)
        )
        store = StoreSettings(&reader)
        let executor = ExecutorSettings(
            reader.map(RootKeys.executor),
            controller: controlling
        )
        client = ClientSettings(reader.map(RootKeys.client))
        programs = ProgramSettings(reader.map(RootKeys.programs))
        log = LoggingSettings(reader.map(RootKeys.log))
        gateways = GatewaySettings.all(&reader, context: context)
        var listening = ListenerBuilder(
            context: context,
            server: server,
            verifiers: Self.verifiers(&reader),
            diagnostics: diagnostics
        )
        let read = listening.all(&reader)
        self.executor = executor.bounded(by: read, server, client, diagnostics)
        controller = ControllerSettings.read(
            reader.map(RootKeys.controller),
            listeners: read,
            gatewayPorts: gateways.map(\.port),
            document: document,
            context: context,
            diagnostics: diagnostics
        )
        channelNames = listening.channelNames
        plans = PlanCompiler.compile(
            document: document,
            settings: Self.planSettings(
                context,
                endpoints: listening.ownEndpoints(read, gateways: gateways),
                gateways: gateways,
                channels: channelNames,
                stateBytesMax: self.executor.stateBytesMax
            ),
            diagnostics: diagnostics
        )
        (listeners, defaultChannels) = VerifiedChannels.joined(read, inUse: plans.channelsInUse)
        reader.runtime()
        reader.finish()
        ConfigurationChecks(document: document, isFragment: isFragment).run(self, diagnostics)
    }

    /// The controller's block for parts that read some of it first; nil where it is no map, which is told where the whole of it
    /// is read.
    private static func controlling(_ reader: inout SettingsReader) -> SettingsReader? {
        guard case .map? = reader.node(RootKeys.controller)?.content else { return nil }
        return reader.map(RootKeys.controller)
    }

    /// What expressions are compiled with: the environment and the secrets.
    private static func context(
        _ reader: inout SettingsReader,
        _ environment: [String: String],
        _ givenSecrets: [String: String]?,
        _ isFragment: Bool
    ) -> CompileContext {
        CompileContext(
            sources: .listener,
            environment: environment,
            secrets: SecretsReader.read(
                reader.node(RootKeys.secrets),
                environment: environment,
                given: givenSecrets,
                isFragment: isFragment,
                diagnostics: reader.diagnostics
            ),
            unsetEnvironmentIsNote: isFragment
        )
    }

    /// Reads `verifiers`, the verifiers that have names.
    private static func verifiers(_ reader: inout SettingsReader) -> VerifierReader {
        var verifiers = VerifierReader(
            diagnostics: reader.diagnostics,
            filling: reader.filling
        )
        if let node = reader.node(RootKeys.verifiers) { verifiers.readNamed(node) }
        return verifiers
    }

    /// What the workflows are compiled with.
    private static func planSettings(
        _ context: CompileContext,
        endpoints: [OwnEndpoint],
        gateways: [GatewaySettings],
        channels: [String: UInt32],
        stateBytesMax: Int
    ) -> PlanSettings {
        PlanSettings(
            environment: context.environment,
            secrets: context.secrets,
            endpoints: endpoints,
            gateways: GatewaySettings.values(gateways),
            channels: channels,
            zones: TimeZoneCache().source,
            stateBytesMax: stateBytesMax,
            isFragment: context.unsetEnvironmentIsNote
        )
    }
}
