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
        if found == UInt8(ascii: "[") || found == UInt8(ascii: "{") {
            return error(
                "expressions have no list and map literals: write the list or map in YAML",
                range
            )
        }
        return error(
            "expected a value, found `\(text)`",
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
        if let byte = peek, ".[".utf8.contains(byte) {
            throw error("a path can only follow a source", offset..<offset + 1)
        }
        return expression
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
        guard let source = Source(name: text) else { throw unknown(text, range) }
        let argument = try argument(of: source)
        let steps = try path()
        if source.isReadAtLoad { return try variable(source, steps, range.lowerBound) }
        let reference = Reference(
            source,
            argument: argument,
            steps: steps,
            at: map.position(at: range.lowerBound)
        )
        if bindsItem, source == .item || source == .index { return .local(reference) }
        guard context.sources.contains(source) else { throw misplaced(source, range) }
        return .reference(reference)
    }

    /// The error for a word that is no source.
    func unknown(_ word: String, _ range: Range<Int>) -> SyntaxError {
        let names = available.map(\.name)
        let suggestion =
            NearestName.suggest(word, among: names)
            ?? NearestName.suggest(word, among: Source.allCases.map(\.name))
        return error(
            "there is no source `\(word)`; here are \(Self.list(names))",
            range,
            suggestion: suggestion
        )
    }

    /// The error for a source that is not there at this place.
    func misplaced(_ source: Source, _ range: Range<Int>) -> SyntaxError {
        error(
            "the source `\(source.name)` is not available here; here are"
                + " \(Self.list(available.map(\.name)))",
            range
        )
    }

    private var available: [Source] {
        Source.allCases.filter { source in
            context.sources.contains(source)
                || (bindsItem && (source == .item || source == .index))
        }
    }

    private static func list(_ names: [String]) -> String {
        names.map { "`\($0)`" }.joined(separator: ", ")
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
        _ steps: [PathStep],
        _ start: Int
    ) throws(SyntaxError) -> Expression {
        guard context.sources.contains(source) else {
            throw misplaced(source, start..<start + source.name.utf8.count)
        }
        guard steps.count == 1, case .member(let name) = steps[0] else {
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

    /// Reads `.name`, `[0]`, `[1:3]`, `[*]` and `["any name"]` as often as they come.
    mutating func path() throws(SyntaxError) -> [PathStep] {
        var steps: [PathStep] = []
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
                steps.append(.member(JSONName(map.text(range))))
            } else if byte == UInt8(ascii: "[") {
                steps.append(try bracket())
            } else {
                break
            }
        }
        return steps
    }

    private mutating func bracket() throws(SyntaxError) -> PathStep {
        let start = offset
        offset += 1
        skipSpaces()
        let step: PathStep
        if take("*") {
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
        guard take("]") else { throw badBracket(start) }
        return step
    }

    private func badBracket(_ start: Int) -> SyntaxError {
        guard peek != nil else { return unclosed(from: outerStart) }
        return error(
            "brackets hold `0`, `-1`, `1:3`, `*` or `\"any name\"`",
            start..<max(start + 1, offset)
        )
    }

    /// Reads an optional integer; nil where none stands here.
    private mutating func bound() throws(SyntaxError) -> Int? {
        let start = offset
        if peek == UInt8(ascii: "-") { offset += 1 }
        while let byte = peek, Characters.isDigit(byte) { offset += 1 }
        if offset == start { return nil }
        guard let value = Int(map.text(start..<offset)) else {
            throw error("this is no index", start..<offset)
        }
        return value
    }
}
