internal import Documents
internal import JSONWire

extension SettingMap {
    /// The map as JSON Schema; `x-…` keys are everybody's own.
    var schema: JSONObject {
        var properties = JSONObject()
        for key in keys { properties[key.name] = .object(key.schema) }
        for name in noted where properties[name] == nil {
            properties[name] = .object(["description": .string("Known, and without effect here.")])
        }
        return [
            "type": .string("object"), "properties": .object(properties),
            "patternProperties": .object(["^x-": .object([:])]),
            "additionalProperties": .bool(false),
        ]
    }
}

extension SettingDetails {
    /// The key's values as JSON Schema, with its meaning and its default.
    fileprivate var schema: JSONObject {
        var schema = shape.schema
        schema["description"] = .string(sentence)
        if case .value(let text) = standard { schema["default"] = shape.json(text) }
        return schema
    }
}

extension SettingShape {
    /// The shape as JSON Schema.
    fileprivate var schema: JSONObject {
        switch self {
        case .any: [:]
        case .scalar: ["type": Self.types("string", "number", "boolean")]
        case .text: ["type": "string".json]
        case .flag: Self.orExpression(["type": "boolean".json])
        case .integer(let range): Self.orExpression(Self.integers(range))
        case .number: Self.orExpression(["type": "number".json, "minimum": .integer(0)])
        case .duration:
            [
                "type": Self.types("string", "number"), "minimum": .integer(0),
                "examples": .array(["30s".json, "5m".json, "250ms".json]),
            ]
        case .size:
            [
                "type": Self.types("string", "integer"), "minimum": .integer(0),
                "examples": .array(["64KiB".json, "1MiB".json]),
            ]
        case .words(let words): Self.orExpression(["enum": .array(words.map(\.json))])
        case .list(let shape): ["type": "array".json, "items": .object(shape.schema)]
        case .some(let shape): Self.oneOf([shape, .list(shape)])
        case .map(let shape):
            ["type": "object".json, "additionalProperties": .object(shape.schema)]
        case .block(let map): ["$ref": "#/$defs/\(map().name)".json]
        case .either(let shapes): Self.oneOf(shapes)
        }
    }

    /// A default as the value that JSON has for it.
    fileprivate func json(_ text: String) -> JSONValue {
        switch self {
        case .flag: .bool(text == "true")
        case .integer: Int64(text).map { .integer($0) } ?? text.json
        default: text.json
        }
    }

    private static func integers(_ range: ClosedRange<Int>) -> JSONObject {
        var schema: JSONObject = [
            "type": "integer".json, "minimum": .integer(Int64(range.lowerBound)),
        ]
        if range.upperBound < .max { schema["maximum"] = .integer(Int64(range.upperBound)) }
        return schema
    }

    private static func types(_ names: String...) -> JSONValue { .array(names.map(\.json)) }

    /// A value, or a text with an expression that yields one, such as `${env.PORT}`.
    private static func orExpression(_ schema: JSONObject) -> JSONObject {
        let expression: JSONObject = ["type": "string".json, "pattern": #"\$\{"#.json]
        return ["anyOf": .array([.object(schema), .object(expression)])]
    }

    private static func oneOf(_ shapes: [SettingShape]) -> JSONObject {
        ["anyOf": .array(shapes.map { .object($0.schema) })]
    }
}

extension String {
    /// The text as a JSON value.
    fileprivate var json: JSONValue { .string(self) }
}
