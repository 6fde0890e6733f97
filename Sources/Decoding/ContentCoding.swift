/// How a body is coded for its way (RFC 9110, 8.4.1).
package enum ContentCoding: String, Sendable, Hashable, CaseIterable {
    /// The format of RFC 1952, which may have several members.
    case gzip
    /// The zlib format of RFC 1950.
    case deflate

    /// The names that a request may use.
    package static let names = allCases.map(\.rawValue)

    /// The coding that a `Content-Encoding` names, without regard to case; nil for none, and for one that is not taken.
    package init?(field: String) {
        let name = field.lowercased()
        self.init(rawValue: name == "x-gzip" ? "gzip" : name)
    }
}
