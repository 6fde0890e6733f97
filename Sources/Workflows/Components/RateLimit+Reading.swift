package import Documents
internal import Primitives

extension RateLimit {
    /// Reads a rate as a text: `10/s`, `60/1m`, `5/500ms`.
    ///
    /// - Parameters:
    ///   - node: The text.
    ///   - key: The key that it stands at.
    ///   - reader: The map that has the key.
    /// - Returns: The rate; nil, and an error, for anything else.
    package static func read(
        _ node: Node,
        key: String,
        _ reader: SettingsReader
    ) -> RateLimit? {
        let parts = (node.scalarText ?? "").split(separator: "/", maxSplits: 1)
        guard parts.count == 2, let requests = Int(parts[0]), (1...requestsMax).contains(requests),
            let period = DurationText.parse(String(parts[1]))
                ?? DurationText.parse("1" + parts[1]), period.count > 0
        else {
            reader.mismatch(
                node,
                key: key,
                expected: "a rate such as `10/s`, `60/1m` or `5/500ms`"
            )
            return nil
        }
        return RateLimit(requests: requests, period: period, burst: requests, interval: nil)
    }

    /// Reads a rate as a map: `rate`, or `requests` and `period`, with `burst` and, where calls are paced, `interval`.
    ///
    /// The caller finishes the map.
    package static func read(map reader: inout SettingsReader, isPaced: Bool) -> RateLimit? {
        var rate: RateLimit?
        if let node = reader.setting("rate") {
            guard let read = read(node, key: "rate", reader) else { return nil }
            let others = ["requests", "period"]
            if let entry = reader.entries.first(where: { others.contains($0.key) }) {
                reader.note(entry.key)
                reader.error(
                    "`rate` says it already: `\(entry.key)` stands in its place",
                    at: entry.keyPosition,
                    key: entry.key
                )
            }
            rate = read
        }
        let requests = rate?.requests ?? reader.integer("requests", in: 1...requestsMax, default: 1)
        return RateLimit(
            requests: requests,
            period: rate?.period ?? reader.duration("period", default: .seconds(1)),
            burst: reader.integer("burst", in: 1...requestsMax, default: requests),
            interval: isPaced ? reader.duration("interval") : nil
        )
    }

    /// The most requests of a rate.
    package static var requestsMax: Int { 1_000_000_000 }

    /// The rate as people write it: `100/s`, `60/1m`.
    package var text: String {
        let spelled = DurationText.spell(period)
        return "\(requests)/\(spelled == "1s" ? "s" : spelled)"
    }
}
