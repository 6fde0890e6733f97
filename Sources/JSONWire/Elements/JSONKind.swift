/// What a JSON value is.
@usableFromInline
package enum JSONKind: Sendable, Hashable {
    case null
    case bool
    /// A number without fraction and exponent that fits 64 bits and is not `-0`.
    case integer
    /// Any other number.
    case number
    case string
    case array
    case object

    /// The word for the kind as error messages name it: `null`, `boolean`, `integer`, `number`, `text`, `list`, `map`.
    package var name: String {
        switch self {
        case .null: "null"
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "text"
        case .array: "list"
        case .object: "map"
        }
    }
}
