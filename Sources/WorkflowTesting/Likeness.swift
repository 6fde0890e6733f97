internal import JSONWire

/// How a value differs from what was expected of it.
enum Likeness {
    /// How many differences are told.
    private static let countMax = 20

    /// The differences, a sentence each.
    ///
    /// - Parameters:
    ///   - expected: What was expected.
    ///   - found: What is there.
    ///   - path: The value's name in the sentences.
    ///   - isExact: Whether maps may have no members beside those expected.
    /// - Returns: None where the value is as expected.
    static func differences(
        expected: JSONValue,
        found: JSONValue,
        path: String,
        isExact: Bool
    ) -> [String] {
        var differences: [String] = []
        compare(expected, found, path, isExact, &differences)
        return differences
    }

    private static func compare(
        _ expected: JSONValue,
        _ found: JSONValue,
        _ path: String,
        _ isExact: Bool,
        _ differences: inout [String]
    ) {
        guard differences.count < countMax else { return }
        switch (expected, found) {
        case (.object(let expected), .object(let found)):
            for member in expected.members {
                compare(
                    member.value,
                    found[member.name] ?? .null,
                    "\(path).\(member.name)",
                    isExact,
                    &differences
                )
            }
            for member in found.members where isExact && expected[member.name] == nil {
                if member.value.isNull { continue }
                differences.append(
                    "\(path).\(member.name): not expected, found \(shown(member.value))"
                )
            }
        case (.array(let expected), .array(let found)) where expected.count == found.count:
            for (index, pair) in zip(expected, found).enumerated() {
                compare(pair.0, pair.1, "\(path)[\(index)]", isExact, &differences)
            }
        case (.array(let expected), .array(let found)):
            differences.append(
                "\(path): expected \(expected.count) elements, found \(found.count)"
            )
        default:
            if expected != found {
                differences.append("\(path): expected \(shown(expected)), found \(shown(found))")
            }
        }
    }

    /// A value in a sentence; long ones are cut.
    static func shown(_ value: JSONValue) -> String {
        let text = value.jsonText
        return text.count > 200 ? "\(text.prefix(200))…" : text
    }
}
