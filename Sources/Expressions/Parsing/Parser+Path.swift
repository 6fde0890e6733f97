internal import Documents
internal import JSONWire

extension Parser {
    /// Reads `.name`, `[0]`, `[1:3]`, `[*]` and `["any name"]` as often as they come.
    mutating func path() throws(SyntaxError) -> [PathPiece] {
        var pieces: [PathPiece] = []
        while let byte = peek {
            if byte == UInt8(ascii: ".") {
                offset += 1
                let range = name()
                if range.isEmpty {
                    throw error(
                        "`.` is followed by a name; other names are written `[\"any name\"]`",
                        range.lowerBound - 1..<range.lowerBound
                    )
                }
                pieces.append(.fixed(.member(JSONName(map.text(range)))))
            } else if byte == UInt8(ascii: "[") {
                pieces.append(try bracket())
            } else {
                break
            }
        }
        return pieces
    }

    private mutating func bracket() throws(SyntaxError) -> PathPiece {
        let start = offset
        offset += 1
        skipSpaces()
        let step: PathStep
        if let byte = peek, Characters.isWordStart(byte) || "($".utf8.contains(byte) {
            return try computed(start)
        }
        if take("*") || peek == UInt8(ascii: "]") {
            step = .all
        } else if let byte = peek, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
            step = .member(JSONName(try quoted()))
        } else {
            let lower = try bound()
            if take(":") {
                skipSpaces()
                step = .slice(lower, try bound())
            } else if let lower {
                step = .index(lower)
            } else {
                throw badBracket(start)
            }
        }
        guard take("]") else {
            if peek == UInt8(ascii: "}") {
                throw error("this `[` has no closing `]`", start..<start + 1)
            }
            throw badBracket(start)
        }
        return .fixed(step)
    }

    /// Reads an index or a name that is an expression: `[item.hits[0].index]`.
    private mutating func computed(_ start: Int) throws(SyntaxError) -> PathPiece {
        let inner = offset
        let word = name()
        if take("]"), context.syntax.source(named: map.text(word)) == nil {
            throw badBracket(start, suggestion: "[\(Quoting.quoted(map.text(word)))]")
        }
        offset = inner
        try enter()
        let expression = try alternatives(mayBeText: false)
        depth -= 1
        guard take("]") else { throw badBracket(start) }
        guard let constant = expression.constant else {
            return .computed(expression, at: map.position(at: inner))
        }
        do throws(EvaluationError) {
            if let step = try Expression.step(constant, at: map.position(at: inner)) {
                return .fixed(step)
            }
        } catch {
            throw self.error(error.message, inner..<offset - 1)
        }
        throw self.error("the index is null", inner..<offset - 1)
    }

    private func badBracket(_ start: Int, suggestion: String? = nil) -> SyntaxError {
        guard peek != nil else { return unclosed(from: outerStart) }
        return error(
            "brackets hold `0`, `-1`, `1:3`, `*`, `\"any name\"` or an expression",
            start..<max(start + 1, offset),
            suggestion: suggestion
        )
    }

    /// Reads an optional integer; nil where none stands here.
    private mutating func bound() throws(SyntaxError) -> Int? {
        let start = offset
        if peek == UInt8(ascii: "-") { offset += 1 }
        while let byte = peek, Characters.isDigit(byte) { offset += 1 }
        if offset == start { return nil }
        guard let value = Int(map.text(start..<offset)) else {
            throw error("this is not an index", start..<offset)
        }
        return value
    }
}

extension Parser {
    /// Refuses a member that a source never has: it would be null for ever.
    func checkMember(_ source: Source, _ pieces: [PathPiece], _ start: Int) throws(SyntaxError) {
        guard let known = members(of: source), case .fixed(.member(let name))? = pieces.first,
            !known.contains(name.text)
        else { return }
        if source == .request, let part = Self.requestPart(name.text, context.sources) {
            throw error(
                "`request` has `body_base64` alone; the parts of a request are sources themselves",
                start..<min(offset, start + "request.\(name.text)".utf8.count),
                suggestion: part.name
            )
        }
        let listed = known.map { "`\($0)`" }.joined(separator: ", ")
        let near = NearestName.suggest(name.text, among: known)
        throw error(
            "`\(source.name)` has no `\(name.text.clipped)` here; it has \(listed)",
            start..<offset,
            suggestion: near.map { "\(source.name).\($0)" }
        )
    }

    /// Whether the expression is an endpoint's, and of nothing else.
    private var isInEndpoint: Bool {
        context.sources.contains(.method) && !context.sources.contains(.response)
    }

    /// The members of a source that has the same ones always; nil for others.
    private func members(of source: Source) -> [String]? {
        switch source {
        case .context where isInEndpoint: ["request_id", "timestamp"]
        case .context:
            [
                "run_id", "task_id", "workflow_id", "step_id", "attempt", "timestamp",
                "request_id",
            ]
        case .client: ["address", "peer"]
        case .request: ["body_base64"]
        case .error: ["code", "message", "step", "attempt", "component", "result"]
        default: nil
        }
    }
}
