/// What somebody else answered, whole.
package struct OutboundResponse: Sendable {
    /// The status code of the last answer.
    package let status: Int
    /// The header fields of the last answer in their order; names as they were sent (in small letters over HTTP/2).
    package let headers: [(name: String, value: String)]
    /// The body, decoded where it was compressed.
    package let body: [UInt8]
    /// The URL that answered, after redirects; never with a user or password.
    package let effectiveURL: String

    /// Puts an answer together.
    package init(
        status: Int,
        headers: [(name: String, value: String)],
        body: [UInt8],
        effectiveURL: String
    ) {
        self.status = status
        self.headers = headers
        self.body = body
        self.effectiveURL = effectiveURL
    }

    /// The first value of a header field; names are compared without case.
    package func header(_ name: String) -> String? {
        headers.first { HeaderRules.isSame($0.name, name) }?.value
    }
}
