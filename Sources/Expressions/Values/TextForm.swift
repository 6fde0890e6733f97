package import JSONWire

/// The text of a value: inside a longer string, and where a status is compared.
///
/// Null is empty text, text is itself, numbers keep the text they came with, booleans are `true` and `false`, lists and
/// maps are compact JSON.
package enum TextForm {
    /// The text of a value.
    package static func text(of value: JSONValue) -> String {
        switch value {
        case .null: ""
        case .bool(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .number(let number): number.text
        case .string(let text): text
        case .array, .object: value.jsonText
        }
    }

    /// Appends the text of a value as UTF-8.
    package static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
        switch value {
        case .array, .object: value.appendJSON(to: &bytes)
        default: bytes.append(contentsOf: text(of: value).utf8)
        }
    }
}
