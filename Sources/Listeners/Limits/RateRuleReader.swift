internal import Documents
internal import Primitives
internal import Workflows

/// Reads `rate_limit` of an endpoint: a rate, a map of one, or a list of them.
struct RateRuleReader {
    /// Whether the requests have keys: those of callback endpoints.
    let hasKeys: Bool

    private static let rulesMax = 16

    private static let rate = SettingKey<Node?>.node(
        "rate",
        .text,
        "so many in a time: 10/s, 60/1m"
    )
    .required.example("100/s")
    private static let requests = SettingKey<Int?>.integer(
        "requests",
        in: 1...RateLimit.requestsMax,
        "how many, in place of `rate`"
    )
    private static let period = SettingKey<Nanoseconds?>.duration("period", "in which time")
    private static let burst = SettingKey<Int?>.integer(
        "burst",
        in: 1...RateLimit.requestsMax,
        "how many may come at once after a rest"
    ).standard("as many as the rate").example("200")
    private static let scope = SettingKey<RateRule.Scope?>.word(
        "per",
        as: RateRule.Scope.self,
        "whose are counted together"
    ).standard("endpoint").example("client")
    /// The keys of a rate that is written as a map.
    static let map = SettingMap("request_rate", [rate, requests, period, burst, scope])

    /// The rules; none where the key is not there.
    func rules(_ reader: inout SettingsReader) -> [RateRule] {
        let rules = (reader.settings(EndpointKeys.rateLimit.name) ?? []).compactMap {
            rule($0, reader)
        }
        if rules.count > Self.rulesMax {
            reader.error(
                "an endpoint has at most \(Self.rulesMax) rates",
                at: reader.position,
                key: EndpointKeys.rateLimit.name
            )
        }
        return rules
    }

    private func rule(_ node: Node, _ reader: SettingsReader) -> RateRule? {
        guard case .map = node.content else {
            return RateLimit.read(node, key: EndpointKeys.rateLimit.name, reader).map {
                RateRule(limit: $0, scope: .endpoint)
            }
        }
        var inner = reader.inner(node, keyPath: reader.path(EndpointKeys.rateLimit.name))
        inner.accept(Self.map)
        let limit = RateLimit.read(map: &inner, isPaced: false)
        if !inner.has(Self.rate), !inner.has(Self.requests) {
            inner.missing(Self.rate.name, expected: "a rate such as `10/s`, `60/1m` or `5/500ms`")
        }
        let scope = inner.read(Self.scope) ?? .endpoint
        if scope == .key, !hasKeys,
            let entry = inner.entries.first(where: { $0.key == Self.scope.name })
        {
            inner.error(
                "requests that start runs have no key; expected `endpoint` or `client`",
                at: entry.value.position,
                key: Self.scope.name
            )
        }
        inner.finish()
        return limit.map { RateRule(limit: $0, scope: scope) }
    }
}
