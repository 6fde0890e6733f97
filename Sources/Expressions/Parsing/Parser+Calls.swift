internal import Documents
internal import JSONWire

extension Parser {
    /// Reads the arguments of a function and the path behind them; `offset` is at the parenthesis.
    mutating func call(_ name: String, _ range: Range<Int>) throws(SyntaxError) -> Expression {
        guard let function = Function(rawValue: name) else { throw noFunction(name, range) }
        let start = offset
        try enter()
        offset += 1
        var arguments: [Expression] = []
        var ranges: [Range<Int>] = []
        skipSpaces()
        if peek != UInt8(ascii: ")") {
            repeat {
                skipSpaces()
                let begin = offset
                arguments.append(try alternatives(mayBeText: false))
                ranges.append(begin..<offset)
            } while take(",")
        }
        guard take(")") else {
            skipSpaces()
            guard peek != nil else { throw unclosed(from: outerStart) }
            throw error(
                "this `(` has no closing `)`; `\(function.signature)` has `,` between its arguments",
                start..<start + 1
            )
        }
        depth -= 1
        if arguments.count != function.parameters.count {
            let count = arguments.count
            throw error(
                "`\(function.signature)` takes \(Self.count(function.parameters.count)), not"
                    + " \(count == 0 ? "none" : "\(count)")",
                range.lowerBound..<offset
            )
        }
        let made = try made(function, arguments, ranges, range)
        return made.following(try path())
    }

    private func made(
        _ function: Function,
        _ arguments: [Expression],
        _ ranges: [Range<Int>],
        _ range: Range<Int>
    ) throws(SyntaxError) -> Expression {
        let position = map.position(at: range.lowerBound)
        if function == .now { return try moment(range) }
        let call: FunctionCall
        do throws(FunctionCall.ArgumentProblem) {
            call = try FunctionCall(function, arguments, at: position)
        } catch {
            throw self.error(error.message, ranges[error.argument])
        }
        guard arguments.allSatisfy({ $0.constant != nil }) else { return .call(call) }
        do throws(EvaluationError) {
            return .constant(try call.value(nil) { _ throws(EvaluationError) in .null })
        } catch {
            throw self.error(error.message, range.lowerBound..<offset)
        }
    }

    /// The time of what is handled: a part of the context that the scope gives, so that a replay yields the same.
    private func moment(_ range: Range<Int>) throws(SyntaxError) -> Expression {
        guard context.sources.contains(.context) else {
            throw error(
                "`now()` is not available here: this is fixed when the configuration is loaded",
                range
            )
        }
        return .reference(
            Reference(
                .context,
                steps: [.member(JSONName("now"))],
                at: map.position(at: range.lowerBound)
            )
        )
    }

    private static func count(_ count: Int) -> String {
        switch count {
        case 0: "no arguments"
        case 1: "one argument"
        case 2: "two arguments"
        default: "three arguments"
        }
    }

    private func noFunction(_ name: String, _ range: Range<Int>) -> SyntaxError {
        if context.syntax.source(named: name) != nil {
            return error(
                "`\(name)` is a source and no function",
                range.lowerBound..<offset + 1
            )
        }
        let names = Function.allCases.map(\.rawValue)
        let listed = names.map { "`\($0)`" }.joined(separator: ", ")
        return error(
            "there is no function `\(name)`; there are \(listed)",
            range,
            suggestion: Self.foreign[name.lowercased()] ?? NearestName.suggest(name, among: names)
        )
    }

    /// What other languages call our functions.
    private static let foreign = [
        "tolower": "lower", "lowercase": "lower", "lcase": "lower", "downcase": "lower",
        "tolowercase": "lower", "toupper": "upper", "uppercase": "upper", "ucase": "upper",
        "upcase": "upper", "touppercase": "upper", "strip": "trim", "len": "length",
        "size": "length", "count": "length", "strlen": "length", "concat": "join",
        "implode": "join",
        "explode": "split", "flat": "flatten", "removeprefix": "strip_prefix",
        "trimprefix": "strip_prefix", "trim_prefix": "strip_prefix", "ltrimstr": "strip_prefix",
        "base64decode": "base64_decode", "b64decode": "base64_decode", "atob": "base64_decode",
        "frombase64": "base64_decode", "b64dec": "base64_decode", "from_base64": "base64_decode",
        "decode_base64": "base64_decode", "regex": "match", "search": "match",
        "regex_match": "match", "extract": "match", "sub": "replace", "gsub": "replace",
        "replaceall": "replace", "timestamp": "now", "date": "now", "time": "now", "utcnow": "now",
    ]

    /// Refuses `body.name.lower()`, with what is right.
    func refuseMethod(_ start: Int, _ pieces: [PathPiece]) throws(SyntaxError) {
        guard peek == UInt8(ascii: "("), case .fixed(.member(let name))? = pieces.last else {
            return
        }
        let end = offset - name.text.utf8.count
        let names = Function.allCases.map(\.rawValue)
        let function =
            names.first { $0 == name.text } ?? Self.foreign[name.text.lowercased()]
            ?? NearestName.suggest(name.text, among: names)
        let operand = map.text(start..<max(start, end - 1))
        throw error(
            "a value has no functions behind it: what a function takes stands in its parentheses",
            max(start, end)..<offset + 1,
            suggestion: function.map { function in
                let count = Function(rawValue: function)?.parameters.count ?? 1
                return "\(function)(\(operand)\(count > 1 ? ", …" : ""))"
            }
        )
    }
}
