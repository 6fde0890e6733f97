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
