internal import Documents
internal import JSONWire

/// How values compare.
///
/// Numbers compare by their exact value, however they are written; texts by their Unicode scalars. Values of different
/// kinds are never equal, and have no order.
enum Relations {
    /// The answer of an operator; null where an order is asked for and a side is null.
    static func value(
        _ left: JSONValue,
        _ relation: Relation,
        _ right: JSONValue,
        at position: SourcePosition
    ) throws(EvaluationError) -> JSONValue {
        switch relation {
        case .equal: return .bool(areEqual(left, right))
        case .notEqual: return .bool(!areEqual(left, right))
        case .contained: return .bool(try contains(right, left, at: position))
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            guard let order = try order(left, right, relation.rawValue, at: position) else {
                return .null
            }
            switch relation {
            case .less: return .bool(order < 0)
            case .lessOrEqual: return .bool(order <= 0)
            case .greater: return .bool(order > 0)
            default: return .bool(order >= 0)
            }
        }
    }

    /// Whether two values are the same; lists and maps by what is in them.
    static func areEqual(_ left: JSONValue, _ right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let left), .bool(let right)): return left == right
        case (.integer(let left), .integer(let right)): return left == right
        case (.string(let left), .string(let right)): return left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { areEqual($0, $1) }
        case (.object(let left), .object(let right)):
            return left.count == right.count
                && left.members.allSatisfy { member in
                    right[member.name].map { areEqual(member.value, $0) } ?? false
                }
        default:
            guard let left = decimal(left), let right = decimal(right) else { return false }
            return left == right
        }
    }

    /// Below zero where left comes first, 0 where neither does; nil where a side is null.
    static func order(
        _ left: JSONValue,
        _ right: JSONValue,
        _ name: String,
        at position: SourcePosition
    ) throws(EvaluationError) -> Int? {
        switch (left, right) {
        case (.null, _), (_, .null): return nil
        case (.integer(let left), .integer(let right)):
            return left < right ? -1 : (left == right ? 0 : 1)
        case (.string(let left), .string(let right)):
            if left.utf8.elementsEqual(right.utf8) { return 0 }
            return left.utf8.lexicographicallyPrecedes(right.utf8) ? -1 : 1
        default:
            if let left = decimal(left), let right = decimal(right) {
                return left < right ? -1 : (left == right ? 0 : 1)
            }
            throw unordered(left, right, name, at: position)
        }
    }

    /// Whether a list has an equal element, a map the key, a text the other text inside; null has nothing in it.
    static func contains(
        _ container: JSONValue,
        _ value: JSONValue,
        at position: SourcePosition
    ) throws(EvaluationError) -> Bool {
        switch (container, value) {
        case (.null, _): return false
        case (.array(let elements), _): return elements.contains { areEqual($0, value) }
        case (.object, .null), (.string, .null): return false
        case (.object(let object), .string(let name)): return object[name] != nil
        case (.string(let text), .string(let part)):
            return TextSearch.contains(Array(text.utf8), Array(part.utf8))
        case (.object, _), (.string, _):
            throw EvaluationError(
                "`in` looks for text in a \(container.kindName == "map" ? "map's keys" : "text"),"
                    + " not for \(value.kindWithArticle); cast it `as text`",
                at: position
            )
        default:
            throw EvaluationError(
                "`in` looks in lists, maps and text, not in \(container.kindWithArticle)",
                at: position
            )
        }
    }

    private static func unordered(
        _ left: JSONValue,
        _ right: JSONValue,
        _ name: String,
        at position: SourcePosition
    ) -> EvaluationError {
        var message =
            "`\(name)` cannot order \(left.kindWithArticle) and \(right.kindWithArticle)"
        if (decimal(left) != nil && right.string != nil)
            || (left.string != nil && decimal(right) != nil)
        {
            message += ": cast the text `as number`"
        }
        return EvaluationError(message, at: position)
    }

    private static func decimal(_ value: JSONValue) -> Decimal? {
        switch value {
        case .integer(let number): Decimal(String(number))
        case .number(let number): Decimal(number.text)
        default: nil
        }
    }
}
