internal import HTTPEngine
internal import Primitives
internal import Security

/// Hides what is secret in a request before it is written down: its place keeps a keyed hash, by which equal secrets
/// can be told from different ones.
struct SecretMask: Sendable {
    private let key: [UInt8]

    /// Hides with a key that is the store's own.
    init(key: (UInt64, UInt64)) {
        var writer = RecordWriter()
        writer.word(key.0)
        writer.word(key.1)
        self.key = writer.bytes
    }

    private static let words = [
        "signature", "secret", "token", "password", "hmac", "api-key", "apikey", "cookie",
        "authorization",
    ].map { Array($0.utf8) }

    /// A request's header fields as lines, `name: value`, names in lower case, those that may hold secrets hidden.
    ///
    /// - Complexity: O(bytes of the head); every request with a store passes here.
    func lines(of request: borrowing Request) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(512)
        request.forEachHeader { name, value in
            let start = lines.count
            for index in name.indices { lines.append(Self.lowercased(name[index])) }
            let isSecret = Self.isSecret(lines, from: start)
            lines.append(UInt8(ascii: ":"))
            lines.append(UInt8(ascii: " "))
            if isSecret {
                lines += hidden(value.copied).utf8
            } else {
                lines += value.copied
            }
            lines.append(UInt8(ascii: "\n"))
        }
        return lines
    }

    /// A target whose query values are hidden where their names say that they are secret.
    func target(_ target: String) -> String {
        guard let mark = target.firstIndex(of: "?") else { return target }
        let pairs = target[target.index(after: mark)...].split(
            separator: "&",
            omittingEmptySubsequences: false
        )
        let shown = pairs.map { pair -> String in
            guard let equals = pair.firstIndex(of: "="), Self.isSecret(String(pair[..<equals]))
            else { return String(pair) }
            return pair[...equals] + hidden(Array(pair[pair.index(after: equals)...].utf8))
        }
        return target[...mark] + shown.joined(separator: "&")
    }

    /// Whether what a name stands for is secret.
    static func isSecret(_ name: String) -> Bool {
        isSecret(name.utf8.map(lowercased), from: 0)
    }

    /// Whether what a name in lower case stands for is secret: what begins at `from` holds one of the telling words.
    private static func isSecret(_ bytes: [UInt8], from: Int) -> Bool {
        for start in from..<bytes.count {
            switch bytes[start] {
            case UInt8(ascii: "a"), UInt8(ascii: "c"), UInt8(ascii: "h"), UInt8(ascii: "p"),
                UInt8(ascii: "s"), UInt8(ascii: "t"):
                if words.contains(where: { holds($0, bytes, at: start) }) { return true }
            default: break
            }
        }
        return false
    }

    private static func holds(_ word: [UInt8], _ bytes: [UInt8], at start: Int) -> Bool {
        guard bytes.count - start >= word.count, bytes[start] == word[0] else { return false }
        for index in word.indices where bytes[start + index] != word[index] { return false }
        return true
    }

    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (65...90).contains(byte) ? byte | 0x20 : byte
    }

    private func hidden(_ value: [UInt8]) -> String {
        let code = MessageCode.of(value, key: key, by: .sha256)
        return "hash:" + Hex.text(of: Array(code.prefix(16)))
    }
}
