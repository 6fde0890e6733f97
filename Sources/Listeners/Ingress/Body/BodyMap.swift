package import HTTPEngine
package import JSONWire
internal import Primitives

/// Reads the maps that JSON bodies of requests carry.
package enum BodyMap {
    /// A body that is a JSON map; an empty one counts as an empty map.
    ///
    /// - Throws: 400 when it is not JSON, 422 when it is no map.
    package static func read(_ body: RawSpan) throws(Problem) -> JSONObject {
        if body.byteCount == 0 { return [:] }
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue.parse(body.copied)
        } catch {
            throw Problem(
                status: 400,
                code: .bodyUnparseable,
                detail: "The body is not JSON: \(error.message)".sentence
            )
        }
        guard case .object(let object) = value else {
            throw invalid("The body must be an object, not \(word(value)).")
        }
        return object
    }

    /// A member that is text; nil where it is missing or null.
    package static func text(_ object: JSONObject, _ name: String) throws(Problem) -> String? {
        switch object[name] {
        case nil, .null?: nil
        case .string(let text)?: text
        case let other?: throw invalid("`\(name)` must be a string, not \(word(other)).")
        }
    }

    /// A member that is true or false, in a form as a word; nil where it is missing or null.
    package static func flag(
        _ object: JSONObject,
        _ name: String,
        isForm: Bool = false
    ) throws(Problem) -> Bool? {
        switch object[name] {
        case nil, .null?: return nil
        case .bool(let flag)?: return flag
        case .string(let word)? where isForm:
            return try flag(word: word, name)
        case let other?:
            throw invalid("`\(name)` must be true or false, not \(word(other)).")
        }
    }

    /// A word that means true or false.
    package static func flag(word: String, _ name: String) throws(Problem) -> Bool {
        switch word.lowercased() {
        case "true", "1": true
        case "false", "0": false
        default: throw invalid("`\(name)` must be true or false.")
        }
    }

    /// The word that JSON has for a kind of value, with its article.
    static func word(_ value: JSONValue) -> String {
        switch value {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .number: "a number"
        case .string: "a string"
        case .array: "a list"
        case .object: "an object"
        }
    }

    /// The refusal of a body or a query that does not fit.
    package static func invalid(_ detail: String) -> Problem {
        Problem(status: 422, code: .inputInvalid, detail: detail.sentence)
    }
}
