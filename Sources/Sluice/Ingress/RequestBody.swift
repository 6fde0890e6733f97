internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Primitives

/// What a request's body is, by its media type: JSON that is scanned in place, or a value built from another form.
enum RequestBody {
    /// JSON text, not validated yet.
    case json
    /// A form, a text, or nothing.
    case value(JSONValue)

    /// The most parts of a multipart body.
    static let partsMax = 100

    /// Decides by the content type what a body is, and reads it where it is not JSON.
    ///
    /// An empty body is null whatever its type; a body without a type is taken for JSON.
    ///
    /// - Throws: 415 for another media type, 400 for a form that cannot be read, 413 for too many parts.
    static func read(
        _ request: borrowing Request,
        body: RawSpan
    ) throws(Problem) -> RequestBody {
        guard body.byteCount > 0 else { return .value(.null) }
        let isPlainJSON = request.withContentType { type in isJSON(type) }
        if isPlainJSON ?? true { return .json }
        let contentType = request.header("content-type") ?? ""
        return try read(body.copied, contentType: contentType)
    }

    /// Lends the body as a tree: JSON is validated whole and read in place.
    ///
    /// - Parameter scanner: The calling thread's own.
    func withTree<Output>(
        _ body: RawSpan,
        scanner: JSONScanner,
        _ use: (Result<ListenerScope.Tree, Problem>) -> Output
    ) -> Output {
        switch self {
        case .value(let value): use(.success(.value(value)))
        case .json:
            scanner.read(body) { document in
                switch document {
                case .success(let document): use(.success(.json(document.root)))
                case .failure(let error):
                    use(
                        .failure(
                            Problem(
                                status: 400,
                                code: .bodyUnparseable,
                                detail: "the body is not JSON: \(error.message)"
                            )
                        )
                    )
                }
            }
        }
    }

    /// Whether a content type is JSON: `application/json` or `…+json`, whatever its parameters, without regard to case.
    static func isJSON(_ contentType: Span<UInt8>) -> Bool {
        var end = 0
        while end < contentType.count, contentType[end] != UInt8(ascii: ";") { end += 1 }
        while end > 0, contentType[end - 1] == 32 || contentType[end - 1] == 9 { end -= 1 }
        return end == jsonType.count && matches(contentType, upTo: end, jsonType)
            || end > jsonSuffix.count && matches(contentType, upTo: end, jsonSuffix)
    }

    private static let jsonType = Array("application/json".utf8)
    private static let jsonSuffix = Array("+json".utf8)

    private static func matches(_ text: Span<UInt8>, upTo end: Int, _ word: [UInt8]) -> Bool {
        guard end >= word.count, end <= text.count else { return false }
        for offset in word.indices
        where text[end - word.count + offset] | 0x20 != word[offset] | 0x20 {
            return false
        }
        return true
    }

    private static func read(
        _ bytes: [UInt8],
        contentType: String
    ) throws(Problem) -> RequestBody {
        let type = contentType.split(separator: ";", maxSplits: 1).first.map(String.init) ?? ""
        switch type.lowercased().filter({ $0 != " " && $0 != "\t" }) {
        case "application/x-www-form-urlencoded":
            guard let pairs = FormText.pairs(bytes.span) else {
                throw unparseable("the form has a broken percent escape or is not UTF-8")
            }
            return .value(RequestFacts.grouped(pairs))
        case "multipart/form-data":
            return .value(try multipart(bytes, contentType: contentType))
        case let text where text.hasPrefix("text/"):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw unparseable("the text is not UTF-8")
            }
            return .value(.string(text))
        default:
            throw Problem(
                status: 415,
                code: .mediaTypeUnsupported,
                detail: "a body of this media type is not taken; send application/json, "
                    + "application/x-www-form-urlencoded, multipart/form-data or text/plain"
            )
        }
    }

    private static func multipart(
        _ bytes: [UInt8],
        contentType: String
    ) throws(Problem) -> JSONValue {
        guard let boundary = Multipart.boundary(ofContentType: contentType) else {
            throw unparseable("the multipart body names no usable boundary")
        }
        do throws(Multipart.Failure) {
            let parts = try Multipart.parts(of: bytes, boundary: boundary, partsMax: partsMax)
            var object = JSONObject()
            for part in parts { object[part.name] = value(of: part) }
            return .object(object)
        } catch {
            switch error {
            case .malformed(let reason): throw unparseable("the multipart body: \(reason)")
            case .tooManyParts(let limit):
                throw Problem(
                    status: 413,
                    code: .bodyTooLarge,
                    detail: "the multipart body has more than \(limit) parts"
                )
            }
        }
    }

    /// A field is its text; a file is what is known of it, with its text where it is UTF-8.
    private static func value(of part: Multipart.Part) -> JSONValue {
        let text = String(validating: part.bytes, as: UTF8.self).map(JSONValue.string) ?? .null
        guard let filename = part.filename else { return text }
        return .object([
            "filename": .string(filename),
            "content_type": part.contentType.map(JSONValue.string) ?? .null,
            "size": .integer(Int64(clamping: part.bytes.count)), "text": text,
        ])
    }

    private static func unparseable(_ detail: String) -> Problem {
        Problem(status: 400, code: .bodyUnparseable, detail: detail)
    }
}
