/// Bodies of `application/x-www-form-urlencoded` (WHATWG URL, 5.1).
package enum FormText {
    /// The pairs of a form, decoded, in their order; `+` is a space.
    ///
    /// - Returns: Nil where an escape is not whole or the text is not UTF-8.
    /// - Complexity: O(n).
    package static func pairs(_ bytes: Span<UInt8>) -> [(name: String, value: String)]? {
        var scanner = QueryScanner(offset: 0)
        var pairs: [(name: String, value: String)] = []
        while let pair = scanner.next(in: bytes) {
            guard let name = text(bytes, pair.name), let value = text(bytes, pair.value) else {
                return nil
            }
            pairs.append((name, value))
        }
        return pairs
    }

    private static func text(_ bytes: Span<UInt8>, _ range: Range<Int>) -> String? {
        guard let decoded = Percent.decodeBytes(bytes.extracting(range), plusIsSpace: true) else {
            return nil
        }
        return String(validating: decoded, as: UTF8.self)
    }
}
