package import Decoding
package import HTTPEngine
internal import HTTPWire
internal import JSONWire
internal import Primitives

/// What a request's body is, by its media type: how it becomes a tree that expressions read.
package enum RequestBody: Sendable {
    /// There is none; it reads as null whatever its type.
    case empty
    /// JSON text in UTF-8, not validated yet; also a body without a type.
    case json
    /// Something else, by its content type; also JSON that is said to be in another encoding.
    case other(contentType: String)
    /// Bytes, whatever they are.
    case raw(contentType: String)
    /// JSON that stands in a field of a form.
    case inForm(contentType: String, field: String)
    /// One of the others, coded for its way.
    indirect case coded(ContentCoding, RequestBody)

    /// Tells by the content type what a body is; nothing is parsed yet.
    ///
    /// `rule` is what the endpoint says of its bodies, whatever their type.
    package init(_ request: borrowing Request, body: RawSpan, rule: BodyRule? = nil) {
        if body.byteCount == 0 {
            self = .empty
        } else if rule != nil || request.isContentCoded {
            self.init(
                contentType: request.header("content-type"),
                coding: request.header("content-encoding"),
                isEmpty: false,
                rule: rule
            )
        } else if request.withContentType({ Self.isJSON($0) }) ?? true {
            self = .json
        } else {
            self = .other(contentType: request.header("content-type") ?? "")
        }
    }

    /// Tells what a kept body is.
    init(contentType: String?, coding: String?, isEmpty: Bool, rule: BodyRule?) {
        if isEmpty {
            self = .empty
        } else if let coding = coding.flatMap(ContentCoding.init(field:)) {
            self = .coded(
                coding,
                RequestBody(contentType: contentType, coding: nil, isEmpty: false, rule: rule)
            )
        } else if let rule {
            let type = rule.contentType(insteadOf: contentType ?? "")
            self =
                if rule.form == .raw { .raw(contentType: type) } else if let field = rule.field {
                    .inForm(contentType: type, field: field)
                } else { Self.isJSON(Array(type.utf8).span) ? .json : .other(contentType: type) }
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
        case .empty, .coded:
            // One that is coded is decoded before (`withDecoded`).
            return use(.success(.value(.null)))
        case .raw(let contentType):
            return use(.success(.value(BodyValue.bytes(body.copied, contentType))))
        case .inForm(let contentType, let field):
            do throws(Problem) {
                let value = try BodyValue.json(inField: field, of: body.copied, contentType)
                return use(.success(.value(value)))
            } catch {
                return use(.failure(error))
            }
        case .other(let contentType):
            do throws(Problem) {
                return use(.success(.value(try BodyValue.of(body.copied, contentType))))
            } catch {
                return use(.failure(error))
            }
        case .json:
            return scanner.read(body) { document in
                switch document {
                case .success(let document): use(.success(.json(document.root)))
                case .failure(let error): use(.failure(BodyValue.notJSON(error, body.copied)))
                }
            }
        }
    }

    /// Whether a content type is JSON in UTF-8: `application/json`, `text/json` or `…+json` without regard to case, with no
    /// parameter `charset` or one that says `utf-8`.
    package static func isJSON(_ contentType: Span<UInt8>) -> Bool {
        // Nearly all of them are exactly this: 16 bytes, of which only letters can become these with bit 5 set.
        let bit5: UInt64 = 0x2020_2020_2020_2020
        if contentType.count == 16, contentType.word(at: 0) | bit5 == 0x7461_6369_6c70_7061,
            contentType.word(at: 8) | bit5 == 0x6e6f_736a_2f6e_6f69
        {
            return true
        }
        var end = 0
        while end < contentType.count, contentType[end] != UInt8(ascii: ";") { end += 1 }
        let parameters = end
        while end > 0, contentType[end - 1] == 32 || contentType[end - 1] == 9 { end -= 1 }
        let isJSON =
            end == jsonType.count && matches(contentType, upTo: end, jsonType)
            || end == jsonText.count && matches(contentType, upTo: end, jsonText)
            || end > jsonSuffix.count && matches(contentType, upTo: end, jsonSuffix)
        guard isJSON, parameters < contentType.count else { return isJSON }
        return contentType.count - parameters >= utf8Parameter.count
            && matches(contentType, upTo: contentType.count, utf8Parameter)
            || !hasCharset(contentType, from: parameters)
    }

    private static let jsonType = Array("application/json".utf8)
    private static let jsonText = Array("text/json".utf8)
    private static let jsonSuffix = Array("+json".utf8)
    private static let utf8Parameter = Array("charset=utf-8".utf8)
    private static let charset = Array("charset".utf8)

    /// Whether the word `charset` stands behind a place.
    private static func hasCharset(_ text: Span<UInt8>, from place: Int) -> Bool {
        var end = place + charset.count
        while end <= text.count {
            if matches(text, upTo: end, charset) { return true }
            end += 1
        }
        return false
    }

    private static func matches(_ text: Span<UInt8>, upTo end: Int, _ word: [UInt8]) -> Bool {
        guard end >= word.count, end <= text.count else { return false }
        for offset in word.indices
        where text[end - word.count + offset] | 0x20 != word[offset] | 0x20 {
            return false
        }
        return true
    }
}

