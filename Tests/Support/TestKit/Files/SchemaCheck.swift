package import JSONWire

/// A checker of the part of JSON Schema that the program's own schema uses.
package struct SchemaCheck {
    private let root: JSONValue

    /// Takes a schema whose references are `#/$defs/NAME`.
    package init(_ root: JSONValue) {
        self.root = root
    }

    /// The places of a value that do not fit, in order.
    package func problems(of value: JSONValue) -> [String] { problems(value, root, "") }

    private func problems(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        if let reference = schema["$ref"]?.string {
            let name = String(reference.split(separator: "/").last ?? "")
            guard let definition = root["$defs"]?[name] else { return ["\(place) \(reference)"] }
            return problems(value, definition, place)
        }
        if case .array(let choices)? = schema["anyOf"],
            !choices.contains(where: { problems(value, $0, place).isEmpty })
        {
            return [place]
        }
        if case .array(let words)? = schema["enum"], !words.contains(value) { return [place] }
        if let type = schema["type"], !fits(value, type) { return [place] }
        // The one pattern there is: an expression somewhere in the text.
        if schema["pattern"] != nil, value.string?.contains("${") != true { return [place] }
        if case .integer(let least)? = schema["minimum"], case .integer(let number) = value,
            number < least
        {
            return [place]
        }
        if case .integer(let most)? = schema["maximum"], case .integer(let number) = value,
            number > most
        {
            return [place]
        }
        return inner(value, schema, place)
    }

    private func inner(_ value: JSONValue, _ schema: JSONValue, _ place: String) -> [String] {
        switch value {
        case .array(let elements):
            guard let items = schema["items"] else { return [] }
            return elements.enumerated().flatMap { problems($1, items, "\(place)/\($0)") }
        case .object(let object):
            return object.members.flatMap { member -> [String] in
                let path = "\(place)/\(member.name)"
                if let known = schema["properties"]?[member.name] {
                    return problems(member.value, known, path)
                }
                if member.name.hasPrefix("x-"), schema["patternProperties"] != nil { return [] }
                switch schema["additionalProperties"] {
                case .bool(false)?: return [path]
                case let other?: return problems(member.value, other, path)
                case nil: return []
                }
            }
        default: return []
        }
    }

    private func fits(_ value: JSONValue, _ type: JSONValue) -> Bool {
        if case .array(let types) = type { return types.contains { fits(value, $0) } }
        switch (type.string, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool),
            ("integer", .integer), ("number", .integer), ("number", .number):
            return true
        default: return false
        }
    }
}
