internal import HTTPWire
internal import Primitives

/// What `redact` of an endpoint names: parts of its requests whose values are secrets.
package struct RedactedParts: Sendable, Hashable {
    /// Names of header fields, in lower case.
    package var headers: Set<String> = []
    /// Names of query parameters.
    package var queries: Set<String> = []
    /// Places of a JSON body, or names of form fields: member by member; lists on the way stand for each of their items.
    package var bodies: [[String]] = []

    /// Names nothing.
    package init() {}

    /// The names of several endpoints together.
    ///
    /// Header fields and query parameters count for every request: what is a secret at one endpoint is none of the ledger's
    /// business at another, or where a path was missed.
    package init(_ all: [RedactedParts]) {
        for parts in all {
            headers.formUnion(parts.headers)
            queries.formUnion(parts.queries)
        }
    }

    /// Whether a header field is named.
    func hasHeader(_ name: Span<UInt8>) -> Bool {
        !headers.isEmpty && headers.contains(String(utf8: name).lowercased())
    }

    /// Whether a query parameter is named, by its name as it was sent.
    func hasQuery(_ name: Substring) -> Bool {
        !queries.isEmpty
            && queries.contains(FormText.pairs(Array(name.utf8).span).first?.name ?? "")
    }
}
