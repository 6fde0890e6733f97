/// URLs as logs and errors name them: what may be secret is left out.
enum ShownURL {
    /// Values shorter than this are words, not secrets.
    private static let secretLengthMin = 4

    /// A URL without its user, query and fragment, and with `…` for every secret in its path.
    static func text(of url: String, hiding secrets: [String]) -> String {
        let bare = url.prefix { $0 != "?" && $0 != "#" }
        guard let colon = bare.firstIndex(of: ":"), bare[colon...].hasPrefix("://") else {
            return String(bare)
        }
        let start = bare.index(colon, offsetBy: 3)
        let end = bare[start...].firstIndex(of: "/") ?? bare.endIndex
        let authority = bare[start..<end]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] }
        var path = String(bare[end...])
        for secret in secrets { path = hide(secret, in: path) }
        return bare[..<start] + (host ?? authority) + path
    }

    /// What the environment variables that a text names yield, as far as it may be a secret: no word, no address.
    static func secrets(in text: String, environment: [String: String]) -> [String] {
        names(in: text).compactMap { environment[$0] }.filter {
            $0.utf8.count >= secretLengthMin && !$0.contains(":")
        }
    }

    /// The names behind `env.` and `secret.` in a text.
    private static func names(in text: String) -> [String] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == ".") }.compactMap { word in
            let parts = word.split(separator: ".", maxSplits: 1)
            guard parts.count == 2, parts[0] == "env" || parts[0] == "secret" else { return nil }
            return String(parts[1])
        }
    }

    private static func hide(_ secret: String, in path: String) -> String {
        var shown = ""
        var rest = path[...]
        while let found = firstRange(of: secret, in: rest) {
            shown += rest[..<found.lowerBound] + "…"
            rest = rest[found.upperBound...]
        }
        return shown + rest
    }

    private static func firstRange(of text: String, in rest: Substring) -> Range<String.Index>? {
        var start = rest.startIndex
        while start < rest.endIndex {
            if rest[start...].hasPrefix(text) {
                return start..<rest.index(start, offsetBy: text.count)
            }
            start = rest.index(after: start)
        }
        return nil
    }
}
