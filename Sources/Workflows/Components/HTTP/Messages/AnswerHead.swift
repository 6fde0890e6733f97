package import Expressions
package import JSONWire
internal import Primitives

/// What HTTP says of an answer beside its body: `${http}`.
package struct AnswerHead: Sendable, Hashable {
    /// How far ahead a `Retry-After` is believed.
    static let retryAfterMax = Nanoseconds.seconds(86_400)

    /// The status.
    package let status: Int
    /// The header fields that are kept, names in small letters: the text of one that came once, else the list of its texts.
    package let headers: JSONObject

    /// Puts together what is kept of an answer.
    package init(status: Int, headers: JSONObject = JSONObject()) {
        self.status = status
        self.headers = headers
    }

    /// Takes header fields as they came.
    ///
    /// - Parameters:
    ///   - status: The status.
    ///   - fields: The fields, names in any case.
    ///   - keepsAll: Whether an expression reads them; else only `Retry-After` is kept.
    package init(status: Int, fields: [(name: String, value: String)], keepsAll: Bool) {
        var texts: [String: [String]] = [:]
        var names: [String] = []
        for field in fields {
            let name = field.name.lowercased()
            guard keepsAll || name == "retry-after" else { continue }
            if texts[name] == nil { names.append(name) }
            texts[name, default: []].append(field.value)
        }
        var headers = JSONObject()
        for name in names {
            let values = texts[name] ?? []
            headers[name] =
                values.count == 1
                ? .string(values[0]) : .array(values.map { JSONValue.string($0) })
        }
        self.init(status: status, headers: headers)
    }

    /// The value that a path into `${http}` leads to; names of header fields are looked up without regard to case.
    package func select(_ steps: [PathStep]) -> JSONValue {
        guard case .member(let name)? = steps.first else {
            let whole: JSONObject = [
                "status": .integer(Int64(status)), "headers": .object(headers),
            ]
            return JSONValue.object(whole).select(steps)
        }
        let rest = steps.dropFirst()
        switch name.text {
        case "status": return JSONValue.integer(Int64(status)).select(rest)
        case "headers":
            guard case .member(let field)? = rest.first else {
                return JSONValue.object(headers).select(rest)
            }
            return (headers[field.text.lowercased()] ?? .null).select(rest.dropFirst())
        default: return .null
        }
    }

    /// When the other side wants to be asked again at the earliest (RFC 9110, 10.2.3); nil where it does not say, where that
    /// is past, and at most ``retryAfterMax`` from now.
    func retryAfter(_ now: WallTime) -> WallTime? {
        let text: String
        switch headers["retry-after"] {
        case .string(let value)?: text = value
        case .array(let values)?: text = values.first?.string ?? ""
        default: return nil
        }
        let word = text.utf8.drop { $0 == 0x20 || $0 == 0x09 }
        let digits = word.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        let last = now.advanced(by: Self.retryAfterMax)
        if !digits.isEmpty {
            let isAll = word.dropFirst(digits.count).allSatisfy { $0 == 0x20 || $0 == 0x09 }
            guard isAll else { return nil }
            let seconds = Int64(String(Substring(digits))) ?? .max
            if seconds <= 0 { return nil }
            return seconds > 86_400 ? last : now.advanced(by: .seconds(seconds))
        }
        guard let moment = HTTPDateText.moment(text), moment > now else { return nil }
        return min(moment, last)
    }
}
