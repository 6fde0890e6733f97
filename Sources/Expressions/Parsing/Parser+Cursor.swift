internal import Documents

extension Parser {
    /// The next byte; nil at the end of the string.
    var peek: UInt8? { byte(at: offset) }

    /// The byte at an offset; nil beyond the end of the string.
    func byte(at offset: Int) -> UInt8? {
        offset >= 0 && offset < map.bytes.count ? map.bytes[offset] : nil
    }

    /// Whether the next bytes are those of a text.
    func isLookingAt(_ text: String) -> Bool {
        var at = offset
        for expected in text.utf8 {
            guard byte(at: at) == expected else { return false }
            at += 1
        }
        return true
    }

    /// Skips spaces, tabs and line ends.
    mutating func skipSpaces() {
        while let byte = peek, Characters.isSpace(byte) { offset += 1 }
    }

    /// Skips a byte if it is the next one after spaces.
    mutating func take(_ character: Unicode.Scalar) -> Bool {
        let start = offset
        skipSpaces()
        if let byte = peek, UInt32(byte) == character.value {
            offset += 1
            return true
        }
        offset = start
        return false
    }

    /// Skips a keyword if it is the next word after spaces.
    mutating func take(keyword: String) -> Bool {
        let start = offset
        skipSpaces()
        let end = offset + keyword.utf8.count
        if isLookingAt(keyword), !(byte(at: end).map(Characters.isName) ?? false) {
            offset = end
            return true
        }
        offset = start
        return false
    }

    /// Skips the bytes of a name.
    mutating func name() -> Range<Int> {
        let start = offset
        while let byte = peek, Characters.isName(byte) { offset += 1 }
        return start..<offset
    }

    /// Notes one more level of recursion.
    mutating func enter() throws(SyntaxError) {
        depth += 1
        if depth > Self.depthMax {
            var problem = error(
                "expressions nest at most \(Self.depthMax) deep",
                offset..<offset + 1
            )
            problem.isFinal = true
            throw problem
        }
    }

    /// An error about a range of bytes.
    func error(
        _ message: String,
        _ range: Range<Int>,
        suggestion: String? = nil
    ) -> SyntaxError {
        SyntaxError(
            message: message,
            suggestion: suggestion,
            position: map.position(at: range.lowerBound),
            length: map.length(range)
        )
    }

    /// The error for a `${` whose `}` is missing.
    func unclosed(from start: Int) -> SyntaxError {
        var problem = error(
            "this `${` has no closing `}`; write `\\${` for the characters themselves",
            start..<start + 2
        )
        problem.isUnclosed = true
        return problem
    }

    /// The error for what stands after a complete expression.
    func trailing() -> SyntaxError {
        let range = chunk(at: offset)
        let text = map.text(range)
        var message = "unexpected `\(text)` after the expression"
        var suggestion: String?
        switch text {
        case "&&": suggestion = "and"
        case "=", "===": suggestion = "=="
        case "!==", "<>": suggestion = "!="
        case "??", "?:": suggestion = "|"
        case "not": message += ": `not in` is written `not (a in b)`"
        case "is": message += ": compare with `==`"
        case "?":
            message +=
                ": there is no `a ? b : c`; a map with the key `\"?\"` chooses between values"
        case _ where text.hasPrefix("?."):
            message += ": what is missing is null without it"
            suggestion = String(text.dropFirst())
        case _ where text.hasPrefix("#") || text.hasPrefix(":") || text.hasPrefix("%%"):
            message += shellHint
        default: break
        }
        return error(message, range, suggestion: suggestion)
    }

    /// What stands at an offset, up to a space, a bar or a brace; at most 24 bytes, at least 1.
    func chunk(at start: Int) -> Range<Int> {
        var end = start
        while let byte = byte(at: end), !Characters.isSpace(byte), byte != UInt8(ascii: "|"),
            byte != UInt8(ascii: "}"), end - start < 24
        {
            end += 1
        }
        while let byte = byte(at: end), byte & 0xC0 == 0x80 { end += 1 }
        return start..<max(end, start + 1)
    }
}
