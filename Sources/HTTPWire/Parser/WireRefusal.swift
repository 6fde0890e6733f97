package import Primitives

/// Why a request cannot be taken: what was wrong with it, or which bound it met.
///
/// After each of them the connection closes, because where the next message begins is not certain.
package enum WireRefusal: Error, Sendable, Hashable {
    /// The bytes are no HTTP/1 request; the text says where they leave the grammar.
    case malformed(StaticReason)
    /// Host is missing, repeated or not `host[:port]` (RFC 9112, 3.2).
    case hostInvalid(StaticReason)
    /// The method is no method of HTTP.
    case methodUnknown
    /// The version is neither HTTP/1.0 nor HTTP/1.1.
    case versionUnsupported
    /// A transfer coding other than `chunked` (RFC 9112, 6.1).
    case transferEncodingUnsupported
    /// The request line is longer than its bound.
    case requestLineTooLong(limit: Int)
    /// The header section, or chunk extensions and trailers, are larger than their bound.
    case headersTooLarge(limit: Int)
    /// There are more header fields than the bound.
    case tooManyFields(limit: Int)
    /// The body is larger than its bound.
    case bodyTooLarge(limit: Int)

    /// The status that says it.
    package var status: Int {
        switch self {
        case .malformed, .hostInvalid: 400
        case .methodUnknown, .transferEncodingUnsupported: 501
        case .versionUnsupported: 505
        case .requestLineTooLong: 414
        case .headersTooLarge, .tooManyFields: 431
        case .bodyTooLarge: 413
        }
    }

    /// The stable word for it.
    package var code: ProblemCode {
        switch self {
        case .malformed: .requestMalformed
        case .hostInvalid: .hostInvalid
        case .methodUnknown: .methodNotAllowed
        case .versionUnsupported: .versionUnsupported
        case .transferEncodingUnsupported: .transferEncodingUnsupported
        case .requestLineTooLong: .uriTooLong
        case .headersTooLarge, .tooManyFields: .headersTooLarge
        case .bodyTooLarge: .bodyTooLarge
        }
    }

    /// The sentence for a person; it repeats nothing of the request.
    package var detail: String {
        switch self {
        case .malformed(let reason): reason.text
        case .hostInvalid(let reason): reason.text
        case .methodUnknown: "The request method is not known."
        case .versionUnsupported: "Only HTTP/1.0 and HTTP/1.1 are spoken here."
        case .transferEncodingUnsupported: "The only transfer coding supported is chunked."
        case .requestLineTooLong(let limit): "The request line is longer than \(limit) bytes."
        case .headersTooLarge(let limit): "The header section is larger than \(limit) bytes."
        case .tooManyFields(let limit): "There are more than \(limit) header fields."
        case .bodyTooLarge(let limit): "The body is larger than max_body_size (\(limit) bytes)."
        }
    }
}

/// A sentence fixed at compile time, so that a refusal never repeats what was sent.
package struct StaticReason: Sendable, Hashable, ExpressibleByStringLiteral {
    private let sentence: StaticString

    /// A sentence as it stands in the source.
    package init(stringLiteral value: StaticString) {
        sentence = value
    }

    /// The sentence.
    package var text: String { sentence.description }

    package static func == (left: StaticReason, right: StaticReason) -> Bool {
        left.text == right.text
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(text)
    }
}
