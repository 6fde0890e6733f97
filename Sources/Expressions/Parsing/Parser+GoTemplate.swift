internal import Documents
internal import JSONWire

extension Parser {
    /// Reads `{{ .input.name }}`; `offset` is at its first brace before and behind its last one afterwards.
    ///
    /// Only paths: the rest of Go's template language has other rules for types and missing values.
    mutating func goTemplate() throws(SyntaxError) -> Expression {
        let start = offset
        outerStart = start
        offset += 2
        skipSpaces()
        guard peek == UInt8(ascii: ".") else { throw onlyPaths(start) }
        offset += 1
        let range = name()
        let word = map.text(range)
        if range.isEmpty { throw onlyPaths(start) }
        guard let source = context.syntax.source(named: word) else { throw unknown(word, range) }
        guard context.sources.contains(source), !source.isReadAtLoad else {
            throw misplaced(source, range)
        }
        let pieces = try path()
        let steps = pieces.compactMap(\.fixed)
        guard steps.count == pieces.count else { throw onlyPaths(start) }
        skipSpaces()
        guard isLookingAt("}}") else { throw onlyPaths(start) }
        offset += 2
        return .reference(
            Reference(source, steps: steps, at: map.position(at: range.lowerBound))
        )
    }

    private func onlyPaths(_ start: Int) -> SyntaxError {
        var end = start
        while end < map.bytes.count {
            if map.bytes.dropFirst(end).starts(with: "}}".utf8) {
                return error(
                    "between `{{` and `}}` stands a path only, like `{{ .input.name }}`",
                    start..<end + 2
                )
            }
            end += 1
        }
        var problem = error(
            "this `{{` has no closing `}}`; write `\\{{` for the characters themselves",
            start..<start + 2
        )
        problem.isUnclosed = true
        return problem
    }
}
