internal import Documents
internal import JSONWire

extension Parser {
    /// Reads `alternative { "|" alternative }`.
    ///
    /// The last one may be text as it stands where `mayBeText`: directly inside `${…}`.
    mutating func alternatives(mayBeText: Bool) throws(SyntaxError) -> Expression {
        var parts: [Expression] = []
        var inherited: (cast: Cast, name: String)?
        while true {
            skipSpaces()
            if isLookingAt("|") && !parts.isEmpty {
                throw error(
                    "there is nothing between two `|`: a default is `a | b`, of two booleans `a or b`",
                    offset - 1..<offset + 1
                )
            }
            let (start, unsetBefore) = (offset, unset.count)
            var part =
                mayBeText && !parts.isEmpty ? try alternativeOrText() : try alternative()
            if let lastCast, lastCast.range == start..<offset {
                inherited = (lastCast.cast, lastCast.name)
            } else if let inherited {
                part = try cast(part, inherited.cast, inherited.name, start..<offset)
            }
            parts.append(part)
            guard take("|") else { break }
            // What is not set has an alternative.
            unset.removeSubrange(unsetBefore...)
        }
        return Self.folded(parts)
    }

    /// Alternatives without those that never count: nulls known at load, and all behind the first value known at load.
    private static func folded(_ parts: [Expression]) -> Expression {
        var kept: [Expression] = []
        for part in parts {
            if let constant = part.constant, constant.isNull { continue }
            kept.append(part)
            if part.constant != nil { break }
        }
        switch kept.count {
        case 0: return .constant(.null)
        case 1: return kept[0]
        default: return .alternatives(kept)
        }
    }

    /// Reads an alternative, or takes what is no expression as text up to the closing brace.
    private mutating func alternativeOrText() throws(SyntaxError) -> Expression {
        let start = offset
        let before = marks
        let assumedBefore = assumed.count
        let depthBefore = depth
        do throws(SyntaxError) {
            let expression = try alternative()
            let end = offset
            skipSpaces()
            guard let byte = peek else { throw unclosed(from: outerStart) }
            if byte == UInt8(ascii: "}") || byte == UInt8(ascii: "|") || isLookingAt("@(") {
                offset = end
                return expression
            }
            throw trailing()
        } catch {
            depth = depthBefore
            if error.isFinal || error.isUnclosed { throw error }
            let end = offset
            offset = start
            let word = leadingWord()
            if let refusal = refusal(of: word, error) {
                offset = end
                throw refusal
            }
            goBack(to: before)
            assumed.removeSubrange(assumedBefore...)
            let text = try plainText(orElse: error)
            note(asText: word)
            return text
        }
    }

    /// The word that an alternative begins with.
    private struct LeadingWord {
        /// The word.
        var text: String
        /// Its bytes.
        var range: Range<Int>
        /// The byte behind it.
        var next: UInt8?
        /// Whether it is all there is.
        var isAll: Bool
        /// Whether nothing but letters, dots and brackets is there, as in a path.
        var isPath: Bool
    }

    /// The word at the offset, behind spaces and parentheses; an empty one where something else stands there.
    private func leadingWord() -> LeadingWord {
        var at = offset
        while let byte = byte(at: at), Characters.isSpace(byte) || byte == UInt8(ascii: "(") {
            at += 1
        }
        var end = at
        while let byte = byte(at: end), Characters.isName(byte) { end += 1 }
        var behind = end
        while let byte = byte(at: behind), Characters.isName(byte) || ".[]:".utf8.contains(byte) {
            behind += 1
        }
        let isAll = isEnd(end)
        return LeadingWord(
            text: map.text(at..<end),
            range: at..<end,
            next: byte(at: end),
            isAll: isAll,
            isPath: isEnd(behind)
        )
    }

    /// Whether nothing but spaces, or an annotation, stands between an offset and the closing brace.
    private func isEnd(_ offset: Int) -> Bool {
        var at = offset
        while let byte = byte(at: at), Characters.isSpace(byte) { at += 1 }
        if byte(at: at) == UInt8(ascii: "}") { return true }
        return at > offset && byte(at: at) == UInt8(ascii: "@")
            && byte(at: at + 1) == UInt8(ascii: "(")
    }

    /// The error to give where what failed to be an expression cannot be meant as text; nil where it can.
    private func refusal(of word: LeadingWord, _ problem: SyntaxError) -> SyntaxError? {
        if let first = byte(at: word.range.lowerBound),
            first == UInt8(ascii: "\"")
                || first == UInt8(ascii: "'")
        {
            return problem
        }
        let isPort =
            word.next == UInt8(ascii: ":")
            && (byte(at: word.range.upperBound + 1).map(Characters.isDigit) ?? false)
        let isPath = isPort || word.next.map { ".[".utf8.contains($0) } ?? false
        // `http` is a source, and URLs begin with it.
        let isURL = word.next == UInt8(ascii: ":") && !isPort
        let isCall = word.next == UInt8(ascii: "(")
        let functions = Function.allCases.map(\.rawValue)
        if isCall, functions.contains(word.text) { return problem }
        if isCall, NearestName.suggest(word.text, among: functions) != nil { return problem }
        if let source = context.syntax.source(named: word.text),
            isPath || (isAvailable(source) && !word.isAll && !isURL)
        {
            var problem = problem
            problem.message += "; text that begins with the name of a source is written in quotes"
            return problem
        }
        guard isPath, word.isPath,
            let near = available.first(where: { OneEdit.separates(word.text, $0.name) })
        else { return nil }
        return error(
            "`\(word.text)` is not a source; as text, write it in quotes",
            word.range,
            suggestion: near.name
        )
    }

