/// The parameters of a header field's value (RFC 9110, 5.6.6), `value; name=text; name="text"`, as senders write them.
package struct HeaderParameters: Sendable {
    /// What stands before the first semicolon, in small letters.
    package let value: String
    private let pairs: [(name: String, text: [UInt8])]

    /// Takes a field's value apart.
    ///
    /// In a text in quotes `\"` and `\\` are the second character; any other backslash stays, because old browsers send
    /// paths of Windows. A text without its closing quote goes to the end.
    /// - Complexity: O(n).
    package init(_ bytes: ArraySlice<UInt8>) {
        var at = bytes.startIndex
        while at < bytes.endIndex, bytes[at] != UInt8(ascii: ";") { at += 1 }
        value = String(decoding: Self.trimmed(bytes[..<at]), as: UTF8.self).lowercased()
        var pairs: [(name: String, text: [UInt8])] = []
        while at < bytes.endIndex {
            at += 1
            let start = at
            while at < bytes.endIndex, bytes[at] != UInt8(ascii: ";"),
                bytes[at] != UInt8(ascii: "=")
            { at += 1 }
            let name = String(decoding: Self.trimmed(bytes[start..<at]), as: UTF8.self).lowercased()
            guard at < bytes.endIndex, bytes[at] == UInt8(ascii: "=") else { continue }
            at += 1
            pairs.append((name, Self.text(bytes, &at)))
        }
        self.pairs = pairs
    }

    /// Takes a field's value apart.
    package init(_ text: String) {
        self.init(Array(text.utf8)[...])
    }

    /// The text of the first parameter of that name, which is given in small letters; nil where there is none.
    package subscript(name: String) -> [UInt8]? {
        pairs.first { $0.name == name }?.text
    }

    /// Reads a token or a text in quotes; `at` is behind it afterwards, at a semicolon or the end.
    private static func text(_ bytes: ArraySlice<UInt8>, _ at: inout Int) -> [UInt8] {
        while at < bytes.endIndex, isBlank(bytes[at]) { at += 1 }
        let start = at
        guard at < bytes.endIndex, bytes[at] == UInt8(ascii: "\"") else {
            while at < bytes.endIndex, bytes[at] != UInt8(ascii: ";") { at += 1 }
            return Array(trimmed(bytes[start..<at]))
        }
        var text: [UInt8] = []
        at += 1
        while at < bytes.endIndex, bytes[at] != UInt8(ascii: "\"") {
            let next = at + 1 < bytes.endIndex ? bytes[at + 1] : 0
            if bytes[at] == UInt8(ascii: "\\"),
                next == UInt8(ascii: "\"") || next == UInt8(ascii: "\\")
            {
                at += 1
            }
            text.append(bytes[at])
            at += 1
        }
        while at < bytes.endIndex, bytes[at] != UInt8(ascii: ";") { at += 1 }
        return text
    }

    /// Bytes without the blanks round them.
    package static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var (start, end) = (bytes.startIndex, bytes.endIndex)
        while start < end, isBlank(bytes[start]) { start += 1 }
        while end > start, isBlank(bytes[end - 1]) { end -= 1 }
        return bytes[start..<end]
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
}
