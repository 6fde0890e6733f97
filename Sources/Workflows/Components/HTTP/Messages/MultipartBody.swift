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
        // Of a file that came in both, the text is not exactly its bytes.
        let exact = object["base64"]?.string.flatMap { Base64.bytes(of: $0) }
        guard let content = exact ?? (object["text"]?.string).map({ Array($0.utf8) }) else {
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
        var taken: Set<Int> = []
        for part in parts { note(part.content, &taken) }
        var number = 0
        while taken.contains(number) { number += 1 }
        return "sluice-\(number)"
    }

    /// Notes the numbers with which boundaries of ours would begin in some bytes: `--sluice-12` holds those of 1 and of 12.
    private static func note(_ bytes: [UInt8], _ taken: inout Set<Int>) {
        let mark = Array("--sluice-".utf8)
        var at = 0
        while bytes.count - at > mark.count {
            guard bytes[at] == mark[0], bytes[at..<at + mark.count].elementsEqual(mark) else {
                at += 1
                continue
            }
            at += mark.count
            var number = 0
            for digit in bytes[at...].prefix(9) {
                guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { break }
                number = number * 10 + Int(digit - UInt8(ascii: "0"))
                taken.insert(number)
            }
        }
    }
}
