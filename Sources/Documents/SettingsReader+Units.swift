package import Primitives

extension SettingsReader {
    /// A duration: `5m`, `1h30m`, `250ms`, `2d`, or a bare number.
    ///
    /// - Parameters:
    ///   - key: The key.
    ///   - bareNumber: What a bare number means. With ``DurationText/BareNumber/documentMilliseconds`` one of 1000 or
    ///     more is milliseconds, which a note says, and a smaller one is an error that offers both spellings.
    /// - Returns: The duration; nil where the key is missing or wrong.
    package mutating func duration(
        _ key: String,
        bareNumber: DurationText.BareNumber = .seconds
    ) -> Nanoseconds? {
        guard let node = setting(key) else { return nil }
        guard let text = node.scalarText else {
            mismatch(node, key: key, expected: Self.durationForm)
            return nil
        }
        switch DurationText.read(text, bareNumber: bareNumber) {
        case .duration(let duration):
            return duration
        case .milliseconds(let duration):
            diagnostics.assumed(
                "\(text) is taken as milliseconds: \(DurationText.spell(duration))",
                at: node.position,
                keyPath: path(key)
            )
            return duration
        case .ambiguous:
            mismatch(
                node,
                key: key,
                expected: "a unit: `\(text)s` for seconds or `\(text)ms` for milliseconds"
            )
        case .malformed:
            mismatch(node, key: key, expected: Self.durationForm)
        }
        return nil
    }

    /// A duration, or `fallback` where the key is missing or wrong; a bare number is seconds.
    package mutating func duration(_ key: String, default fallback: Nanoseconds) -> Nanoseconds {
        duration(key) ?? fallback
    }

    /// A size in bytes: `64MiB`, `1MB`, `512KiB`, or a bare number of bytes.
    package mutating func size(_ key: String) -> Int? {
        guard let node = setting(key) else { return nil }
        if let bytes = node.scalarText.flatMap(SizeText.parse) { return bytes }
        mismatch(node, key: key, expected: "a size such as `512KiB`, `64MiB` or `1048576`")
        return nil
    }

    /// A size in bytes, or `fallback` where the key is missing or wrong.
    package mutating func size(_ key: String, default fallback: Int) -> Int {
        size(key) ?? fallback
    }

    private static let durationForm = "a duration such as `250ms`, `30s`, `5m` or `1h30m`"
}
