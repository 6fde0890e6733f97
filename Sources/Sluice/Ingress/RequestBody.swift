internal import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Primitives

/// What a request's body is, by its media type: how it becomes a tree that expressions read.
enum RequestBody: Sendable {
    /// There is none; it reads as null whatever its type.
    case empty
    /// JSON text, not validated yet; also a body without a type.
    case json
    /// Something else, by its content type.
    case other(contentType: String)

    /// The most parts of a multipart body.
    static let partsMax = 100

    /// Tells by the content type what a body is; nothing is parsed yet.
    init(_ request: borrowing Request, body: RawSpan) {
        if body.byteCount == 0 {
            self = .empty
        } else if request.withContentType({ Self.isJSON($0) }) ?? true {
            self = .json
        } else {
            self = .other(contentType: request.header("content-type") ?? "")
        }
    }

    /// Tells what a kept body is.
    init(contentType: String?, isEmpty: Bool) {
        if isEmpty {
            self = .empty
        } else if let contentType, !Self.isJSON(Array(contentType.utf8).span) {
            self = .other(contentType: contentType)
        } else {
            self = .json
        }
    }

    /// Lends the body as a tree, or says why it is none: 400, 413 or 415.
    ///
    /// JSON is validated whole and read in place, with the calling thread's own scanner.
    func withTree<Output>(
        _ body: RawSpan,
        scanner: JSONScanner,
        _ use: (Result<ListenerScope.Tree, Problem>) -> Output
    ) -> Output {
        switch self {
        case .empty:
            return use(.success(.value(.null)))
        case .other(let contentType):
            do throws(Problem) {
                let value = try Self.value(of: body.copied, contentType: contentType)
                return use(.success(.value(value)))
            } catch {
                return use(.failure(error))
            }
        case .json:
            return scanner.read(body) { document in
                switch document {
                case .success(let document): use(.success(.json(document.root)))
                case .failure(let error):
                    use(.failure(Self.unparseable("the body is not JSON: \(error.message)")))
                }
            }
        }
    }

    /// Whether a content type is JSON: `application/json` or `…+json`, whatever its parameters, without regard to case.
    static func isJSON(_ contentType: Span<UInt8>) -> Bool {
        // Nearly all of them are exactly this: 16 bytes, of which only letters can become these with bit 5 set.
        let bit5: UInt64 = 0x2020_2020_2020_2020
        if contentType.count == 16, contentType.word(at: 0) | bit5 == 0x7461_6369_6c70_7061,
            contentType.word(at: 8) | bit5 == 0x6e6f_736a_2f6e_6f69
        {
            return true
        }
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

    /// The value of a whole body that is not on the wire, by its content type; JSON where that is nil.
    ///
    /// - Throws: What a sender would be answered.
    static func wholeValue(
        of bytes: [UInt8],
        contentType: String?
    ) throws(Problem) -> JSONValue {
        if bytes.isEmpty { return .null }
        if let contentType, !isJSON(Array(contentType.utf8).span) {
            return try value(of: bytes, contentType: contentType)
        }
        do throws(JSONError) {
            return try JSONValue.parse(bytes)
        } catch {
            throw unparseable("the body is not JSON: \(error.message)")
        }
    }

    /// The value of a body that is not JSON.
    ///
    /// - Throws: 415 for another media type, 400 for a form that cannot be read, 413 for too many parts.
    static func value(
        of bytes: [UInt8],
        contentType: String
    ) throws(Problem) -> JSONValue {
        let type = contentType.split(separator: ";", maxSplits: 1).first.map(String.init) ?? ""
        switch type.lowercased().filter({ $0 != " " && $0 != "\t" }) {
        case "application/x-www-form-urlencoded":
            guard let pairs = FormText.pairs(bytes.span) else {
                throw unparseable("the form has a broken percent escape or is not UTF-8")
            }
            return RequestFacts.grouped(pairs)
        case "multipart/form-data":
            return try multipart(bytes, contentType: contentType)
        case let text where text.hasPrefix("text/"):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw unparseable("the text is not UTF-8")
            }
            return .string(text)
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
