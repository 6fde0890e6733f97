internal import Primitives

/// Paths of URLs as they are sent, cut at their slashes before they are decoded (RFC 3986, 3.3): an escaped slash is part of
/// a segment.
package enum PathText {
    /// The segment with that index, decoded; nil behind the last.
    ///
    /// - Complexity: O(bytes of the path).
    package static func segment(_ path: Span<UInt8>, _ index: Int) -> String? {
        guard let start = start(of: index, path) else { return nil }
        var end = start
        while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
        return PercentCode.decode(path.extracting(start..<end), plusIsSpace: false)
    }

    /// The path from the segment with that index on, decoded; nil behind the last.
    ///
    /// - Complexity: O(bytes of the path).
    package static func rest(_ path: Span<UInt8>, from index: Int) -> String? {
        guard let start = start(of: index, path) else { return nil }
        return PercentCode.decode(path.extracting(start..<path.count), plusIsSpace: false)
    }

    /// The path of a target as it was sent: without its query, and without scheme and host where it is absolute.
    package static func path(ofTarget target: String) -> [UInt8] {
        var bytes = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        if bytes.first != UInt8(ascii: "/"), let scheme = target.range(ofScheme: bytes) {
            bytes = bytes[scheme...].drop { $0 != UInt8(ascii: "/") }
        }
        return bytes.isEmpty ? [UInt8(ascii: "/")] : Array(bytes)
    }

    /// A path, decoded.
    package static func decoded(_ path: [UInt8]) -> String {
        PercentCode.decode(path.span, plusIsSpace: false)
    }

    /// Where the segment with that index begins; nil behind the last.
    private static func start(of index: Int, _ path: Span<UInt8>) -> Int? {
        var start = 1
        var left = index
        while start <= path.count {
            if left == 0 { return start }
            while start < path.count, path[start] != UInt8(ascii: "/") { start += 1 }
            left -= 1
            start += 1
        }
        return nil
    }
}

extension String {
    /// Where what follows `://` begins in the bytes of a target; nil where there is no such mark.
    fileprivate func range(ofScheme bytes: Substring.UTF8View) -> Index? {
        guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        let rest = bytes[colon...].dropFirst()
        guard rest.starts(with: "//".utf8) else { return nil }
        return rest.index(rest.startIndex, offsetBy: 2)
    }
}
