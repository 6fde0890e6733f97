package import JSONWire

extension Node {
    /// The value as JSON, without positions.
    ///
    /// A number that JSON cannot write as it stands (`+1.5`, `.5`, `0xFFFFFFFFFFFFFFFFFF`) becomes its nearest double;
    /// `.inf` and `.nan` stay text.
    package var jsonValue: JSONValue {
        switch content {
        case .null: .null
        case .bool(let flag): .bool(flag)
        case .integer(let integer): .integer(integer)
        case .number(let text): Self.number(text)
        case .text(let text): .string(text)
        case .list(let nodes): .array(nodes.map(\.jsonValue))
        case .map(let entries): .object(Self.object(entries))
        }
    }

    private static func object(_ entries: [Entry]) -> JSONObject {
        var object = JSONObject()
        for entry in entries { object[entry.key] = entry.value.jsonValue }
        return object
    }

    private static func number(_ text: String) -> JSONValue {
        // What the grammar of RFC 8259 takes keeps its text.
        if let parsed = Self.jsonNumber(text) { return parsed }
        if let double = Double(text), let number = JSONNumber(double) { return .number(number) }
        return .string(text)
    }

    private static func jsonNumber(_ text: String) -> JSONValue? {
        do {
            return try JSONValue.parse(text)
        } catch {
            // Not as JSON writes numbers: the caller has another way.
            return nil
        }
    }
}
