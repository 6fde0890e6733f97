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

    /// Replaces the literal values of a line with dots where the text before a colon names a secret; columns stay.
    ///
    /// References such as `${env.TOKEN}` are no secrets and stay, and so does the word of a scheme (`Bearer`).
    static func mask(_ characters: inout [Unicode.Scalar]) {
        var from = characters.startIndex
        while let colon = characters[from...].firstIndex(of: ":") {
            let isSecret = namesSecret(
                String(String.UnicodeScalarView(characters[from..<colon]))
            )
            from = colon + 1
            guard isSecret else { continue }
            let value = value(of: characters[from...], isFlow: isInFlow(characters[..<from]))
            cover(value, in: &characters)
            from = value.upperBound
        }
    }

    /// Where a value ends: at its closing quote, in a `{ }` at the next comma or bracket, else with the line.
    private static func value(
        of rest: ArraySlice<Unicode.Scalar>,
        isFlow: Bool
    ) -> Range<Int> {
        let start = rest.firstIndex { $0 != " " } ?? rest.endIndex
        guard start < rest.endIndex else { return start..<start }
        let quote = rest[start]
        if quote == "\"" || quote == "'" {
            let inside = rest.index(after: start)
            let end = rest[inside...].firstIndex(of: quote) ?? rest.endIndex
            return inside..<end
        }
        let ends: [Unicode.Scalar] = isFlow ? [",", "}", "]"] : []
        var depth = 0
        var end = start
        while end < rest.endIndex {
            if rest[end] == "{" { depth += 1 }
            if depth == 0, ends.contains(rest[end]) { break }
            if rest[end] == "}" { depth -= 1 }
            end += 1
        }
        return start..<end
    }

    /// Whether more brackets were opened than closed.
    private static func isInFlow(_ before: ArraySlice<Unicode.Scalar>) -> Bool {
        before.count { $0 == "{" || $0 == "[" } > before.count { $0 == "}" || $0 == "]" }
    }

    /// Replaces the literal parts of a value: each becomes one dot and blanks.
    private static func cover(_ value: Range<Int>, in characters: inout [Unicode.Scalar]) {
        var place = value.lowerBound
        var isFirst = true
        while place < value.upperBound {
            if characters[place...].starts(with: "${".unicodeScalars) {
                let end = characters[place..<value.upperBound].firstIndex(of: "}")
                place = end.map { $0 + 1 } ?? value.upperBound
                isFirst = true
                continue
            }
            let word = schemes.first { characters[place...].starts(with: $0.unicodeScalars) }
            if place == value.lowerBound, let word {
                place += word.unicodeScalars.count
                continue
            }
            characters[place] = isFirst ? "…" : " "
            isFirst = false
            place += 1
        }
    }

    private static let schemes = ["Bearer ", "Basic "]

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
                for place in at..<sign { characters[place] = "…" }
            }
        }
    }
}
