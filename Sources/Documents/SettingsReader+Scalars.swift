extension SettingsReader {
    /// A text; a number or boolean in its place is an error that shows the quotes it needs.
    package mutating func string(_ key: String) -> String? {
        stringAndNode(key)?.text
    }

    /// A text together with the value it was read from, for what is judged further.
    package mutating func stringAndNode(_ key: String) -> (text: String, node: Node)? {
        guard let node = setting(key) else { return nil }
        if case .text(let text) = node.content { return (text, node) }
        mismatch(
            node,
            key: key,
            expected: "text",
            suggestion: node.scalarText.map { "\"\($0.clipped)\"" }
        )
        return nil
    }

    /// A text, or `fallback` where the key is missing or wrong.
    package mutating func string(_ key: String, default fallback: String) -> String {
        string(key) ?? fallback
    }

    /// A text that must be there.
    package mutating func requiredString(_ key: String, expected: String = "text") -> String? {
        guard node(key) != nil else {
            missing(key, expected: expected)
            return nil
        }
        return string(key)
    }

    /// Any scalar as it was written: `8080`, `1.50`, `true` and text alike, expressions included.
    package mutating func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        if let text = node.scalarText { return text }
        mismatch(node, key: key, expected: "text")
        return nil
    }

    /// Any scalar as it was written, or `fallback` where the key is missing or wrong.
    package mutating func text(_ key: String, default fallback: String) -> String {
        text(key) ?? fallback
    }

    /// A boolean; the text `true` or `false`, as a variable may give it, counts too.
    package mutating func bool(_ key: String) -> Bool? {
        guard let node = setting(key) else { return nil }
        switch node.content {
        case .bool(let flag): return flag
        case .text("true"): return true
        case .text("false"): return false
        default: break
        }
        mismatch(
            node,
            key: key,
            expected: "`true` or `false`",
            suggestion: Self.booleanWords[node.raw.lowercased()]
        )
        return nil
    }

    /// A boolean, or `fallback` where the key is missing or wrong.
    package mutating func bool(_ key: String, default fallback: Bool) -> Bool {
        bool(key) ?? fallback
    }

    /// An integer inside `range`; digits as text count too.
    package mutating func integer(_ key: String, in range: ClosedRange<Int> = 0...Int.max) -> Int? {
        guard let node = setting(key) else { return nil }
        let value: Int? =
            switch node.content {
            case .integer(let integer): Int(exactly: integer)
            case .text(let text): Int(text)
            default: nil
            }
        if let value, range.contains(value) { return value }
        mismatch(node, key: key, expected: Self.words(for: range))
        return nil
    }

    /// An integer inside `range`, or `fallback` where the key is missing or wrong.
    package mutating func integer(
        _ key: String,
        in range: ClosedRange<Int> = 0...Int.max,
        default fallback: Int
    ) -> Int {
        integer(key, in: range) ?? fallback
    }

    /// A number inside `range`.
    package mutating func number(_ key: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = setting(key) else { return nil }
        if let value = node.scalarText.flatMap(Double.init), range.contains(value) { return value }
        mismatch(
            node,
            key: key,
            expected:
                "a number from \(Self.word(range.lowerBound)) to \(Self.word(range.upperBound))"
        )
        return nil
    }

    /// A TCP port, 1 to 65535, or from 0 where `ephemeral` ones are taken.
    package mutating func port(_ key: String, ephemeral: Bool = false) -> UInt16? {
        integer(key, in: (ephemeral ? 0 : 1)...65535).map { UInt16(clamping: $0) }
    }

    /// One of several words.
    package mutating func oneOf(_ key: String, _ words: [String]) -> String? {
        guard let node = setting(key) else { return nil }
        if let text = node.scalarText, words.contains(text) { return text }
        let listed = words.map { "`\($0)`" }.joined(separator: ", ")
        mismatch(
            node,
            key: key,
            expected: words.count == 1 ? listed : "one of \(listed)",
            suggestion: node.scalarText.flatMap { NearestName.suggest($0, among: words) }
        )
        return nil
    }

    /// One case of an enum of words.
    @inlinable
    package mutating func oneOf<Word: RawRepresentable & CaseIterable>(
        _ key: String,
        as type: Word.Type
    ) -> Word? where Word.RawValue == String {
        oneOf(key, Word.allCases.map(\.rawValue)).flatMap { Word(rawValue: $0) }
    }

    private static let booleanWords = [
        "yes": "true", "on": "true", "y": "true", "1": "true",
        "no": "false", "off": "false", "n": "false", "0": "false",
    ]

    /// A bound as people write it: `0`, not `0.0`.
    private static func word(_ number: Double) -> String {
        Int(exactly: number).map(String.init) ?? "\(number)"
    }

    private static func words(for range: ClosedRange<Int>) -> String {
        switch (range.lowerBound, range.upperBound) {
        case (0, .max): "an integer of 0 or more"
        case (let low, .max): "an integer of \(low) or more"
        case (let low, let high): "an integer from \(low) to \(high)"
        }
    }
}