    /// Says of one bare word that it is text, where it is nearly something else.
    private mutating func note(asText word: LeadingWord) {
        guard word.isAll, word.text.utf8.count > 2 else { return }
        let position = map.position(at: word.range.lowerBound)
        if context.syntax.source(named: word.text) != nil {
            assumed.append(
                ("`\(word.text)` is text here: it is not a source of this place", position)
            )
        } else if context.stepIDs.contains(word.text) {
            assumed.append(
                ("`\(word.text)` is text here; a job's output is `\(word.text).output`", position)
            )
        } else if let function = Function(rawValue: word.text) {
            assumed.append(
                ("`\(word.text)` is text here; the function is `\(function.signature)`", position)
            )
        } else if let near = available.first(where: { OneEdit.separates(word.text, $0.name) }) {
            assumed.append(
                ("`\(word.text)` is text here; did you mean the source `\(near.name)`?", position)
            )
        }
    }

    /// Reads text as it stands, up to the closing brace or an annotation, with nested expressions.
    private mutating func plainText(orElse problem: SyntaxError) throws(SyntaxError) -> Expression {
        var parts: [Expression] = []
        var literal: [UInt8] = []
        while true {
            guard let byte = peek else { throw unclosed(from: outerStart) }
            if byte == UInt8(ascii: "|") { throw problem }
            if byte == UInt8(ascii: "}") || isAtAnnotation { break }
            if isLookingAt("${") {
                Self.flush(&literal, into: &parts)
                parts.append(try nested())
            } else {
                if byte == UInt8(ascii: "\\"), let next = self.byte(at: offset + 1),
                    "$@{}|".utf8.contains(next)
                {
                    offset += 1
                }
                literal.append(map.bytes[offset])
                offset += 1
            }
        }
        while let last = literal.last, Characters.isSpace(last) { literal.removeLast() }
        Self.flush(&literal, into: &parts)
        if parts.isEmpty { return .constant(.string("")) }
        return parts.count == 1 ? parts[0] : .text(parts)
    }

    /// How much was gathered so far; copies of it would make long rows of alternatives quadratic.
    private var marks: (types: Int, annotations: Int, hints: Int, unset: Int) {
        (notes.types.count, notes.annotations.count, hints.count, unset.count)
    }

    /// Forgets what was gathered behind a mark.
    private mutating func goBack(
        to mark: (types: Int, annotations: Int, hints: Int, unset: Int)
    ) {
        notes.types.removeLast(max(0, notes.types.count - mark.types))
        notes.annotations.removeLast(max(0, notes.annotations.count - mark.annotations))
        hints.removeLast(max(0, hints.count - mark.hints))
        unset.removeLast(max(0, unset.count - mark.unset))
    }

    /// Whether an annotation begins here, behind spaces of which this is the first: looking ahead from each of them would be
    /// quadratic.
    private var isAtAnnotation: Bool {
        if let before = byte(at: offset - 1), Characters.isSpace(before) { return false }
        var at = offset
        while let byte = byte(at: at), Characters.isSpace(byte) { at += 1 }
        return at > offset && byte(at: at) == UInt8(ascii: "@")
            && byte(at: at + 1) == UInt8(ascii: "(")
    }

    /// Reads a `${…}` inside an expression; what is wrong in it is wrong for good.
    mutating func nested() throws(SyntaxError) -> Expression {
        do throws(SyntaxError) {
            return try embedded()
        } catch {
            var problem = error
            problem.isFinal = true
            throw problem
        }
    }

    private static func flush(_ literal: inout [UInt8], into parts: inout [Expression]) {
        if literal.isEmpty { return }
        parts.append(.constant(.string(String(decoding: literal, as: UTF8.self))))
        literal = []
    }

    /// Reads `@(word text)` as often as it comes.
    mutating func annotations() throws(SyntaxError) {
        skipSpaces()
        while isLookingAt("@(") {
            let start = offset
            offset += 2
            skipSpaces()
            let word = name()
            skipSpaces()
            let textStart = offset
            var open = 1
            while open > 0 {
                guard let byte = peek else { throw unclosed(from: outerStart) }
                if byte == UInt8(ascii: "(") { open += 1 }
                if byte == UInt8(ascii: ")") { open -= 1 }
                offset += 1
            }
            if word.isEmpty {
                throw error(
                    "an annotation begins with a word: `@(description …)`",
                    start..<offset
                )
            }
            notes.annotations.append(
                Annotation.Note(
                    word: map.text(word),
                    text: map.text(textStart..<offset - 1)
                )
            )
            skipSpaces()
        }
    }
}
