internal import Documents
internal import Workflows

/// Reads `rate_limit` of an endpoint: a rate, a map of one, or a list of them.
struct RateRuleReader {
    /// Whether the requests have keys: those of callback endpoints.
    let hasKeys: Bool

    private static let rulesMax = 16

    /// The rules; none where the key is not there.
    func rules(_ reader: inout SettingsReader) -> [RateRule] {
        let rules = (reader.settings("rate_limit") ?? []).compactMap { rule($0, reader) }
        if rules.count > Self.rulesMax {
            reader.error(
                "an endpoint has at most \(Self.rulesMax) rates",
                at: reader.position,
                key: "rate_limit"
            )
        }
        return rules
    }

    private func rule(_ node: Node, _ reader: SettingsReader) -> RateRule? {
        guard case .map = node.content else {
            return RateLimit.read(node, key: "rate_limit", reader).map {
                RateRule(limit: $0, scope: .endpoint)
            }
        }
        var inner = reader.inner(node, keyPath: reader.path("rate_limit"))
        let limit = RateLimit.read(map: &inner, isPaced: false)
        if !inner.has("rate"), !inner.has("requests") {
            inner.missing("rate", expected: "a rate such as `10/s`, `60/1m` or `5/500ms`")
        }
        let scope = inner.oneOf("per", as: RateRule.Scope.self) ?? .endpoint
        if scope == .key, !hasKeys, let entry = inner.entries.first(where: { $0.key == "per" }) {
            inner.error(
                "requests that start runs have no key; expected `endpoint` or `client`",
                at: entry.value.position,
                key: "per"
            )
        }
        inner.finish()
        return limit.map { RateRule(limit: $0, scope: scope) }
    }
}
