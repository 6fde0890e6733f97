internal import HTTPWire

/// What the media type of a body means here.
package enum MediaKind: Sendable, Hashable {
    /// One JSON text: `application/json`, `text/json`, `…+json`.
    case json
    /// JSON texts, one in each line: `application/x-ndjson`, `application/ndjson`, `application/jsonl`.
    case jsonLines
    /// `application/x-www-form-urlencoded`.
    case form
    /// `multipart/form-data`.
    case multipart
    /// Text: `text/…`, `application/xml`, `…+xml`.
    case text
    /// Bytes that are no text: `application/octet-stream`.
    case bytes
    /// Anything else.
    case unknown

    /// What endpoints take, as answers list it.
    static let accepted =
        "application/json, text/json, */*+json, application/x-www-form-urlencoded, "
        + "multipart/form-data, text/*, application/xml, */*+xml, application/octet-stream, and "
        + "application/x-ndjson where the endpoint is `bulk`"

    /// Reads a content type, or that of a part; its parameters do not matter.
    package init(contentType: String) {
        let type = HeaderParameters(contentType).value
        switch type {
        case "application/json", "text/json", "application/x-json", "text/x-json": self = .json
        case "application/x-ndjson", "application/ndjson", "application/jsonl",
            "application/x-jsonl", "application/jsonlines", "application/x-jsonlines",
            "text/x-ndjson", "text/jsonl", "text/ndjson":
            self = .jsonLines
        case "application/x-www-form-urlencoded": self = .form
        case "multipart/form-data": self = .multipart
        case "application/xml": self = .text
        case "application/octet-stream": self = .bytes
        case _ where type.hasSuffix("+json") && type.contains("/"): self = .json
        case _ where type.hasSuffix("+xml") && type.contains("/"): self = .text
        case _ where type.hasPrefix("text/"): self = .text
        default: self = .unknown
        }
    }
}
