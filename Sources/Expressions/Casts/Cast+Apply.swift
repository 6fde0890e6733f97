internal import Documents
package import JSONWire
internal import Primitives

extension Cast {
    /// Casts a value; null stays null.
    ///
    /// - Throws: ``Failure`` where the value is not exactly one of the type: nothing is rounded, cut or guessed.
    package func apply(_ value: JSONValue) throws(Failure) -> JSONValue {
        if value.isNull { return .null }
        if !isList { return try single(value) }
        let elements = try Self.list(value)
        var cast: [JSONValue] = []
        cast.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            do throws(Failure) {
                cast.append(element.isNull ? .null : try single(element))
            } catch {
                throw Failure(message: "\(error.message) (element \(index))")
            }
        }
        return .array(cast)
    }

    private func single(_ value: JSONValue) throws(Failure) -> JSONValue {
        switch kind {
        case .string, .text: return .string(TextForm.text(of: value))
        case .integer: return try Self.integer(value)
        case .number: return try Self.number(value)
        case .boolean: return try Self.boolean(value)
        case .json: return try Self.parsed(value, as: "JSON")
        case .base64:
            var bytes: [UInt8] = []
            TextForm.append(value, to: &bytes)
            return .string(Base64.text(of: bytes))
        case .list: return .array(try Self.list(value))
        case .object:
            let parsed = try Self.parsed(value, as: "map")
            guard case .object(let object) = parsed else {
                throw Failure(message: "\(parsed.kindWithArticle) is not a map")
            }
            return .object(projected(object))
        }
    }

    private static func list(_ value: JSONValue) throws(Failure) -> [JSONValue] {
        let parsed = try parsed(value, as: "list")
        guard case .array(let elements) = parsed else {
            throw Failure(message: "\(parsed.kindWithArticle) is not a list")
        }
        return elements
    }

    /// The members that the projection names, each under its last name; null where one is missing.
    private func projected(_ object: JSONObject) -> JSONObject {
        if projection.isEmpty { return object }
        var kept = JSONObject()
        for path in projection {
            guard let last = path.last else { continue }
            kept[last.text] = JSONValue.object(object).select(path.map { .member($0) })
        }
        return kept
    }

    private static func integer(_ value: JSONValue) throws(Failure) -> JSONValue {
        let text: String
        switch value {
        case .integer: return value
        case .number(let number): text = number.text
        case .string(let string):
            guard let canonical = NumberText.canonical(string) else {
                throw Failure(message: "the text is not an integer")
            }
            text = canonical
        default: throw Failure(message: "\(value.kindWithArticle) is not an integer")
        }
        guard let integer = Decimal(text).integer else {
            throw Failure(
                message: NumberText.isIntegral(text.utf8)
                    ? "the number does not fit 64 bits" : "the number is not an integer of 64 bits"
            )
        }
        return .integer(integer)
    }

    private static func number(_ value: JSONValue) throws(Failure) -> JSONValue {
        switch value {
        case .integer, .number: return value
        case .string(let string):
            guard let canonical = NumberText.canonical(string) else {
                throw Failure(message: "the text is not a number")
            }
            return .number(text: canonical)
        default: throw Failure(message: "\(value.kindWithArticle) is not a number")
        }
    }

    private static func boolean(_ value: JSONValue) throws(Failure) -> JSONValue {
        switch value {
        case .bool: return value
        case .integer(1), .string("true"), .string("1"): return .bool(true)
        case .integer(0), .string("false"), .string("0"): return .bool(false)
        case .string: throw Failure(message: "the text is neither `true` nor `false`")
        default:
            throw Failure(
                message: "\(value.kindWithArticle) is not a boolean; only true, false, 1 and 0 are"
            )
        }
    }

    /// What JSON text says; anything but text is what it is.
    private static func parsed(
        _ value: JSONValue,
        as wanted: String
    ) throws(Failure) -> JSONValue {
        guard case .string(let text) = value else { return value }
        do throws(JSONError) {
            return try JSONValue.parse(text)
        } catch {
            let article = wanted == "JSON" ? "" : " of a \(wanted)"
            throw Failure(message: "the text is not JSON\(article): \(error.message)")
        }
    }
}

extension Expression {
    /// Casts a value, with the error of an expression.
    static func cast(
        _ value: JSONValue,
        _ cast: Cast,
        _ name: String,
        at position: SourcePosition
    ) throws(EvaluationError) -> JSONValue {
        do throws(Cast.Failure) {
            return try cast.apply(value)
        } catch {
            throw EvaluationError("cannot cast `as \(name)`: \(error.message)", at: position)
        }
    }
}
