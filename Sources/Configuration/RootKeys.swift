internal import Components
internal import Controller
internal import Documents
internal import Runs
internal import Store
internal import Verification
internal import Workflows

/// The keys of the whole configuration.
enum RootKeys {
    static let server = SettingKey<Node?>.node(
        "server",
        .block { ServerSettings.Keys.map },
        "how listeners are served"
    )
    static let executor = SettingKey<Node?>.node(
        "executor",
        .block { ExecutorSettings.Keys.map },
        "how runs are carried on"
    )
    static let client = SettingKey<Node?>.node(
        "client",
        .block { ClientSettings.Keys.map },
        "how requests are sent"
    )
    static let programs = SettingKey<Node?>.node(
        "programs",
        .block { ProgramSettings.Keys.map },
        "how local programs are run"
    )
    static let log = SettingKey<Node?>.node(
        "log",
        .block { LoggingSettings.Keys.map },
        "what is logged, and how"
    )
    static let secrets = SettingKey<Node?>.node(
        "secrets",
        .map(.block { SecretsReader.Keys.map }),
        "what ${secret.NAME} yields; read at load, never shown"
    )
    static let verifiers = SettingKey<Node?>.node(
        "verifiers",
        .map(.either([.text, .block { VerifierKeys.map }])),
        "verifiers with names, for endpoints that share one"
    )
    static let controller = SettingKey<Node?>.node(
        "controller",
        .block { ControllerSettings.Keys.map },
        "the API"
    )
    static let gateway = SettingKey<Node?>.node(
        "gateway",
        .some(.block { GatewayKeys.map }),
        "under which public address a port is reachable"
    )
    static let gateways = SettingKey<Node?>.node(
        "gateways",
        .some(.block { GatewayKeys.map }),
        "several gateways"
    ).unshown
    static let listener = SettingKey<Node?>.node(
        "listener",
        .some(.block { ListenerKeys.map }),
        "where callbacks and triggers arrive"
    ).unshown
    static let listeners = SettingKey<Node?>.node(
        "listeners",
        .some(.block { ListenerKeys.map }),
        "where callbacks and triggers arrive; one may stand under `listener`"
    )
    static let component = SettingKey<Node?>.node(
        "component",
        .block { ComponentKeys.map },
        "what a step can do"
    ).unshown
    static let components = SettingKey<Node?>.node(
        "components",
        .either([.list(.block { ComponentKeys.map }), .map(.block { ComponentKeys.map })]),
        "components: a list, or a map by id"
    ).unshown
    static let workflow = SettingKey<Node?>.node(
        "workflow",
        .block { WorkflowKeys.map },
        "the steps of a run"
    ).unshown
    static let workflows = SettingKey<Node?>.node(
        "workflows",
        .either([.list(.block { WorkflowKeys.map }), .map(.block { WorkflowKeys.map })]),
        "workflows: a list, or a map by id"
    ).unshown

    static let map: SettingMap = SettingMap(
        "configuration",
        [
            server, StoreSettings.Keys.block, executor, client, programs, log, secrets, verifiers,
            controller, gateway, gateways, listeners, listener, SettingsReader.runtimeKey.unshown,
            component,
            components, workflow, workflows,
        ],
        noted: [
            "name", "version", "webui", "logger", "loggers", "tracer", "tracers", "metrics",
        ],
        refused: RefusedKeys.document
    )
}
