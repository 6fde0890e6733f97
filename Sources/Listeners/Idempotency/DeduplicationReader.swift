package import Documents
internal import Expressions
package import Primitives

/// Reads `deduplicate_by` and `deduplicate_for` of an endpoint.
package struct DeduplicationReader {
    /// The senders whose way to name a delivery is known.
    enum Preset: String, CaseIterable {
        /// `X-GitHub-Delivery`.
        case github
        /// The event's `id` in the body.
        case stripe
        /// Standard Webhooks: `webhook-id`, or `svix-id` as its first sender calls it.
        case standard
        /// CloudEvents, binary or structured: `source` and `id`.
        case cloudevents
    }

    /// The key of what tells repeated requests.
    static let by = SettingKey<Node?>.node(
        "deduplicate_by",
        .any,
        "what tells repeated requests: an expression, or github, stripe, standard, cloudevents"
    ).example("${body.id}").remark("; see [Repeated requests](#repeated-requests)")

    /// The key of how long what was started is remembered, with what it means where it stands.
    package static func window(_ about: String) -> SettingKey<Nanoseconds> {
        .duration(
            "deduplicate_for",
            default: .seconds(24 * 3600),
            above: Nanoseconds(0),
            such: "24h",
            about
        )
    }

    private static let key = by.name
    private let context: CompileContext
    private let isBulk: Bool

    /// Reads for an endpoint.
    init(context: CompileContext, isBulk: Bool) {
        self.context = context
        self.isBulk = isBulk
    }

    /// What tells repeated requests; nil where the endpoint does not say.
    func deduplication(_ reader: inout SettingsReader) -> Deduplication? {
        guard let node = reader.node(Self.by) else { return nil }
        if let preset = node.scalarText.flatMap({ Preset(rawValue: $0) }) {
            return ways(of: preset, node, &reader)
        }
        guard let template = template(node, reader) else { return nil }
        if template.references.isEmpty {
            let presets = Preset.allCases.map(\.rawValue)
            reader.mismatch(
                node,
                key: Self.key,
                expected: "an expression such as `${body.id}`, or one of "
                    + presets.map { "`\($0)`" }.joined(separator: ", "),
                suggestion: node.scalarText.flatMap { text in
                    NearestName.suggest(text, among: presets)
                        ?? ConstantText.expression(
                            for: text,
                            context.sources,
                            memberOf: isBulk ? .item : .body
                        )
                }
            )
            return nil
        }
        if isBulk, !template.references.contains(where: { $0.source == .item }) {
            refuse(reader, node, "`deduplicate_by` names nothing of `item`")
            return nil
        }
        return Deduplication(ways: [[template]])
    }

    /// Says of a callback endpoint that its window is another key's.
    static func refuseWindow(_ reader: inout SettingsReader) {
        let key = TriggerKeys.deduplicateFor.name
        guard let node = reader.node(key) else { return }
        reader.error(
            "`deduplicate_for` belongs to trigger endpoints: callbacks are remembered for "
                + "`store.remember_for`",
            at: node.position,
            key: key
        )
    }

    private func ways(
        of preset: Preset,
        _ node: Node,
        _ reader: inout SettingsReader
    ) -> Deduplication? {
        let expressions: [[String]]
        switch (preset, isBulk) {
        case (.github, false): expressions = [["${header.X-GitHub-Delivery}"]]
        case (.stripe, false): expressions = [["${body.id}"]]
        case (.stripe, true): expressions = [["${item.id}"]]
        case (.standard, false): expressions = [["${header.webhook-id}"], ["${header.svix-id}"]]
        case (.cloudevents, false):
            expressions = [
                ["${header.ce-source}", "${header.ce-id}"], ["${body.source}", "${body.id}"],
            ]
        case (.cloudevents, true): expressions = [["${item.source}", "${item.id}"]]
        case (.github, true), (.standard, true):
            refuse(reader, node, "`\(preset.rawValue)` names the whole request")
            return nil
        }
        let ways = expressions.map { way in
            way.compactMap { template(Node(.text($0), at: node.position, raw: $0), reader) }
        }
        return Deduplication(ways: ways)
    }

    private func refuse(_ reader: SettingsReader, _ node: Node, _ what: String) {
        reader.error(
            "\(what), and this endpoint takes many items at once: all of them would be one; "
                + "expected an expression over `item`",
            at: node.position,
            key: Self.key,
            suggestion: "${item.id}"
        )
    }

    private func template(_ node: Node, _ reader: SettingsReader) -> Template? {
        var here = context
        here.keyPath = reader.path(Self.key)
        return Template.compile(node, context: here, diagnostics: reader.diagnostics)
    }
}
