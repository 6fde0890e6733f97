package import Documents
internal import Verification

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

    /// Also a key of a listener, for all of its endpoints.
    package static let verify = SettingKey<Node?>.node(
        "verify",
        .either([.text, .block { VerifierKeys.map }]),
        "who may send: the name of a verifier, or one itself"
    ).standard("anybody may send")
        .remark("; see [senders.md](senders.md)")
    static let isEnabled = SettingKey<Bool>.flag(
        "enabled",
        default: true,
        "whether it takes requests; false answers 410"
    ).remark(" `endpoint_retired`, before the body is read; HEAD is answered as ever")
    static let body = SettingKey<BodyRule.Form?>.word(
        "body",
        as: BodyRule.Form.self,
        "what bodies are, whatever their media type says"
    ).standard("by the media type").example("form").remark("; see [Bodies](#bodies)")
    static let formField = SettingKey<String?>.text(
        "form_field",
        "the field of a form that holds the JSON, beside `body: form`"
    ).example("payload")
    static let redact = SettingKey<Node?>.node(
        "redact",
        .some(.text),
        "parts of requests that are secrets: header.X-Key, query.key, body.token"
    ).example("[header.X-Key]").remark("; see [Secrets](#secrets-in-requests)")
    static let rateLimit = SettingKey<Node?>.node(
        "rate_limit",
        .some(.either([.text, .block { RateRuleReader.map }])),
        "how often requests are taken; beyond it 429"
    ).example("100/s").remark("; see [Rates](#rates)")

    /// How large the body of a bulk request may be where nothing says.
    package static let bulkBodyBytesMax = 64 << 20

    /// Where an endpoint is reached.
    static let place = SettingMap("endpoint_place", [path, method])

    /// What else endpoints have alike.
    ///
    /// - Parameter deduplicateBy: The key of what tells repeated requests, with its default where it stands.
    /// - Returns: The keys.
    static func rest(_ deduplicateBy: SettingKey<Node?>) -> SettingMap {
        SettingMap(
            "endpoint_rest",
            [
                isBulk, item, itemsMax, deduplicateBy, respond, verify, isEnabled, body, formField,
                redact,
                rateLimit,
            ]
        )
    }
}
