internal import Documents

/// The keys that endpoints of callbacks and of triggers have alike.
package enum EndpointKeys {
    static let path = SettingKey<Node?>.node("path", .text, "the endpoint's path")
        .required.example("/done").remark(
            ", compared exactly, after percent-decoding; it may have "
                + "[parameters](#parameters-of-a-path). "
                + "Where a request misses it by slashes or escapes alone, the 404 names it"
        )
    static let method = SettingKey<Node?>.node(
        "method",
        .some(.text),
        "the method it takes, or several"
    ).defaulting(to: "POST")
    static let isBulk = SettingKey<Bool>.flag(
        "bulk",
        default: false,
        "whether the body carries many items, which are handled one by one"
    )
    static let item = SettingKey<Node?>.node("item", .any, "the list of them in a bulk body")
        .standard("the whole body").example("${body.results}")
    static let itemsMax = SettingKey<Int>.integer(
        "max_items",
        in: 1...10_000_000,
        default: 100_000,
        "items of one bulk body; beyond it 413"
    )
    static let respond = SettingKey<Node?>.node(
        "respond",
        .block { RespondReader.map },
        "what success answers are; without it each has its own status, 202 for held and else 200"
    ).remark("; see [Answers](#answers-of-callback-endpoints)")
    /// The bound of a body at an endpoint that does not stand in its listener's own block.
    static let bodyBytesMax = SettingKey<Int?>.size(
        "max_body_size",
        "this endpoint's bound of a body; beyond it 413"
    ).standard("its listener's; \(SizeText.spell(bulkBodyBytesMax)) in bulk").example("1MiB")

    /// How large the body of a bulk request may be where nothing says.
    package static let bulkBodyBytesMax = 64 << 20

    /// Where an endpoint is reached.
    static let place = SettingMap("endpoint_place", [path, method])

    /// What else endpoints have alike.
    ///
    /// - Parameter deduplicateBy: The key of what tells repeated requests, with its default where it stands.
    /// - Returns: The keys.
    static func rest(_ deduplicateBy: SettingKey<Node?>) -> SettingMap {
        SettingMap("endpoint_rest", [isBulk, item, itemsMax, deduplicateBy, respond])
    }
}
