package import Documents
internal import Primitives

/// The keys of trigger endpoints.
package enum TriggerKeys {
    static let workflow = SettingKey<Node?>.node("workflow", .any, "the workflow to start")
        .required.example("example")
    static let input = SettingKey<Node?>.node("input", .any, "the run's input")
        .standard("the whole body").example("${body}")
        .remark(": an expression, or a map of them")
    static let deduplicateFor = DeduplicationReader.window(
        "how long a request that started runs is remembered"
    ).remark(", by `deduplicate_by` or by its `Idempotency-Key`")

    /// What only trigger endpoints have, wherever they stand.
    private static let own = SettingMap("trigger_keys", [workflow, input, deduplicateFor])
    private static let rest = EndpointKeys.rest(DeduplicationReader.by)
    /// The map of one of `triggers`.
    package static let map = SettingMap(
        "trigger",
        [],
        including: [
            EndpointKeys.place, own, rest,
            SettingMap("trigger_bounds", [EndpointKeys.bodyBytesMax]),
        ]
    )
    /// The keys of the endpoint that stands in its listener's own block.
    package static let inline = SettingMap(
        "inline_trigger",
        [],
        including: [EndpointKeys.place, own, rest]
    )
}
