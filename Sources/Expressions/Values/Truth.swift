internal import Documents
internal import JSONWire

/// What `and`, `or`, `not` and conditions take for true.
enum Truth {
    /// The boolean itself; null is false; anything else is an error.
    static func of(
        _ value: JSONValue,
        _ asker: String,
        at position: SourcePosition
    ) throws(EvaluationError) -> Bool {
        switch value {
        case .bool(let flag): return flag
        case .null: return false
        default:
            throw EvaluationError(
                "`\(asker)` takes booleans, not \(value.kindWithArticle); compare it with"
                    + " something, or cast it `as boolean`",
                at: position
            )
        }
    }
}

extension JSONValue {
    /// The kind of value with its article, for messages: `an integer`, `a map`, `text`.
    package var kindWithArticle: String {
        switch self {
        case .null, .string: kindName
        case .integer: "an integer"
        default: "a \(kindName)"
        }
    }
}
