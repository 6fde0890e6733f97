package import Documents
internal import Primitives

/// The keys of callback endpoints.
package enum CallbackKeys {
    static let id = SettingKey<String?>.text(
        "id",
        "a name by which `completion: {endpoint: …}` means it"
    ).example("done")
    static let identifyBy = SettingKey<Node?>.node("identify_by", .any, "the callback's key")
        .standard("one key for all").example("${body.id}")
        .remark(": an expression over the request")
    static let status = SettingKey<Node?>.node("status", .any, "the work's status")
        .standard("success").example("${body.status}")
        .remark("; see [What a status says](#what-a-status-says)")
    static let successWhen = SettingKey<[String]?>.texts(
        "success_when",
        "the statuses that are a success"
    ).example("[done]")
    static let failWhen = SettingKey<[String]?>.texts(
        "fail_when",
        "the statuses that are a failure"
    ).example("[failed]")
    static let result = SettingKey<Node?>.node("result", .any, "what the run gets")
        .standard("the whole body").example("${body.result}")
        .remark(": an expression, or a map of them")
    static let channel = SettingKey<String>.text(
        "channel",
        default: "default",
        "keys of different channels never meet"
    )
    static let reusesKeys = SettingKey<Bool?>.flag(
        "reuse_keys",
        "whether a key may be used for one wait after another"
    ).standard("false; true without identify_by").example("false")
    static let unmatched = SettingKey<Unmatched>.word(
        "unmatched",
        default: .hold,
        "a callback without a waiter: hold it, or reject it with 404"
    )
    /// How long the callbacks of an endpoint are held that does not stand in its listener's own block.
    static let holdFor = SettingKey<Nanoseconds?>.duration(
        "hold_for",
        "how long this endpoint's callbacks are held"
    ).standard("its listener's").example("10m")
    static let heldCountMax = SettingKey<Int?>.integer(
        "max_held_count",
        "callbacks that this endpoint holds itself; they no longer count as its listener's"
    ).standard("they count as its listener's").example("10000")
    static let heldBytesMax = SettingKey<Int?>.size(
        "max_held_size",
        "their bytes"
    ).standard("its listener's bound").example("64MiB")

    /// What becomes of a callback that no run waits for.
    enum Unmatched: String, CaseIterable {
        case hold, reject
    }

    /// What only callback endpoints have, wherever they stand.
    private static let own = SettingMap(
        "callback_keys",
        [identifyBy, status, successWhen, failWhen, result, channel, reusesKeys, unmatched]
    )
    private static let rest = EndpointKeys.rest(
        DeduplicationReader.by.standard("its content")
    )
    /// The map of one of `callbacks`.
    package static let map = SettingMap(
        "callback",
        [],
        including: [
            EndpointKeys.place, SettingMap("callback_id", [id]), own, rest,
            SettingMap(
                "callback_bounds",
                [holdFor, heldCountMax, heldBytesMax, EndpointKeys.bodyBytesMax]
            ),
        ]
    )
    /// The keys of the endpoint that stands in its listener's own block.
    package static let inline = SettingMap(
        "inline_callback",
        [],
        including: [EndpointKeys.place, own, rest]
    )
}