extension RequestBody {
    /// Whether the body is a row of JSON texts, one in each line: the items of a bulk request, and nothing else.
    var isLines: Bool {
        guard case .other(let contentType) = self else { return false }
        return MediaKind(contentType: contentType) == .jsonLines
    }

    /// What a body that is a row of JSON texts is answered by an endpoint that takes one.
    static var linesRefused: Problem {
        Problem(
            status: 415,
            code: .mediaTypeUnsupported,
            detail: "JSON in lines is many items, and this endpoint takes one: it is not `bulk`. "
                + "Accepted media types: \(MediaKind.accepted)."
        )
    }

    /// The sentence that tells that the body looks like JSON and was read as something else; nil where it does not.
    ///
    /// - Complexity: O(1) for JSON, O(n) for the rest.
    func mistake(_ body: RawSpan) -> Mistake? {
        guard case .other(let contentType) = self else { return nil }
        let kind = MediaKind(contentType: contentType)
        guard [.form, .text, .bytes].contains(kind), BodyValue.looksLikeJSON(body.copied, kind)
        else { return nil }
        return Mistake(kind: kind, mediaType: HeaderParameters(contentType).value)
    }

    /// That a body looks like JSON and was read as something else.
    package struct Mistake {
        /// As what it was read.
        let kind: MediaKind
        /// The media type that it was sent with.
        let mediaType: String

        /// Says how a body was read, and what it was sent as.
        package init(kind: MediaKind, mediaType: String) {
            self.kind = kind
            self.mediaType = mediaType
        }

        /// Whether it was read as a form: it was certainly not meant as one.
        var isForm: Bool { kind == .form }

        /// The refusals that it may be the cause of.
        private static let explained: Set<ProblemCode> = [
            .keyMissing, .keyInvalid, .itemsNotAList, .expressionFailed, .workflowUnknown,
        ]

        /// It as a sentence.
        var sentence: String {
            "The body looks like JSON but was read as \(word) because of its Content-Type \(mediaType)."
        }

        private var word: String {
            switch kind {
            case .form: "a form"
            case .bytes: "bytes"
            default: "text"
            }
        }

        /// The refusal of a body that cannot mean what it was read as.
        package var problem: Problem {
            Problem(
                status: 400,
                code: .bodyUnparseable,
                detail: sentence + " Send it with Content-Type: application/json."
            )
        }

        /// A refusal with the sentence behind its own.
        func explaining(_ problem: Problem) -> Problem {
            guard Self.explained.contains(problem.code) else { return problem }
            var problem = problem
            problem.detail = problem.detail.isEmpty ? sentence : "\(problem.detail) \(sentence)"
            return problem
        }
    }
}
