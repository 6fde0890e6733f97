internal import Documents
internal import JSONWire

/// Splits a string of the configuration into literal text and expressions.
struct StringReader {
    /// Reads the expressions; its offset is that of the string.
    var parser: Parser
    /// What was found so far.
    var pieces: [Form.Piece] = []
    /// What is wrong, at most one thing an expression.
    var problems: [SyntaxError] = []
    private var literal: [UInt8] = []

    /// Makes a reader of the string that a parser has.
    init(_ parser: Parser) {
        self.parser = parser
    }

    /// Reads the whole string; afterwards `pieces` and `problems` are complete, and there is at least one piece.
    mutating func read() {
        let bytes = parser.map.bytes
        while parser.offset < bytes.count {
            let byte = bytes[parser.offset]
            if byte == UInt8(ascii: "\\"), isEscape {
                literal.append(bytes[parser.offset + 1])
                parser.offset += 2
            } else if byte == UInt8(ascii: "$"), parser.isLookingAt("${") {
                expression { (parser) throws(SyntaxError) in try parser.embedded() }
            } else if byte == UInt8(ascii: "{"), isGoTemplate(at: parser.offset) {
                expression { (parser) throws(SyntaxError) in try parser.goTemplate() }
            } else {
                literal.append(byte)
                parser.offset += 1
            }
        }
        flush()
        if pieces.isEmpty {
            pieces.append(Form.Piece(expression: .constant(.string("")), source: ""))
        }
    }

    /// Whether the backslash here makes the next characters text.
    private var isEscape: Bool {
        let next = parser.offset + 1
        return parser.map.bytes.dropFirst(next).starts(with: "${".utf8) || isGoTemplate(at: next)
    }

    private func isGoTemplate(at offset: Int) -> Bool {
        parser.context.syntax.acceptsGoTemplates
            && parser.map.bytes.dropFirst(offset).starts(with: "{{".utf8)
    }

    private mutating func expression(
        _ read: (inout Parser) throws(SyntaxError) -> Expression
    ) {
        flush()
        let start = parser.offset
        do throws(SyntaxError) {
            let expression = try read(&parser)
            pieces.append(
                Form.Piece(
                    expression: expression,
                    source: parser.map.text(start..<parser.offset)
                )
            )
        } catch {
            problems.append(error)
            parser.offset = error.isUnclosed ? parser.map.bytes.count : end(of: start)
            parser.depth = 0
        }
    }

    /// Where an expression ends that could not be read: behind the brace that closes it, as far as that can be told.
    private func end(of start: Int) -> Int {
        let bytes = parser.map.bytes
        var open = 0
        var at = start
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "{") { open += 1 }
            if bytes[at] == UInt8(ascii: "}") {
                open -= 1
                if open == 0 { return at + 1 }
            }
            at += 1
        }
        return bytes.count
    }

    private mutating func flush() {
        if literal.isEmpty { return }
        let text = String(decoding: literal, as: UTF8.self)
        pieces.append(Form.Piece(expression: .constant(.string(text)), source: ""))
        literal = []
    }
}

/// Why a text is no expression, and where.
struct SyntaxError: Error {
    /// What was found and what was expected; one sentence without full stop.
    var message: String
    /// What to write instead, where there is one nearest thing.
    var suggestion: String?
    /// Where.
    var position: SourcePosition
    /// How many characters it is about, for the caret.
    var length: Int
    /// Whether the text cannot be meant as it stands either: it is wrong inside a nested `${…}`.
    var isFinal = false
    /// Whether the end of the text came before the end of the expression.
    var isUnclosed = false
}

/// Where the bytes of a string of the configuration stand in its file.
struct TextMap: Sendable {
    /// The string's UTF-8.
    let bytes: [UInt8]
    private let start: SourcePosition
    /// The column of every byte, where characters are not bytes; empty where they are.
    private let columns: [Int]
    private let firstColumn: Int?

    /// Maps a scalar's text; of one that is not written as one line, every byte stands where the scalar begins.
    init(_ text: String, of node: Node) {
        bytes = Array(text.utf8)
        start = node.position
        firstColumn = node.textStartsAtColumn
        guard let first = firstColumn, bytes.contains(where: { $0 >= 0x80 }) else {
            columns = []
            return
        }
        var column = first - 1
        columns = bytes.map { byte in
            if byte & 0xC0 != 0x80 { column += 1 }
            return column
        }
    }

    /// The place of a byte, or of the text's end.
    func position(at offset: Int) -> SourcePosition {
        guard let firstColumn else { return start }
        var position = start
        if columns.isEmpty {
            position.column = firstColumn + offset
        } else if columns.indices.contains(offset) {
            position.column = columns[offset]
        } else {
            position.column = (columns.last ?? firstColumn) + 1
        }
        return position
    }

    /// How many characters a range of bytes is; at least 1, and 1 where the text has no columns.
    func length(_ range: Range<Int>) -> Int {
        guard firstColumn != nil else { return 1 }
        let range = range.clamped(to: 0..<bytes.count)
        return max(1, bytes[range].reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) })
    }

    /// The text of a range of bytes.
    func text(_ range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }
}
