internal import Documents
internal import JSONWire

/// Turns the text between `${` and `}` into an ``Expression``.
///
/// One parser reads one string of the configuration; the grammar is that of `docs/expressions.md`. It recurses at most
/// ``depthMax`` deep, and reads every byte a bounded number of times.
struct Parser {
    /// How many parentheses, signs and `${…}` may lie inside each other.
    static let depthMax = 64
    /// How many bytes one `${…}` may have.
    static let bytesMax = 65_536

    /// How many `as` one value may have.
    static let castsMax = 8

    /// The string.
    let map: TextMap
    /// What may be named here.
    let context: CompileContext
    /// Whether a `*` operator binds `item` and `index` here.
    let bindsItem: Bool
    /// The next byte.
    var offset = 0
    /// How deep the recursion is.
    var depth = 0
    /// What the expression at hand says beside its value.
    var notes = Notes()
    /// What the finished expressions said.
    var hints: [Annotation] = []
    /// Variables of the environment and secrets that are not there and have no default.
    var unset: [UnsetName] = []
    /// What was taken in one of two ways that it can be meant, as sentences.
    var assumed: [(message: String, position: SourcePosition)] = []
    /// Nested expressions that were read already, by the offset of their `${`.
    var known: [Int: Embedded] = [:]
    /// The last cast that was read.
    var lastCast: LastCast?
    /// Where the outermost `${` at hand begins.
    var outerStart = 0

    /// One finished `${…}`.
    struct Embedded {
        /// Its program.
        var expression: Expression
        /// The offset after its `}`.
        var end: Int
        /// What it said.
        var hints: [Annotation]
        /// The variables it misses.
        var unset: [UnsetName]
    }

    /// A cast, with the range of bytes from its operand's first to its own last.
    struct LastCast {
        /// The cast.
        var cast: Cast
        /// The type as written.
        var name: String
        /// Operand and cast.
        var range: Range<Int>
    }

    /// What is gathered for an ``Annotation``.
    struct Notes {
        /// What stands after each `as`.
        var types: [String] = []
        /// The `@(…)`.
        var annotations: [Annotation.Note] = []
    }

    /// Makes a parser of one string.
    init(_ map: TextMap, context: CompileContext, bindsItem: Bool) {
        self.map = map
        self.context = context
        self.bindsItem = bindsItem
    }

    /// Reads one `${…}`; `offset` is at its `$` before and after its `}` afterwards.
    mutating func embedded() throws(SyntaxError) -> Expression {
        if let known = known[offset] {
            offset = known.end
            hints += known.hints
            unset += known.unset
            return known.expression
        }
        let (start, outerNotes) = (offset, notes)
        // Moved out and joined again below, not copied: a string may have thousands of expressions.
        var (outerHints, outerUnset) = (hints, unset)
        if depth == 0 { outerStart = start }
        notes = Notes()
        hints = []
        unset = []
        try enter()
        offset += 2
        let expression = try alternatives(mayBeText: true)
        try annotations()
        try closeBrace(from: start)
        depth -= 1
        note(expression, from: start)
        known[start] = Embedded(
            expression: expression,
            end: offset,
            hints: hints,
            unset: unset
        )
        notes = outerNotes
        outerHints += hints
        outerUnset += unset
        (hints, unset) = (outerHints, outerUnset)
        return expression
    }

    private mutating func closeBrace(from start: Int) throws(SyntaxError) {
        skipSpaces()
        guard let byte = peek else {
            throw unclosed(from: start)
        }
        guard byte == UInt8(ascii: "}") else { throw trailing() }
        offset += 1
        if offset - start > Self.bytesMax {
            throw error(
                "an expression may have \(Self.bytesMax) bytes, this one has \(offset - start)",
                start..<start + 2
            )
        }
    }

    /// Keeps what an expression says beside its value.
    private mutating func note(_ expression: Expression, from start: Int) {
        var defaultValue: JSONValue?
        if case .alternatives(let parts) = expression { defaultValue = parts.last?.constant }
        if notes.types.isEmpty, notes.annotations.isEmpty, defaultValue == nil { return }
        var reference: Reference?
        var isFirst = true
        expression.forEachLeaf { leaf in
            if isFirst, case .reference(let found) = leaf { reference = found }
            isFirst = false
        }
        // Before those of nested expressions, which are complete already.
        hints.insert(
            Annotation(
                reference: reference,
                types: notes.types,
                defaultValue: defaultValue,
                notes: notes.annotations,
                position: map.position(at: start)
            ),
            at: 0
        )
    }
}

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

/// The classes of bytes that expressions are made of.
enum Characters {
    /// Whether a byte can stand in a name: a letter, a digit, `_`, `-` or part of a character outside ASCII.
    static func isName(_ byte: UInt8) -> Bool {
        isWordStart(byte) || isDigit(byte) || byte == UInt8(ascii: "-")
    }

    /// Whether a byte can begin a word: a source, an operator or a literal.
    static func isWordStart(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"), 0x80...0xFF:
            true
        default: false
        }
    }

    /// Whether a byte is a decimal digit.
    static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    /// Whether a byte is a space, a tab or a line end.
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0D).contains(byte)
    }
}
