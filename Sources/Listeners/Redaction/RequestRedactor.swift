internal import HTTPEngine
internal import Journal
internal import Primitives
internal import Security

/// Hides what is secret in a request before it is written down: its place keeps a keyed hash, by which equal secrets
/// can be told from different ones.
package struct RequestRedactor: Sendable {
    private let key: [UInt8]
    private let redacted: RedactedParts
    private let names: SecretNames

    /// Hides with a key that is the store's own; also what stands under the names that endpoints give, and what verifiers
    /// read.
    package init(
        key: (UInt64, UInt64),
        redacted: RedactedParts = RedactedParts(),
        names: SecretNames = SecretNames()
    ) {
        self.redacted = redacted
        self.names = names
        var writer = RecordWriter()
        writer.word(key.0)
        writer.word(key.1)
        self.key = writer.bytes
    }

    private static let words = [
        "signature", "secret", "token", "password", "hmac", "api-key", "apikey", "cookie",
        "authorization",
    ].map { Array($0.utf8) }
    private static let wordBytesMin = 4

    /// A request's header fields as lines, `name: value`, names in lower case, those that may hold secrets hidden.
    ///
    /// - Complexity: O(bytes of the head); every request with a store passes here.
    func lines(of request: borrowing Request) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(512)
        request.forEachHeader { name, value in
            lines.append(lowercasing: name)
            lines.append(UInt8(ascii: ":"))
            lines.append(UInt8(ascii: " "))
            if Self.isSecret(name) || redacted.hasHeader(name) || names.hasHeader(name) {
                lines += hidden(value.copied).utf8
            } else {
                lines.append(value)
            }
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }

    /// A target whose query values are hidden where their names say that they are secret.
    func target(_ target: String) -> String {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
        let pairs = target[target.index(after: mark)...].split(
            separator: "&",
            omittingEmptySubsequences: false
        )
        let shown = pairs.map { pair -> String in
            guard let equals = pair.firstIndex(of: "="),
                Self.isSecret(String(pair[..<equals])) || redacted.hasQuery(pair[..<equals])
                    || names.hasQuery(pair[..<equals])
            else { return String(pair) }
            return pair[...equals] + hidden(Array(pair[pair.index(after: equals)...].utf8))
        }
        return target[...mark] + shown.joined(separator: "&")
    }

    /// Whether what a name stands for is secret.
    static func isSecret(_ name: String) -> Bool {
        isSecret(Array(name.utf8).span)
    }

    /// Whether what a name stands for is secret: it holds one of the telling words, in any case.
    private static func isSecret(_ name: Span<UInt8>) -> Bool {
        var start = 0
        let last = name.count - wordBytesMin
        while start <= last {
            if mayBegin(name[start], name[start &+ 1]) {
                for word in words where holds(word, name, at: start) { return true }
            }
            start &+= 1
        }
        return false
    }

    /// Whether one of the words may begin with two letters: nearly always they tell that none does.
    @inline(__always)
    private static func mayBegin(_ first: UInt8, _ second: UInt8) -> Bool {
        switch first | 0x20 {
        case UInt8(ascii: "s"):
            second | 0x20 == UInt8(ascii: "i") || second | 0x20 == UInt8(ascii: "e")
        case UInt8(ascii: "t"), UInt8(ascii: "c"): second | 0x20 == UInt8(ascii: "o")
        case UInt8(ascii: "p"): second | 0x20 == UInt8(ascii: "a")
        case UInt8(ascii: "h"): second | 0x20 == UInt8(ascii: "m")
        case UInt8(ascii: "a"):
            second | 0x20 == UInt8(ascii: "p") || second | 0x20 == UInt8(ascii: "u")
        default: false
        }
    }

    private static func holds(_ word: [UInt8], _ name: Span<UInt8>, at start: Int) -> Bool {
        guard name.count - start >= word.count else { return false }
        for index in word.indices where lowercased(name[start + index]) != word[index] {
            return false
        }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (65...90).contains(byte) ? byte | 0x20 : byte
    }

    /// What stands in the place of a value.
    func hidden(_ value: [UInt8]) -> String {
        let code = MessageCode.of(value, key: key, by: .sha256)
        return "hash:" + Hex.text(of: Array(code.prefix(16)))
    }
}
