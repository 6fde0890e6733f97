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
