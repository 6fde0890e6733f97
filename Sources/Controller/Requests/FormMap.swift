internal import JSONWire

/// A form as the map that JSON would have sent.
enum FormMap {
    private static let jsonFields = ["input", "metadata", "callback_headers"]
    private static let nested = ["input", "metadata", "callback_headers"]

    /// The fields with `input`, `metadata` and `callback_headers` read as JSON where they are, and
    /// `input.NAME` or `input[NAME]` as members of such a map.
    static func unfolded(_ form: JSONObject) -> JSONObject {
        var object = JSONObject()
        for member in form.members {
            if let (outer, inner) = parts(member.name) {
                var map = JSONObject()
                if case .object(let begun)? = object[outer] { map = begun }
                map[inner] = member.value
                object[outer] = .object(map)
            } else if jsonFields.contains(member.name), case .string(let text) = member.value {
                object[member.name] = json(text)
            } else {
                object[member.name] = member.value
            }
        }
        return object
    }

    /// `input.prompt` and `input[prompt]` in their two parts.
    private static func parts(_ name: String) -> (outer: String, inner: String)? {
        for outer in nested where name.hasPrefix(outer) {
            let rest = name.dropFirst(outer.count)
            if rest.first == ".", rest.count > 1 { return (outer, String(rest.dropFirst())) }
            if rest.first == "[", rest.last == "]", rest.count > 2 {
                return (outer, String(rest.dropFirst().dropLast()))
            }
        }
        return nil
    }

    /// The value a text is as JSON, or the text itself where it is none.
    private static func json(_ text: String) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(text)
        } catch {
            // People type plain text into forms too.
            return .string(text)
        }
    }
}
