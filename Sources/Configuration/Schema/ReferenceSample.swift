internal import Documents
internal import HTTPEngine
internal import Listeners

/// What the reference shows of a list's element, or of a map: which keys, and with which values.
enum ReferenceSample {
    /// A value without keys, as it is written.
    case text(String)
    /// The keys of a map, or all of them where none is named, with values in place of their defaults and examples.
    case keys([String], values: [String: String] = [:])
    /// The keys of a map but for some.
    case keysWithout([String])

    /// All keys.
    static let whole = ReferenceSample.keys([])

    /// Whether it has a key.
    func has(_ key: SettingDetails) -> Bool {
        switch self {
        case .text: false
        case .keys(let names, _): names.isEmpty ? key.isShown : names.contains(key.name)
        case .keysWithout(let names): key.isShown && !names.contains(key.name)
        }
    }

    /// The value that stands under a key in place of its default and its example; nil for those.
    func value(_ key: SettingDetails) -> String? {
        guard case .keys(_, let values) = self else { return nil }
        return values[key.name]
    }

    /// What the reference shows where a map or a list has more than one form, by the path of keys; elsewhere all keys.
    static let samples: [String: [ReferenceSample]] = [
        "secrets": [
            .text("from_file"), .keys(["file"], values: ["file": "/proc/sys/kernel/ostype"]),
            .text("from_environment"), .keys(["env"], values: ["env": "PATH"]),
        ],
        "controller": [.keysWithout(addressNames)],
        "controller.adapter": [.keys(addressNames)],
        "controller.tokens": [.text("${env.SLUICE_TOKEN | an-example-of-a-token}"), .whole],
        "gateway": [.keys(["type", "url", "port"])],
        "listeners": [
            .keysWithout(
                ServerLimits.Keys.map.names + CallbackKeys.inline.names + ["triggers"]
                    + TriggerKeys.inline.names
            ),
            .keys(["type", "port", "triggers"], values: ["type": "http-trigger", "port": "8091"]),
        ],
        "listeners.callbacks": [
            .keysWithout(["bulk", "item", "deduplicate_by", "max_items"]),
            .keys(
                ["path", "bulk", "item", "identify_by", "deduplicate_by", "max_items"],
                values: [
                    "path": "/batch", "bulk": "true", "identify_by": "${item.id}",
                    "deduplicate_by": "${item.event}",
                ]
            ),
        ],
        "listeners.callbacks.verify": [github],
        "listeners.callbacks.rate_limit": [.keys(["rate", "burst", "per"])],
        "verifiers": [.text("github"), github],
        "listeners.triggers": [
            .keys(
                [
                    "path", "method", "workflow", "input", "deduplicate_by", "deduplicate_for",
                    "bulk", "max_items",
                ],
                values: ["path": "/start"]
            )
        ],
    ]

    private static let github = ReferenceSample.keys(
        ["preset", "secret"],
        values: [
            "preset": "github",
            "secret": "${env.GITHUB_SECRET | an-example-of-a-secret-of-some-length}",
        ]
    )
    private static let addressNames = ["type", "host", "port", "base_path"]
}
