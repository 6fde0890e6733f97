internal import Primitives

/// Bodies of `application/x-www-form-urlencoded`, and queries (WHATWG URL, 5.1).
package enum FormText {
    /// The pairs of a form, decoded, in their order; every form has pairs.
    ///
    /// `+` is a space, a `%` that begins no escape stays, what is no character is U+FFFD, and a BOM in front is left out.
    ///
    /// The encoding is the declared one; where that is UTF-8 or none, the one that the form's field `_charset_` names (HTML,
    /// 4.10.22.5); where there is none and the form is not UTF-8, the one that its field `charset` names, as PayPal has it.
    ///
    /// - Complexity: O(n).
    package static func pairs(
        _ bytes: Span<UInt8>,
        charset declared: Charset? = nil
    ) -> [(name: String, value: String)] {
        if let declared, declared.isASCIIBased { return read(bytes, declared).pairs }
        let (pairs, isUTF8) = read(bytes, .utf8)
        if let named = charset("_charset_", in: pairs) { return read(bytes, named).pairs }
        if !isUTF8, let named = charset("charset", in: pairs) { return read(bytes, named).pairs }
        return pairs
    }

    /// The encoding beside UTF-8 that a field of a form names.
    private static func charset(
        _ name: String,
        in pairs: [(name: String, value: String)]
    ) -> Charset? {
        guard let label = pairs.first(where: { $0.name == name })?.value,
            let charset = Charset(label: label), charset.isASCIIBased
        else { return nil }
        return charset
    }

    private static func read(
        _ bytes: Span<UInt8>,
        _ charset: Charset
    ) -> (pairs: [(name: String, value: String)], isUTF8: Bool) {
        let hasMark =
            bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
        var scanner = QueryScanner(offset: hasMark ? 3 : 0)
        var pairs: [(name: String, value: String)] = []
        var isUTF8 = true
        func text(_ range: Range<Int>) -> String {
            let decoded = PercentCode.decodeBytes(bytes.extracting(range), plusIsSpace: true)
            if charset != .utf8 { return charset.decodeUnmarked(decoded) }
            if let text = String(validating: decoded, as: UTF8.self) { return text }
            isUTF8 = false
            return String(decoding: decoded, as: UTF8.self)
        }
        while let pair = scanner.next(in: bytes) {
            pairs.append((text(pair.name), text(pair.value)))
        }
        return (pairs, isUTF8)
    }
}

extension Charset {
    /// Whether it is one that a form can be in beside UTF-8: of UTF-16 the escapes would be none.
    fileprivate var isASCIIBased: Bool {
        switch self {
        case .utf8, .utf16BE, .utf16LE: false
        default: true
        }
    }
}
