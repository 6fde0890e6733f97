internal import Primitives

/// The request target (RFC 9112, 3.2): origin form, absolute form, or `*` for OPTIONS.
enum TargetCheck {
    /// Finds path and query, and makes sure that the path decodes.
    static func check(
        _ head: Span<UInt8>,
        _ target: ByteRange,
        _ summary: inout HeadSummary
    ) throws(WireRefusal) {
        summary.target = target
        let start = target.range.lowerBound
        let end = target.range.upperBound
        guard start < end else { throw .malformed("The request target is empty.") }
        // The authority form belongs to CONNECT alone, which is refused by its method.
        if summary.method == .connect { return }
        if head[start] == UInt8(ascii: "/") {
            return try split(head, from: start, to: end, &summary)
        }
        if head[start] == UInt8(ascii: "*") {
            guard end - start == 1, summary.method == .options else {
                throw .malformed("The request target `*` is for OPTIONS only.")
            }
            summary.isAsterisk = true
            return
        }
        try checkAbsolute(head, start, end, &summary)
    }

    private static func checkAbsolute(
        _ head: Span<UInt8>,
        _ start: Int,
        _ end: Int,
        _ summary: inout HeadSummary
    ) throws(WireRefusal) {
        var authority = start
        if end - start >= 7, ASCII.equals(head.extracting(start..<start + 7), "http://") {
            authority = start + 7
        } else if end - start >= 8, ASCII.equals(head.extracting(start..<start + 8), "https://") {
            authority = start + 8
        } else {
            throw .malformed("The request target is neither a path nor an http URL.")
        }
        var index = authority
        while index < end, head[index] != UInt8(ascii: "/"), head[index] != UInt8(ascii: "?") {
            index += 1
        }
        guard HostCheck.isValid(head.extracting(authority..<index)) else {
            throw .malformed("The request target's host is not `host` or `host:port`.")
        }
        try split(head, from: index, to: end, &summary)
    }

    private static func split(
        _ head: Span<UInt8>,
        from start: Int,
        to end: Int,
        _ summary: inout HeadSummary
    ) throws(WireRefusal) {
        var question: Int?
        var hasEscape = false
        var index = start
        while index < end {
            if index + 8 <= end, isPlain(head.word(at: index)) {
                index += 8
                continue
            }
            let byte = head[index]
            guard byte > 32, byte < 127, byte != UInt8(ascii: "#") else {
                throw .malformed("The request target has a character that must be escaped.")
            }
            if byte == UInt8(ascii: "?"), question == nil { question = index }
            if byte == UInt8(ascii: "%") {
                hasEscape = true
                if question == nil { summary.isPathEscaped = true }
            }
            index += 1
        }
        summary.path = ByteRange(start, question ?? end)
        if let question { summary.query = ByteRange(question + 1, end) }
        guard hasEscape else { return }
        // A query is a form: whatever it holds can be read.
        guard !summary.isPathEscaped || Percent.isValid(head.extracting(start..<(question ?? end)))
        else {
            throw .malformed("The path of the request has an escape that yields no valid text.")
        }
    }

    /// Whether eight characters are visible ASCII and none of `#`, `%` and `?`; may say no where it is so.
    @inline(__always)
    private static func isPlain(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let hash = word ^ ones &* 0x23
        let percent = word ^ ones &* 0x25
        let question = word ^ ones &* 0x3F
        // A top bit is set where a byte is below 33, is one of the three, is DEL, or is not ASCII.
        let found =
            (word &- ones &* 33) | (hash &- ones) | (percent &- ones) | (question &- ones)
            | (word &+ ones) | word
        return found & (ones &* 0x80) == 0
    }
}

/// Paths compared as people read them.
package enum BarePath {
    /// A path without doubled and trailing slashes, its escapes decoded, those within escapes too.
    package static func of(_ path: String) -> String {
        var text = path
        for _ in 0..<2 {
            let bytes = Array(text.utf8)
            guard Percent.isValid(bytes.span) else { break }
            text = PercentCode.decode(bytes.span, plusIsSpace: false)
        }
        return text.split(separator: "/").joined(separator: "/")
    }
}
