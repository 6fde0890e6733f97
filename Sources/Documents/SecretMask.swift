/// Hides secrets in a line that is quoted.
enum SecretMask {
    private static let words = [
        "secret", "token", "passw", "pasw", "auth", "credential", "api_key", "apikey", "private",
    ]

    /// Whether a key, or something near it, names a secret.
    static func namesSecret(_ key: String) -> Bool {
        let key = key.lowercased()
        return words.contains(where: key.contains)
    }

    /// Replaces the values of a line with dots where its text before a colon names a secret.
    ///
    /// References such as `${env.TOKEN}` are no secrets and stay.
    static func mask(_ characters: inout [Unicode.Scalar]) {
        var from = characters.startIndex
        while let colon = characters[from...].firstIndex(of: ":") {
            let isSecret = namesSecret(
                String(String.UnicodeScalarView(characters[from..<colon]))
            )
            from = colon + 1
            guard isSecret else { continue }
            let value = characters[from...].drop { $0 == " " || $0 == "\"" || $0 == "'" }
            if value.isEmpty || value.starts(with: "${".unicodeScalars) { continue }
            characters.replaceSubrange(value.indices, with: ["…"])
            return
        }
    }

    /// Replaces what stands before the `@` of a URL with dots: `https://…@example.com`.
    static func maskURLs(_ characters: inout [Unicode.Scalar]) {
        let scheme = Array("://".unicodeScalars)
        var at = 0
        while at + scheme.count < characters.count {
            guard characters[at..<(at + scheme.count)].elementsEqual(scheme) else {
                at += 1
                continue
            }
            at += scheme.count
            let authority = characters[at...].prefix { $0 != "/" && $0 != " " && $0 != "?" }
            if let sign = authority.lastIndex(of: "@") {
                characters.replaceSubrange(at..<sign, with: ["…"])
            }
        }
    }
}
