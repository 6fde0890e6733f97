internal import HTTPWire
internal import Primitives

/// The host of a request as it is compared (RFC 9110, 4.2.3 and 7.2): in lower case, without the port, and without the dot that a
/// fully qualified name may end with.
enum AuthorityHost {
    /// The host of an authority, `host[:port]`; empty for an empty one.
    static func normalized(_ authority: Span<UInt8>) -> String {
        var end = 0
        if authority.count > 0, authority[0] == UInt8(ascii: "[") {
            while end < authority.count, authority[end] != UInt8(ascii: "]") { end += 1 }
            end = min(end + 1, authority.count)
        } else {
            while end < authority.count, authority[end] != UInt8(ascii: ":") { end += 1 }
        }
        if end > 1, authority[end - 1] == UInt8(ascii: ".") { end -= 1 }
        return String(utf8: authority.extracting(0..<end)).lowercased()
    }
}
