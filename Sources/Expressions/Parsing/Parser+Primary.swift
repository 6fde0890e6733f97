internal import Documents
internal import JSONWire

extension Parser {
    /// Reads a literal, a source with its path, a parenthesis or a nested `${…}`.
    mutating func primary() throws(SyntaxError) -> Expression {
        skipSpaces()
        guard let byte = peek else { throw unclosed(from: outerStart) }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .constant(.string(try quoted()))
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
            return .constant(try number())
        case UInt8(ascii: "("): return try parenthesis()
        case UInt8(ascii: "$") where isLookingAt("${"): return try nested()
        case _ where Characters.isWordStart(byte): return try word()
        default: throw missingValue()
        }
    }

    private func missingValue() -> SyntaxError {
        let range = chunk(at: offset)
        let found = peek
        if found == UInt8(ascii: "}") || found == UInt8(ascii: "|") {
            return error("there is no value here", offset..<offset + 1)
        }
        let text = map.text(range)
        if found == UInt8(ascii: "{"), outerStart + 2 == offset { return doubleBraces(range) }
        if let found, ".$".utf8.contains(found), let problem = rooted(range) { return problem }
        if found == UInt8(ascii: "[") || found == UInt8(ascii: "{") {
            return error(
                "expressions have no list and map literals: write the list or map in YAML",
                range
            )
        }
        let isShell = found.map { "#@?*".utf8.contains($0) } ?? false
        return error(
            "expected a value, found `\(text)`" + (isShell ? shellHint : ""),
            range,
            suggestion: found == UInt8(ascii: "!") ? "not" : nil
        )
    }

    private mutating func parenthesis() throws(SyntaxError) -> Expression {
        let start = offset
        try enter()
        offset += 1
        let expression = try alternatives(mayBeText: false)
        skipSpaces()
        guard peek == UInt8(ascii: ")") else {
            if peek == nil { throw unclosed(from: outerStart) }
            throw error("this `(` has no closing `)`", start..<start + 1)
        }
        offset += 1
        depth -= 1
        return expression.following(try path())
    }

    private mutating func word() throws(SyntaxError) -> Expression {
        let range = name()
        let text = map.text(range)
        switch text {
        case "true": return .constant(.bool(true))
        case "false": return .constant(.bool(false))
        case "null": return .constant(.null)
        case "and", "or", "in", "as", "not":
            throw error("expected a value, found the operator `\(text)`", range)
        default: break
        }
        if peek == UInt8(ascii: "(") { return try call(text, range) }
        guard let source = context.syntax.source(named: text) else { return try step(text, range) }
        let argument = try argument(of: source)
        let pieces = try path()
        try refuseMethod(range.lowerBound, pieces)
        if source.isReadAtLoad { return try variable(source, pieces, range.lowerBound) }
        if source == .jobs { try checkNamed(pieces, range) }
        try checkMember(source, pieces, range.lowerBound)
        let (steps, rest) = Self.divided(pieces)
        let reference = Reference(
            source,
            argument: argument,
            steps: steps,
            at: map.position(at: range.lowerBound)
        )
        if bindsItem, source == .item || source == .index {
            return Expression.local(reference).continued(rest)
        }
        guard context.sources.contains(source) else { throw misplaced(source, range) }
        advise(reference)
        return Expression.reference(reference).continued(rest)
    }

    /// Reads a step's output by its id alone: `fetch.output` is `jobs.fetch.output`.
    private mutating func step(_ id: String, _ range: Range<Int>) throws(SyntaxError) -> Expression
    {
        guard context.stepIDs.contains(id), context.sources.contains(.jobs),
            let byte = peek, ".[".utf8.contains(byte)
        else { throw unknown(id, range) }
        let pieces = try path()
        try refuseMethod(range.lowerBound, pieces)
        let (steps, rest) = Self.divided(pieces)
        let reference = Reference(
            .jobs,
            steps: [.member(JSONName(id))] + steps,
            at: map.position(at: range.lowerBound)
        )
        return Expression.reference(reference).continued(rest)
    }

    /// Refuses `jobs` without the name of a job behind it: who depends on what would be unknown.
    private func checkNamed(_ pieces: [PathPiece], _ range: Range<Int>) throws(SyntaxError) {
        if case .fixed(.member)? = pieces.first { return }
        throw error("`jobs` is followed by the id of a job: `jobs.ID.output`", range)
    }

    /// The steps up to the first that is computed, and all from the `[*]` before it or from it on.
    private static func divided(_ pieces: [PathPiece]) -> ([PathStep], [PathPiece]) {
        let steps = pieces.compactMap(\.fixed)
        if steps.count == pieces.count { return (steps, []) }
        let first = pieces.prefix { piece in
            guard let step = piece.fixed else { return false }
            return step != .all
        }
        return (first.compactMap(\.fixed), Array(pieces.dropFirst(first.count)))
    }

    /// Reads the port of `gateway:8090`.
    private mutating func argument(of source: Source) throws(SyntaxError) -> Int? {
        guard peek == UInt8(ascii: ":") else { return nil }
        let start = offset
        offset += 1
        let digits = offset
        while let byte = peek, Characters.isDigit(byte) { offset += 1 }
        if source != .gateway {
            throw error("only `gateway` takes a port behind `:`", start..<offset)
        }
        guard let port = Int(map.text(digits..<offset)), (1...65535).contains(port) else {
            throw error("`gateway:` is followed by a port from 1 to 65535", start..<offset)
        }
        return port
    }

    /// The value of a variable of the environment, or of a secret.
    private mutating func variable(
        _ source: Source,
        _ pieces: [PathPiece],
        _ start: Int
    ) throws(SyntaxError) -> Expression {
        guard context.sources.contains(source) else {
            throw misplaced(source, start..<start + source.name.utf8.count)
        }
        guard pieces.count == 1, case .fixed(.member(let name))? = pieces.first else {
            throw error(
                "`\(source.name)` is followed by the name of one variable:"
                    + " `\(source.name).NAME`",
                start..<offset
            )
        }
        let values = source == .secret ? context.secrets : context.environment
        if let value = values[name.text] { return .constant(.string(value)) }
        unset.append(
            UnsetName(
                name: name.text,
                isSecret: source == .secret,
                position: map.position(at: outerStart)
            )
        )
        return .constant(.null)
    }
}

