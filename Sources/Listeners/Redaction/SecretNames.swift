internal import HTTPWire
internal import Primitives
package import Verification

/// Names of header fields and query parameters whose values are secrets because verifiers read them.
///
/// They count for all requests, whatever endpoint these are for: what is a secret at one place is none of the ledger's
/// business at another.
package struct SecretNames: Sendable {
    private var headers: [HeaderName] = []
    private var queries: Set<String> = []

    /// No names.
    package init() {}

    /// Takes the names that verifiers tell.
    package init(_ verifiers: [Verifier]) {
        headers = Array(Set(verifiers.flatMap(\.secretHeaders)))
        queries = Set(verifiers.flatMap(\.secretQueryNames))
    }

    /// Whether a header field is one of them.
    func hasHeader(_ name: Span<UInt8>) -> Bool {
        for secret in headers where secret.matches(name) { return true }
        return false
    }

    /// Whether a query parameter is one of them, by its name as it was sent.
    func hasQuery(_ name: Substring) -> Bool {
        guard !queries.isEmpty else { return false }
        return queries.contains(FormText.pairs(Array(name.utf8).span).first?.name ?? "")
    }
}
