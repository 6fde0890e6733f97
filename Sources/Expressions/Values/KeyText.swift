package import JSONWire
package import Primitives

/// The bytes of a key, from the value an expression yields.
///
/// Text is itself, a number without fraction and exponent its digits (so `77` meets `"77"`), a boolean `true` or `false`.
/// Anything else is no key: `77.0` and `1e2` neither, because whoever writes them does not write them the same way twice.
/// Nor is a text with U+FFFD, by which readers of JSON, UTF-8 and percent escapes replace what is no text: keys that differ
/// would be one.
package enum KeyText {
    /// Why a value is no key.
    package enum Problem: Error, Sendable, Hashable {
        /// There is no value, or it is null.
        case missing
        /// The value is of a kind that no key has: a number with fraction or exponent, a list, a map.
        case wrongKind(String)
        /// The text is empty.
        case empty
        /// The text is longer than a key may be.
        case tooLong(bytesMax: Int)
        /// The text has U+FFFD in it, which stands for what could not be read: two keys could have become one.
        case unreadable

        /// The word for it in an answer.
        package var code: ProblemCode {
            self == .missing ? .keyMissing : .keyInvalid
        }

        /// One sentence for the sender, without full stop; it names the shape, not the content.
        package var message: String {
            switch self {
            case .missing: "the key is missing or null"
            case .wrongKind(let kind):
                "the key must be text, an integer or a boolean, and it is a \(kind)"
            case .empty: "the key is empty text"
            case .tooLong(let bytesMax): "the key is longer than \(bytesMax) bytes"
            case .unreadable:
                "the key has the character U+FFFD, which stands for what is not text (half of a surrogate "
                    + "pair, bytes that are not UTF-8): two keys could be one"
            }
        }
    }

    /// How long a key may be where nothing else is configured, in bytes.
    package static let bytesMax = 1024

    /// The key's bytes.
    ///
    /// - Throws: ``Problem`` where the value is no key.
    package static func bytes(
        of value: JSONValue?,
        bytesMax: Int = bytesMax
    ) throws(Problem) -> [UInt8] {
        let text: String
        switch value ?? .null {
        case .null: throw .missing
        case .bool(let flag): text = flag ? "true" : "false"
        case .integer(let number): text = String(number)
        case .number(let number) where NumberText.isIntegral(number.text.utf8):
            text = number.text == "-0" ? "0" : number.text
        case .number: throw .wrongKind("number with a fraction or exponent")
        case .string(let string): text = string
        case .array: throw .wrongKind("list")
        case .object: throw .wrongKind("map")
        }
        if text.utf8.isEmpty { throw .empty }
        if text.utf8.count > bytesMax { throw .tooLong(bytesMax: bytesMax) }
        let bytes = Array(text.utf8)
        if isUnreadable(bytes.span) { throw .unreadable }
        return bytes
    }

    /// Whether a text stands for what could not be read: U+FFFD is in it.
    ///
    /// - Complexity: O(bytes), eight at a time while they are ASCII.
    @inlinable
    package static func isUnreadable(_ bytes: Span<UInt8>) -> Bool {
        // The last eight bytes overlap those before: no rest is gone through byte by byte.
        let last = max(bytes.count &- 8, 0)
        var all = bytes.word(at: last)
        var offset = 0
        while offset < last {
            all |= bytes.word(at: offset)
            offset &+= 8
        }
        return all & 0x8080_8080_8080_8080 != 0 && holdsReplacement(bytes)
    }

    /// Whether the bytes of U+FFFD are there.
    @usableFromInline
    static func holdsReplacement(_ bytes: Span<UInt8>) -> Bool {
        guard bytes.count >= 3 else { return false }
        for index in 0..<(bytes.count - 2)
        where bytes[index] == 0xEF && bytes[index + 1] == 0xBF && bytes[index + 2] == 0xBD {
            return true
        }
        return false
    }

    /// Runs `body` with the bytes of the key that an element is.
    ///
    /// Allocates nothing, but for text with escapes and for integers beyond 64 bits.
    ///
    /// - Parameters:
    ///   - element: The element that the path of `identify_by` leads to; nil where it leads nowhere.
    ///   - bytesMax: How long the key may be.
    ///   - body: Gets the bytes, 1 to `bytesMax`; they are valid only inside it.
    /// - Returns: What `body` returns.
    /// - Throws: ``KeyText/Problem`` where the element is no key.
    @inlinable
    package static func withBytes<Output>(
        of element: JSONElement?,
        bytesMax: Int = bytesMax,
        _ body: (Span<UInt8>) -> Output
    ) throws(Problem) -> Output {
        guard let element else { throw .missing }
        switch element.kind {
        case .null: throw .missing
        case .array: throw .wrongKind("list")
        case .object: throw .wrongKind("map")
        case .bool, .integer:
            return try element.withRawBytes { (bytes) throws(Problem) in
                try checkCount(bytes.count, bytesMax)
                return body(bytes)
            }
        case .string:
            let output = try element.withStringBytes { (bytes) throws(Problem) in
                try checkCount(bytes.count, bytesMax)
                if isUnreadable(bytes) { throw .unreadable }
                return body(bytes)
            }
            guard let output else { throw .missing }
            return output
        case .number:
            let bytes = try bytes(of: element.value(), bytesMax: bytesMax)
            return body(bytes.span)
        }
    }

    /// Whether a key may have so many bytes.
    @usableFromInline
    static func checkCount(_ count: Int, _ bytesMax: Int) throws(Problem) {
        if count == 0 { throw .empty }
        if count > bytesMax { throw .tooLong(bytesMax: bytesMax) }
    }
}
