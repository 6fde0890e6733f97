internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Primitives

/// Bodies of `multipart/form-data` (RFC 7578) as values.
enum MultipartValue {
    /// The most parts of a body.
    static let partsMax = 100

    /// A map of the fields: a name that comes once has its value, one that comes more often the list of its values.
    ///
    /// - Throws: 400 where the body is not what its type says, 413 where it has too many parts.
    /// - Complexity: O(n).
    static func of(_ bytes: [UInt8], _ contentType: String) throws(Problem) -> JSONValue {
        guard let boundary = Multipart.boundary(ofContentType: contentType) else {
            throw BodyValue.unparseable("The multipart body has no usable boundary.")
        }
        let parts: [Multipart.Part]
        do throws(Multipart.Failure) {
            parts = try Multipart.parts(of: bytes, boundary: boundary, partsMax: partsMax)
        } catch {
            switch error {
            case .malformed(let reason):
                throw BodyValue.unparseable("The multipart body cannot be read: \(reason).")
            case .tooManyParts(let limit):
                throw Problem(
                    status: 413,
                    code: .bodyTooLarge,
                    detail: "The multipart body has more than \(limit) parts."
                )
            }
        }
        let charset = charset(parts) ?? Charset(ofContentType: contentType)
        var pairs: [(name: String, value: JSONValue)] = []
        for part in parts {
            let name = part.name(in: charset ?? .utf8)
            pairs.append((name, try value(of: part, named: name, charset)))
        }
        return .object(RequestFacts.grouped(pairs))
    }

    /// The encoding that the field `_charset_` names (RFC 7578, 4.6).
    private static func charset(_ parts: [Multipart.Part]) -> Charset? {
        parts.first { $0.name() == "_charset_" && $0.filenameBytes == nil }.flatMap {
            Charset(label: String(decoding: $0.bytes.prefix(64), as: UTF8.self))
        }
    }

    private static func value(
        of part: Multipart.Part,
        named name: String,
        _ formCharset: Charset?
    ) throws(Problem) -> JSONValue {
        let kind = part.contentType.map { MediaKind(contentType: $0) }
        let charset = part.contentType.flatMap { Charset(ofContentType: $0) } ?? formCharset
        let filename = part.filename(in: formCharset ?? .utf8)
        // `blob` is what browsers call what a script put together.
        if kind == .json, filename == nil || filename == "blob" {
            return try json(part, name, charset)
        }
        if let filename { return .object(file(part, filename, kind, charset)) }
        if kind == .bytes || kind == .unknown,
            String(validating: part.bytes, as: UTF8.self) == nil
        {
            return .object(file(part, nil, kind, charset))
        }
        return .string((charset ?? .utf8).decode(part.bytes))
    }

    private static func json(
        _ part: Multipart.Part,
        _ name: String,
        _ charset: Charset?
    ) throws(Problem) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue.parse(part.bytes)
        } catch {
            if error.reason == .badUTF8, let charset, charset != .utf8,
                let value = BodyValue.parsed(Array(charset.decode(part.bytes).utf8))
            {
                return value
            }
            throw BodyValue.unparseable(
                "The field `\(name.prefix(64))` of the multipart body is not JSON: \(error.message)."
            )
        }
    }

    /// What is known of a file.
    ///
    /// `text` is there where it is text, `base64` where the text is not exactly its bytes or its type
    /// is none of text, `json` where its type is JSON and it is.
    private static func file(
        _ part: Multipart.Part,
        _ filename: String?,
        _ kind: MediaKind?,
        _ charset: Charset?
    ) -> JSONObject {
        var object: JSONObject = [:]
        if let filename { object["filename"] = .string(filename) }
        object["content_type"] = part.contentType.map(JSONValue.string) ?? .null
        object["size"] = .integer(Int64(clamping: part.bytes.count))
        let isBinary = kind == .bytes || kind == .unknown
        let isUTF8 = String(validating: part.bytes, as: UTF8.self) != nil
        let isDeclared = charset != nil || Charset.mark(part.bytes) != nil
        var text: String?
        if isUTF8 || (!isBinary && (isDeclared || kind != nil)) {
            text = (charset ?? .utf8).decode(part.bytes)
        }
        if let text { object["text"] = .string(text) }
        if isBinary || text.map({ !$0.utf8.elementsEqual(part.bytes) }) ?? true {
            object["base64"] = .string(Base64.text(of: part.bytes))
        }
        if kind == .json, let value = BodyValue.parsed(part.bytes) { object["json"] = value }
        return object
    }
}
