package import Primitives

/// The first line of an answer.
package enum StatusLine {
    /// The reason phrase of a status (RFC 9110, 15), as text; empty for a status without one.
    package static func phrase(_ status: Int) -> String { "\(reason(status))" }

    /// Writes `HTTP/1.1 status reason CRLF`; a status outside 100 to 599 is written as 500.
    static func append(_ status: Int, to out: inout [UInt8]) {
        switch status {
        // What a callback is answered with, ready made.
        case 200: out.append(fixed: "HTTP/1.1 200 OK\r\n")
        case 202: out.append(fixed: "HTTP/1.1 202 Accepted\r\n")
        default: appendOther(status, to: &out)
        }
    }

    private static func appendOther(_ status: Int, to out: inout [UInt8]) {
        let known = (100...599).contains(status) ? status : 500
        out.append(fixed: "HTTP/1.1 ")
        out.append(decimal: known)
        out.append(fixed: " ")
        out.append(fixed: reason(known))
        out.append(fixed: "\r\n")
    }

    /// The reason phrase (RFC 9110, 15); empty for a status without one.
    private static func reason(_ status: Int) -> StaticString {
        switch status {
        case 200: "OK"
        case 201: "Created"
        case 202: "Accepted"
        case 204: "No Content"
        case 304: "Not Modified"
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 408: "Request Timeout"
        case 409: "Conflict"
        case 410: "Gone"
        case 411: "Length Required"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 415: "Unsupported Media Type"
        case 417: "Expectation Failed"
        case 421: "Misdirected Request"
        case 422: "Unprocessable Content"
        case 429: "Too Many Requests"
        case 431: "Request Header Fields Too Large"
        case 500: "Internal Server Error"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: ""
        }
    }
}

/// What the answer to a request must know of it.
package struct ResponseContext: Sendable, Hashable {
    /// The version that was asked in.
    package var version: HTTPVersion
    /// Whether the connection lives on after the answer.
    package var isKeptAlive: Bool
    /// Whether the answer has no body (HEAD).
    package var isHead: Bool
    /// The request's id.
    package var requestID: UUIDv7

    /// Gathers the facts.
    package init(version: HTTPVersion, isKeptAlive: Bool, isHead: Bool, requestID: UUIDv7) {
        self.version = version
        self.isKeptAlive = isKeptAlive
        self.isHead = isHead
        self.requestID = requestID
    }
}
