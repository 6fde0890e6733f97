internal import Expressions
internal import JSONWire
internal import Primitives

/// Turns the value of `body` into bytes, as `Content-Type` says.
enum OutgoingBody {
    /// Encodes a body; sets `Content-Type` where there is none.
    ///
    /// Without a type text goes as `text/plain` and anything else as JSON. Null is no body.
    static func encode(
        _ body: JSONValue,
        _ fields: inout HeaderFields
    ) -> Result<[UInt8]?, CallFailure> {
        guard !body.isNull else { return .success(nil) }
        guard let type = fields["Content-Type"].map(ResponseMediaType.essence) else {
            if case .string(let text) = body {
                fields.setDefault("Content-Type", "text/plain; charset=utf-8")
                return .success(Array(text.utf8))
            }
            fields.setDefault("Content-Type", "application/json")
            return .success(json(body))
        }
        if ResponseMediaType.isJSON(type) { return .success(json(body)) }
        if type == "application/x-www-form-urlencoded" { return .success(form(body)) }
        if type.hasPrefix("multipart/") { return multipart(body, type, &fields) }
        return .success(Array(TextForm.text(of: body).utf8))
    }

    private static func multipart(
        _ body: JSONValue,
        _ type: String,
        _ fields: inout HeaderFields
    ) -> Result<[UInt8]?, CallFailure> {
        guard type == "multipart/form-data", case .object(let object) = body else {
            let message =
                "only a map can be sent as multipart/form-data, and nothing else as \(type)"
            return .failure(CallFailure(code: .requestInvalid, message: message))
        }
        do throws(CallFailure) {
            let encoded = try MultipartBody(object)
            fields.set("Content-Type", .string(encoded.contentType))
            return .success(encoded.bytes)
        } catch {
            return .failure(error)
        }
    }

    private static func json(_ body: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        body.appendJSON(to: &bytes)
        return bytes
    }

    private static func form(_ body: JSONValue) -> [UInt8] {
        if case .object(let object) = body { return Array(URLJoin.form(object).utf8) }
        return Array(TextForm.text(of: body).utf8)
    }
}

/// Reads media types (RFC 9110, 8.3.1).
enum ResponseMediaType {
    /// The type without parameters, in lower case.
    static func essence(_ value: String) -> String {
        let type = value.prefix { $0 != ";" }
        return String(type.filter { $0 != " " && $0 != "\t" }).lowercased()
    }

    /// Whether a type is JSON: `application/json` or any `+json`.
    static func isJSON(_ essence: String) -> Bool {
        essence == "application/json" || essence.hasSuffix("+json")
    }
}
