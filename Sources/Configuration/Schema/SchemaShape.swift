internal import JSONWire

/// What may stand under a key of the configuration.
indirect enum SchemaShape: Sendable {
    /// Anything: a value with expressions.
    case any
    /// One value as text: text, a number or a boolean.
    case text
    /// True or false.
    case flag
    /// An integer from a least on.
    case whole(Int64)
    /// A number.
    case number
    /// `5m`, `250ms`, or seconds.
    case duration
    /// `64MiB`, or bytes.
    case size
    /// One of these words.
    case words([String])
    /// A list.
    case list(SchemaShape)
    /// One, or a list of them.
    case some(SchemaShape)
    /// A map with any keys.
    case map(SchemaShape)
    /// A map of the table, by its name.
    case named(String)
    /// One of several.
    case either([SchemaShape])

    /// The shape as JSON Schema.
    var schema: JSONObject {
        switch self {
        case .any: [:]
        case .text: ["type": Self.types("string", "number", "boolean")]
        case .flag: Self.orExpression(["type": "boolean".json])
        case .whole(let least):
            Self.orExpression(["type": "integer".json, "minimum": .integer(least)])
        case .number: Self.orExpression(["type": "number".json])
        case .duration:
            [
                "type": Self.types("string", "number"),
                "examples": .array(["30s".json, "5m".json, "250ms".json]),
            ]
        case .size:
            [
                "type": Self.types("string", "integer"),
                "examples": .array(["64KiB".json, "1MiB".json]),
            ]
        case .words(let words): Self.orExpression(["enum": .array(words.map(\.json))])
        case .list(let shape): ["type": "array".json, "items": .object(shape.schema)]
        case .some(let shape): Self.oneOf([shape, .list(shape)])
        case .map(let shape):
            ["type": "object".json, "additionalProperties": .object(shape.schema)]
        case .named(let name): ["$ref": "#/$defs/\(name)".json]
        case .either(let shapes): Self.oneOf(shapes)
        }
    }

    private static func types(_ names: String...) -> JSONValue { .array(names.map(\.json)) }

    /// A value, or a text with an expression that yields one, such as `${env.PORT}`.
    private static func orExpression(_ schema: JSONObject) -> JSONObject {
        let expression: JSONObject = ["type": "string".json, "pattern": #"\$\{"#.json]
        return ["anyOf": .array([.object(schema), .object(expression)])]
    }

    private static func oneOf(_ shapes: [SchemaShape]) -> JSONObject {
        ["anyOf": .array(shapes.map { .object($0.schema) })]
    }
}

extension String {
    /// The text as a JSON value.
    fileprivate var json: JSONValue { .string(self) }
}
