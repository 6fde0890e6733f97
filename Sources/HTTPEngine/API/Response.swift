/// An answer: status, header fields and body.
///
/// The engine adds Date, Content-Length, X-Request-Id and Connection. A header field whose name is no token, or whose
/// value holds a line end or another control character, is left out and told to the log.
package struct Response: Sendable {
    /// The status, 200 to 599.
    package var status: Int
    /// The media type of the body; nil where there is none to name.
    package var contentType: String?
    /// Further header fields.
    package var headers: [(name: String, value: String)]
    /// The body; HEAD, 204 and 304 are answered without it.
    package var body: [UInt8]

    /// Makes an answer.
    package init(
        status: Int,
        contentType: String? = nil,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = []
    ) {
        self.status = status
        self.contentType = contentType
        self.headers = headers
        self.body = body
    }

    /// An answer whose body is JSON text.
    package static func json(
        _ status: Int,
        _ body: [UInt8],
        headers: [(name: String, value: String)] = []
    ) -> Response {
        Response(status: status, contentType: "application/json", headers: headers, body: body)
    }

    /// An answer whose body is plain text in UTF-8.
    package static func text(_ status: Int, _ text: String) -> Response {
        Response(
            status: status,
            contentType: "text/plain; charset=utf-8",
            body: Array(text.utf8)
        )
    }

    /// An answer without a body.
    package static func empty(_ status: Int) -> Response {
        Response(status: status)
    }
}
