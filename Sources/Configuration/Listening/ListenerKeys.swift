internal import Documents
internal import HTTPEngine
internal import Listeners
internal import Primitives

/// The keys of a listener's block.
enum ListenerKeys {
    /// What a listener's requests do, as `type` says it.
    enum Kind: String, CaseIterable {
        case callback = "http-callback"
        case trigger = "http-trigger"

        /// The port without `port`.
        var portDefault: Int {
            switch self {
            case .callback: 8090
            case .trigger: 8091
            }
        }

        /// Every key that a listener of the kind may have.
        var map: SettingMap {
            switch self {
            case .callback: callbackMap
            case .trigger: triggerMap
            }
        }
    }

    static let type = SettingKey<Kind?>.word(
        "type",
        as: Kind.self,
        "what its requests do: http-callback: they carry the outcome of work; "
            + "http-trigger: they start runs"
    ).standard("told by the other keys").example("http-callback")
    static let id = SettingKey<String?>.text(
        "id",
        "its name in the journal, unique among listeners"
    ).standard("type, address and base path").example("callbacks").remark(
        ": callbacks that it holds count against it after a restart, whatever else "
            + "changes. Where it has one "
            + "endpoint of its own, also that endpoint's `id`"
    )
    static let host = SettingKey<String>.text(
        "host",
        default: "0.0.0.0",
        "the address to listen on"
    )
    static let port = SettingKey<Int?>.integer("port", in: 1...65_535, "the port to listen on")
        .standard("\(Kind.callback.portDefault), \(Kind.trigger.portDefault) for triggers")
        .example("8090")
    static let basePath = SettingKey<String>.text(
        "base_path",
        default: "/",
        "put in front of every endpoint's path"
    ).example("/hooks")
    static let concurrentMax = SettingKey<Int>.integer(
        "max_concurrent_count",
        default: 0,
        "requests processed at once; 0 is unbounded"
    )
    static let queuedMax = SettingKey<Int>.integer(
        "max_queued_count",
        default: 1024,
        "requests that wait for a place; beyond it 503"
    )
    static let queueTimeout = SettingKey<Nanoseconds>.duration(
        "queue_timeout",
        default: .seconds(5),
        "how long a request waits for a place; beyond it 503"
    )
    static let heldCountMax = SettingKey<Int>.integer(
        "max_held_count",
        default: 100_000,
        "callbacks that are held without a waiter; beyond it 503"
    )
    static let heldBytesMax = SettingKey<Int>.size(
        "max_held_size",
        default: 256 << 20,
        "their bytes; beyond it 503"
    )
    static let holdFor = SettingKey<Nanoseconds>.duration(
        "hold_for",
        default: .seconds(600),
        "how long a callback is held"
    )
    static let callbacks = SettingKey<Node?>.node(
        "callbacks",
        .list(.block { CallbackKeys.map }),
        "endpoints whose requests carry the outcome of work"
    )
    static let triggers = SettingKey<Node?>.node(
        "triggers",
        .list(.block { TriggerKeys.map }),
        "endpoints whose requests start runs"
    )

    /// What a listener of either kind has.
    static let common: SettingMap = SettingMap(
        "common_listener",
        [
            type, id, SettingsReader.runtimeKey, host, port, basePath, concurrentMax, queuedMax,
            queueTimeout, TrustedProxies.key.standard("`server.trusted_proxies`"),
        ],
        including: [ServerLimits.Keys.map]
    )
    /// The bounds of what a callback listener holds.
    static let held: SettingMap = SettingMap("held", [heldCountMax, heldBytesMax, holdFor])

    private static let callbackMap: SettingMap = SettingMap(
        "callback_listener",
        [],
        including: [common, held, SettingMap("callbacks", [callbacks]), CallbackKeys.inline]
    )
    private static let triggerMap: SettingMap = SettingMap(
        "trigger_listener",
        [],
        including: [common, SettingMap("triggers", [triggers]), TriggerKeys.inline]
    )
    /// Every key of a listener whose kind is not known.
    static let map: SettingMap = SettingMap(
        "listener",
        callbackMap.keys + triggerMap.keys.filter { !callbackMap.names.contains($0.name) }
    )

    /// The keys that only listeners of a kind have: any of them tells the kind of a listener without `type`.
    static func names(onlyOf kind: Kind) -> [String] {
        let others = Kind.allCases.filter { $0 != kind }.flatMap(\.map.names)
        return kind.map.names.filter { !others.contains($0) }
    }
}
