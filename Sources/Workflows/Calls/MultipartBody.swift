internal import Expressions
internal import JSONWire
internal import Primitives

/// Writes a map as `multipart/form-data` (RFC 7578).
struct MultipartBody {
    /// The whole body.
    let bytes: [UInt8]
    /// The media type with its boundary.
    let contentType: String

    /// One part of a body.
    private struct Part {
        let name: String
        var filename: String?
        var type: String?
        let content: [UInt8]
    }

    /// Encodes the fields of a map: null is left out, a list repeats its name, a map is JSON, and a map with a
    /// `filename` is a file, its content under `text` or `base64`.
    ///
    /// - Throws: ``CallFailure`` for a file without readable content.
    init(_ fields: JSONObject) throws(CallFailure) {
        var parts: [Part] = []
        for member in fields.members {
            if case .array(let elements) = member.value {
                for element in elements { parts.append(try Self.part(member.name, element)) }
            } else if !member.value.isNull {
                parts.append(try Self.part(member.name, member.value))
            }
        }
        let boundary = Self.boundary(for: parts)
        var bytes: [UInt8] = []
        for part in parts {
            bytes += Self.head(of: part, boundary).utf8
            bytes += part.content
            bytes += "\r\n".utf8
        }
        bytes += "--\(boundary)--\r\n".utf8
        self.bytes = bytes
        contentType = "multipart/form-data; boundary=\(boundary)"
    }

    private static func part(_ name: String, _ value: JSONValue) throws(CallFailure) -> Part {
        guard case .object(let object) = value else {
            return Part(name: name, content: Array(TextForm.text(of: value).utf8))
        }
        guard let filename = object["filename"]?.string else {
            return Part(
                name: name,
                type: "application/json",
                content: Array(TextForm.text(of: value).utf8)
            )
        }
        let type = object["content_type"]?.string ?? "application/octet-stream"
        if let text = object["text"]?.string {
            return Part(name: name, filename: filename, type: type, content: Array(text.utf8))
        }
        guard let content = object["base64"]?.string.flatMap({ Base64.bytes(of: $0) }) else {
            throw CallFailure(
                code: .requestInvalid,
                message:
                    "the file '\(name)' of a multipart body has neither `text` nor valid `base64`"
            )
        }
        return Part(name: name, filename: filename, type: type, content: content)
    }

    private static func head(of part: Part, _ boundary: String) -> String {
        var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(quoted(part.name))\""
        if let filename = part.filename { head += "; filename=\"\(quoted(filename))\"" }
        if let type = part.type { head += "\r\nContent-Type: \(quoted(type))" }
        return head + "\r\n\r\n"
    }

    /// What would end a quoted value or its line is percent-encoded, as browsers do.
    private static func quoted(_ text: String) -> String {
        text.replacing("\r", with: "%0D").replacing("\n", with: "%0A").replacing("\"", with: "%22")
    }

    /// The first of a row of boundaries that no content holds.
    private static func boundary(for parts: [Part]) -> String {
        var number = 0
        while parts.contains(where: { holds($0.content, Array("--sluice-\(number)".utf8)) }) {
            number += 1
        }
        return "sluice-\(number)"
    }

    private static func holds(_ bytes: [UInt8], _ wanted: [UInt8]) -> Bool {
        bytes.count >= wanted.count && bytes.firstRange(of: wanted) != nil
    }
}
