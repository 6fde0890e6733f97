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

    private static let headers = [
        "authorization", "proxy-authorization", "cookie", "x-api-key", "x-auth-token",
        "x-gitlab-token", "x-goog-channel-token",
    ].map { Array($0.utf8) }
    private static let words = [
        "signature", "secret", "token", "password", "hmac", "api-key", "apikey",
    ].map { Array($0.utf8) }

    /// Header fields as lines, `name: value`, those that may hold secrets hidden.
    func lines(of headers: [(name: String, value: String)]) -> [UInt8] {
        var lines: [UInt8] = []
        lines.reserveCapacity(
            headers.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count + 4 }
        )
        for header in headers {
            lines += header.name.utf8
            lines += ": ".utf8
            lines += (Self.isSecret(header.name) ? hidden(header.value) : header.value).utf8
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
            return pair[...equals] + hidden(String(pair[pair.index(after: equals)...]))
        }
        return target[...mark] + shown.joined(separator: "&")
    }

    /// Whether what a name stands for is secret.
    ///
    /// Every request's header fields are asked about: by bytes this takes a hundredth of what texts take.
    static func isSecret(_ name: String) -> Bool {
        let name = name.utf8.map { (65...90).contains($0) ? $0 | 0x20 : $0 }
        return headers.contains(name) || words.contains { occurs($0, in: name) }
    }

    private static func occurs(_ word: [UInt8], in name: [UInt8]) -> Bool {
        guard name.count >= word.count else { return false }
        for start in 0...(name.count - word.count) where name[start] == word[0] {
            if name[start...].starts(with: word) { return true }
        }
        return false
    }

    private func hidden(_ value: String) -> String {
        let code = MessageCode.of(Array(value.utf8), key: key, by: .sha256)
        return "hash:" + Hex.text(of: Array(code.prefix(16)))
    }
}
