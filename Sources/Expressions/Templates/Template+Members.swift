internal import JSONWire

extension Template {
    /// The members of the map it yields, in order, with their types where they are cast or constant; empty where it is no
    /// map, or one whose members are known only at run time.
    package var memberTypes: [(name: String, type: String?)] {
        if case .object(let object)? = constant {
            return object.members.map { ($0.name, $0.value.typeName) }
        }
        guard case .map(let members) = form else { return [] }
        return members.compactMap { member in
            guard case .named(let name, let form) = member else { return nil }
            return (name, form.typeName)
        }
    }
}

extension Form {
    /// The type of the value, as `as` writes it; nil where only the run tells.
    fileprivate var typeName: String? {
        switch self {
        case .constant(let value): value.typeName
        case .text: "string"
        case .list, .each: "list"
        case .map: "object"
        case .choice, .joined: nil
        case .expression(let piece):
            if case .cast(_, _, let name, _) = piece.expression { name } else { nil }
        }
    }
}

extension JSONValue {
    /// The type as `as` writes it; nil for null.
    fileprivate var typeName: String? {
        switch self {
        case .null: nil
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "list"
        case .object: "object"
        }
    }
}