extension Parser {
    /// Reads a number as RFC 8259, section 6, writes it; one that fits 64 bits is an integer.
    mutating func number() throws(SyntaxError) -> JSONValue {
        let start = offset
        while let byte = peek,
            Characters.isName(byte) || byte == UInt8(ascii: ".") || isExponentSign(byte)
        {
            offset += 1
        }
        let text = map.text(start..<offset)
        guard let canonical = NumberText.canonical(text), canonical == text else {
            throw error("`\(text)` is not a number", start..<max(offset, start + 1))
        }
        return .number(text: text)
    }

    /// Whether a byte is the plus of an exponent; its minus is part of a name anyway.
    private func isExponentSign(_ byte: UInt8) -> Bool {
        guard byte == UInt8(ascii: "+"), let before = self.byte(at: offset - 1) else {
            return false
        }
        return before | 0x20 == UInt8(ascii: "e")
    }

    /// Reads text in double or single quotes, with the escapes of RFC 8259, section 7, and of the quote itself.
    mutating func quoted() throws(SyntaxError) -> String {
        let (start, quote) = (offset, peek)
        var text: [UInt8] = []
        offset += 1
        while let byte = peek {
            if byte == quote {
                offset += 1
                return String(decoding: text, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                try escape(into: &text)
            } else {
                text.append(byte)
                offset += 1
            }
        }
        var problem = error("this text has no closing quote", start..<start + 1)
        problem.isUnclosed = true
        throw problem
    }

    private mutating func escape(into text: inout [UInt8]) throws(SyntaxError) {
        let start = offset
        let mark = byte(at: offset + 1) ?? 0
        offset += 2
        switch mark {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"), UInt8(ascii: "/"),
            UInt8(ascii: "$"):
            text.append(mark)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "u"):
            let scalar = try escapedScalar(start)
            text.append(contentsOf: Character(scalar).utf8)
        default:
            throw error(
                "there is no escape like this; a backslash itself is `\\\\`",
                start..<start + 2
            )
        }
    }

    /// Reads the digits of `\u00e9`, and of a second one that makes a pair of surrogates.
    private mutating func escapedScalar(_ start: Int) throws(SyntaxError) -> Unicode.Scalar {
        guard let first = hexadecimal() else {
            throw error("`\\u` is followed by four hexadecimal digits", start..<start + 2)
        }
        if let scalar = Unicode.Scalar(first) { return scalar }
        if first < 0xDC00, isLookingAt("\\u") {
            offset += 2
            if let second = hexadecimal(), (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(
                    0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
                )
            {
                return scalar
            }
        }
        throw error("half a surrogate pair is not a character", start..<offset)
    }

    private mutating func hexadecimal() -> UInt16? {
        var value: UInt16 = 0
        for place in offset..<offset + 4 {
            guard let byte = byte(at: place),
                let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { return nil }
            value = value << 4 | UInt16(digit)
        }
        offset += 4
        return value
    }
}

/// How expressions write text in quotes.
enum Quoting {
    /// Text in double quotes, with `"` and `\` escaped.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for character in text.unicodeScalars {
            if character == "\"" || character == "\\" { quoted += "\\" }
            quoted.unicodeScalars.append(character)
        }
        return quoted + "\""
    }
}
