package import HTTPEngine
internal import HTTPWire
package import JSONWire
internal import Primitives

/// Bodies of other kinds than plain JSON as values.
package enum BodyValue {
    /// The value of a whole body that is not on the wire, by its content type; JSON where that is nil.
    ///
    /// - Throws: What a sender would be answered.
    package static func whole(_ bytes: [UInt8], contentType: String?) throws(Problem) -> JSONValue {
        if bytes.isEmpty { return .null }
        return try of(bytes, contentType ?? "application/json")
    }

    /// The value of a body by its content type.
    ///
    /// - Throws: 415 for another media type, 400 for a body that is not what its type says, 413 for too many parts.
    /// - Complexity: O(n).
    package static func of(_ bytes: [UInt8], _ contentType: String) throws(Problem) -> JSONValue {
        let charset = Charset(ofContentType: contentType)
        switch MediaKind(contentType: contentType) {
        case .json: return try json(bytes, charset)
        case .jsonLines: return .array(try lines(bytes))
        case .form: return RequestFacts.grouped(FormText.pairs(bytes.span, charset: charset))
        case .multipart: return try MultipartValue.of(bytes, contentType)
        case .text: return .string((charset ?? declared(bytes) ?? .utf8).decode(bytes))
        case .bytes: return self.bytes(bytes, contentType)
        case .unknown:
            throw Problem(
                status: 415,
                code: .mediaTypeUnsupported,
                detail: "A body of this media type is not taken. "
                    + "Accepted media types: \(MediaKind.accepted)."
            )
        }
    }

    /// Bytes that are no text.
    static func bytes(_ bytes: [UInt8], _ contentType: String) -> JSONValue {
        .object([
            "content_type": .string(contentType),
            "size": .integer(Int64(clamping: bytes.count)),
            "base64": .string(Base64.text(of: bytes)),
        ])
    }

    /// The JSON in a field of a form, as Slack sends it.
    ///
    /// - Throws: 400 where the form has no such field, or what stands in it is not JSON.
    static func json(
        inField field: String,
        of bytes: [UInt8],
        _ contentType: String
    ) throws(Problem) -> JSONValue {
        let charset = Charset(ofContentType: contentType)
        let pairs = FormText.pairs(bytes.span, charset: charset)
        guard let text = pairs.first(where: { $0.name == field })?.value else {
            throw unparseable("The form has no field `\(field.prefix(64))`, which holds the JSON.")
        }
        do throws(JSONError) {
            return try JSONValue.parse(Array(text.utf8))
        } catch {
            throw unparseable(
                "The field `\(field.prefix(64))` of the form is not JSON: \(error.message)."
            )
        }
    }

    /// JSON that may be said to be in another encoding: it is decoded where it is no UTF-8.
    private static func json(_ bytes: [UInt8], _ charset: Charset?) throws(Problem) -> JSONValue {
        let error: JSONError
        do throws(JSONError) {
            return try JSONValue.parse(bytes)
        } catch let failure {
            error = failure
        }
        guard error.reason == .badUTF8, let charset, charset != .utf8,
            let value = Self.parsed(Array(charset.decode(bytes).utf8))
        else { throw notJSON(error, bytes) }
        return value
    }

    /// One value for each line that is not blank.
    private static func lines(_ bytes: [UInt8]) throws(Problem) -> [JSONValue] {
        var values: [JSONValue] = []
        var (start, number) = (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0, 1)
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            let line = bytes[start..<end]
            if !line.allSatisfy({ $0 == 32 || $0 == 9 || $0 == 13 }) {
                do throws(JSONError) {
                    values.append(try JSONValue.parse(Array(line)))
                } catch {
                    let place = "Line \(number), which begins at byte \(start), is not JSON"
                    throw unparseable("\(place): \(error.message)")
                }
            }
            (start, number) = (end + 1, number + 1)
        }
        return values
    }

    /// The encoding that an XML declaration names (XML 1.0, 4.3.3); nil where there is none.
    private static func declared(_ bytes: [UInt8]) -> Charset? {
        guard bytes.starts(with: "<?xml".utf8) else { return nil }
        let head = bytes.prefix(256).prefix { $0 != UInt8(ascii: ">") }
        let text = String(decoding: head, as: UTF8.self)
        guard let found = text.firstRange(of: "encoding") else { return nil }
        let value = text[found.upperBound...].drop { $0 == " " || $0 == "=" }
        guard let quote = value.first, quote == "\"" || quote == "'" else { return nil }
        return Charset(label: value.dropFirst().prefix { $0 != quote })
    }

    /// What is wrong with JSON: where it is in UTF-16 or UTF-32, that.
    static func notJSON(_ error: JSONError, _ bytes: [UInt8]) -> Problem {
        guard let name = wideEncoding(bytes) else {
            return unparseable("The body is not JSON: \(error.message).")
        }
        return unparseable(
            "The body is in \(name), and JSON is sent in UTF-8 (RFC 8259, 8.1): "
                + "\(error.message)."
        )
    }

    /// UTF-16 or UTF-32, where the first bytes are those of it: a BOM, or ASCII between zeros.
    private static func wideEncoding(_ bytes: [UInt8]) -> String? {
        if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
            return "UTF-32"
        }
        if let (charset, _) = Charset.mark(bytes), charset != .utf8 { return "UTF-16" }
        guard bytes.count >= 2, (bytes[0] == 0) != (bytes[1] == 0) || bytes.starts(with: [0, 0, 0])
        else { return nil }
        let isWide =
            bytes.count >= 4 && (bytes.starts(with: [0, 0, 0]) || bytes[1...3] == [0, 0, 0])
        return isWide ? "UTF-32" : "UTF-16"
    }

    /// Whether a body of another kind is a JSON map or list by its looks, so that its media type is a mistake of the sender.
    package static func looksLikeJSON(_ bytes: [UInt8], _ kind: MediaKind) -> Bool {
        if isJSONish(bytes) { return true }
        guard kind == .form else { return false }
        // Encoded as a form by the client: one field whose name is the text.
        let pairs = FormText.pairs(bytes.prefix { $0 != UInt8(ascii: "&") }.copied.span)
        guard pairs.count == 1, pairs[0].value.isEmpty,
            !bytes.contains(UInt8(ascii: "&"))
        else { return false }
        return isJSONish(Array(pairs[0].name.utf8))
    }

    private static func isJSONish(_ bytes: [UInt8]) -> Bool {
        let text = bytes[(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)...].drop(while: isBlank)
        let next = text.dropFirst().drop(while: isBlank).first ?? 0
        switch text.first {
        case UInt8(ascii: "{"):
            return next == UInt8(ascii: "\"") || next == UInt8(ascii: "}")
        case UInt8(ascii: "["):
            return "\"{[]-0123456789tfn".utf8.contains(next)
                && parsed(Array(text)) != nil
        default: return false
        }
    }

    /// The JSON of bytes; nil where they are something else.
    static func parsed(_ bytes: [UInt8]) -> JSONValue? {
        do throws(JSONError) {
            return try JSONValue.parse(bytes)
        } catch {
            // Whoever asks has another reading for it.
            return nil
        }
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 32 || byte == 9 || byte == 10 || byte == 13
    }

    /// The refusal of a body that is not what its type says.
    static func unparseable(_ detail: String) -> Problem {
        Problem(status: 400, code: .bodyUnparseable, detail: detail.sentence)
    }
}

extension ArraySlice<UInt8> {
    /// The bytes as an array.
    fileprivate var copied: [UInt8] { Array(self) }
}
