internal import CLLHTTP

/// A request method (RFC 9110, 9), as far as a route can name one.
@usableFromInline
package enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, patch, delete, options, trace, connect
    /// A method that llhttp knows and no route can name (`PROPFIND`, `PURGE`, …).
    case other

    /// The method's name on the wire; empty for ``other``.
    package var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        case .other: ""
        }
    }

    /// The method of that name, written in upper case; nil for an unknown one.
    package init?(name: String) {
        guard let method = Self.allCases.first(where: { $0.name == name && $0 != .other }) else {
            return nil
        }
        self = method
    }

    /// The method of llhttp's number.
    init(llhttp number: UInt8) {
        switch llhttp_method_t(rawValue: UInt32(number)) {
        case HTTP_DELETE: self = .delete
        case HTTP_GET: self = .get
        case HTTP_HEAD: self = .head
        case HTTP_POST: self = .post
        case HTTP_PUT: self = .put
        case HTTP_CONNECT: self = .connect
        case HTTP_OPTIONS: self = .options
        case HTTP_TRACE: self = .trace
        case HTTP_PATCH: self = .patch
        default: self = .other
        }
    }
}

/// A set of methods, as a route allows them and `Allow` lists them.
@usableFromInline
package struct MethodSet: OptionSet, Sendable, Hashable {
    @usableFromInline package let rawValue: UInt16

    @inlinable
    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The set of one method.
    @inlinable
    package init(_ method: Method) {
        rawValue = 1 << UInt16(method.rawValue)
    }

    /// The set of some methods.
    package init(_ methods: [Method]) {
        rawValue = methods.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
    }

    /// Whether the method is in the set.
    @inlinable
    package func contains(_ method: Method) -> Bool {
        rawValue & (1 << UInt16(method.rawValue)) != 0
    }

    /// The names joined by commas, as `Allow` wants them (RFC 9110, 10.2.1).
    package var allowText: String {
        Method.allCases.filter { $0 != .other && contains($0) }.map(\.name).joined(separator: ", ")
    }
}

/// A version of HTTP/1.
package enum HTTPVersion: UInt8, Sendable {
    case http10, http11

    /// The version as it stands on the wire.
    package var text: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        }
    }
}
