internal import Documents
internal import JSONWire

extension Parser {
    /// Reads an alternative: `or`, the loosest operator, and all tighter ones.
    mutating func alternative() throws(SyntaxError) -> Expression {
        var parts = [try conjunction()]
        let start = offset
        while take(keyword: "or") { parts.append(try conjunction()) }
        if parts.count == 1 { return parts[0] }
        return .disjunction(parts, at: map.position(at: operatorOffset(start)))
    }

    private mutating func conjunction() throws(SyntaxError) -> Expression {
        var parts = [try relation()]
        let start = offset
        while take(keyword: "and") { parts.append(try relation()) }
        if parts.count == 1 { return parts[0] }
        return .conjunction(parts, at: map.position(at: operatorOffset(start)))
    }

    /// Where the operator stands that follows an operand.
    private func operatorOffset(_ operandEnd: Int) -> Int {
        var at = operandEnd
        while let byte = byte(at: at), Characters.isSpace(byte) { at += 1 }
        return at
    }

    private mutating func relation() throws(SyntaxError) -> Expression {
        let left = try sum()
        guard let (relation, start) = takeRelation() else { return left }
        let right = try sum()
        let end = offset
        if let (_, second) = takeRelation() {
            throw error(
                "comparisons do not chain: join two of them with `and`",
                second..<second + 1
            )
        }
        offset = end
        advise(compared: left, right)
        return .relation(left, relation, right, at: map.position(at: start))
    }

    private mutating func takeRelation() -> (Relation, Int)? {
        let before = offset
        skipSpaces()
        let start = offset
        if take(keyword: "in") { return (.contained, start) }
        for relation in Relation.allCases where relation != .contained {
            if isLookingAt(relation.rawValue) {
                offset += relation.rawValue.utf8.count
                return (relation, start)
            }
        }
        offset = before
        return nil
    }

    private mutating func sum() throws(SyntaxError) -> Expression {
        let first = try product()
        var operations: [Expression.Operation] = []
        while let (operation, start) = try takeOperator([.add, .subtract]) {
            operations.append(
                Expression.Operation(
                    operator: operation,
                    operand: try product(),
                    position: map.position(at: start)
                )
            )
        }
        try refuseText(first, operations)
        return operations.isEmpty ? first : .arithmetic(first, operations)
    }

    /// Refuses text that is known at load as an operand: texts are joined in another way.
    private func refuseText(
        _ first: Expression,
        _ operations: [Expression.Operation]
    ) throws(SyntaxError) {
        guard
            let operation = operations.first(where: { $0.operand.constant?.string != nil })
                ?? (first.constant?.string == nil ? nil : operations.first)
        else { return }
        let sign = operation.operator.rawValue
        var problem = error(
            "`\(sign)` takes numbers, not text"
                + (sign == "+"
                    ? ": texts are joined by writing them side by side, `${a} and ${b}`" : ""),
            offset..<offset
        )
        problem.position = operation.position
        throw problem
    }

    private mutating func product() throws(SyntaxError) -> Expression {
        let first = try unary()
        var operations: [Expression.Operation] = []
        while let (operation, start) = try takeOperator([.multiply, .divide, .remainder]) {
            operations.append(
                Expression.Operation(
                    operator: operation,
                    operand: try unary(),
                    position: map.position(at: start)
                )
            )
        }
        try refuseText(first, operations)
        return operations.isEmpty ? first : .arithmetic(first, operations)
    }

    /// Takes one of some operators; `-` and `/` need a space on both sides, because names and hints contain them.
    private mutating func takeOperator(
        _ operators: [ArithmeticOperator]
    ) throws(SyntaxError) -> (ArithmeticOperator, Int)? {
        let before = offset
        skipSpaces()
        let start = offset
        guard let byte = peek,
            let found = operators.first(where: { $0.rawValue.utf8.first == byte })
        else {
            offset = before
            return nil
        }
        offset += 1
        if found == .subtract || found == .divide {
            let hasSpaces = start > before && (peek.map(Characters.isSpace) ?? false)
            if !hasSpaces {
                throw error(
                    "`\(found.rawValue)` between two values has a space on both sides:"
                        + " `a \(found.rawValue) b`",
                    start..<start + 1
                )
            }
        }
        return (found, start)
    }

    private mutating func unary() throws(SyntaxError) -> Expression {
        skipSpaces()
        let start = offset
        let isNumber = byte(at: start + 1).map(Characters.isDigit) ?? false
        if peek == UInt8(ascii: "-"), !isNumber {
            offset += 1
            try enter()
            let operand = try unary()
            depth -= 1
            return .negation(operand, at: map.position(at: start))
        }
        if take(keyword: "not") {
            try enter()
            let operand = try unary()
            depth -= 1
            return .inversion(operand, at: map.position(at: start))
        }
        return try postfix()
    }

    /// Reads a primary and the casts behind it.
    private mutating func postfix() throws(SyntaxError) -> Expression {
        skipSpaces()
        let primaryStart = offset
        var expression = try primary()
        var castsCount = 0
        while take(keyword: "as") {
            skipSpaces()
            let start = offset
            let type = try typeName()
            castsCount += 1
            if castsCount > Self.castsMax {
                throw error("a value takes at most \(Self.castsMax) casts", start..<offset)
            }
            notes.types.append(type)
            switch Cast.parse(type) {
            case .cast(let cast):
                expression = try self.cast(expression, cast, type, start..<offset)
                lastCast = LastCast(cast: cast, name: type, range: primaryStart..<offset)
            case .hint: break
            case .unknown(let near):
                if let near {
                    throw error("`\(type)` is not a type", start..<offset, suggestion: near)
                }
                let message =
                    "`as \(type)` is not a type; it is kept as a hint and changes no value"
                assumed.append((message, map.position(at: start)))
            case .malformed(let message):
                if let problem = pathBehindCast(primaryStart, start) { throw problem }
                throw error(message, start..<offset)
            }
            if let problem = pathBehindCast(primaryStart, start) { throw problem }
        }
        return expression
    }

    /// The error for `x as json.y` and `x as json[0]`, with the right spelling; nil where no path stands behind the type.
    private func pathBehindCast(_ primaryStart: Int, _ typeStart: Int) -> SyntaxError? {
        var end = typeStart
        while let byte = byte(at: end), Characters.isName(byte) { end += 1 }
        while byte(at: end) == UInt8(ascii: "["), byte(at: end + 1) == UInt8(ascii: "]") {
            end += 2
        }
        guard let first = byte(at: end), let next = byte(at: end + 1) else { return nil }
        let isIndex = Characters.isDigit(next) || "-*:\"'".utf8.contains(next)
        guard first == UInt8(ascii: ".") || (first == UInt8(ascii: "[") && isIndex) else {
            return nil
        }
        let path = chunk(at: end)
        let value = map.text(primaryStart..<end)
        return error(
            "a path behind a cast needs parentheses round the cast",
            path,
            suggestion: "(\(value))\(map.text(path))"
        )
    }

    /// A cast; done at once where the value is known.
    func cast(
        _ expression: Expression,
        _ cast: Cast,
        _ name: String,
        _ range: Range<Int>
    ) throws(SyntaxError) -> Expression {
        let position = map.position(at: range.lowerBound)
        guard let constant = expression.constant else {
            return .cast(expression, cast, name: name, at: position)
        }
        do throws(EvaluationError) {
            return .constant(try Expression.cast(constant, cast, name, at: position))
        } catch {
            throw self.error(error.message, range)
        }
    }

    /// Reads what stands after `as`: a type, a projection, or a hint for the interface.
    private mutating func typeName() throws(SyntaxError) -> String {
        let start = offset
        guard let first = peek, Characters.isWordStart(first) else {
            throw error("`as` is followed by a type", start..<start + 1)
        }
        _ = name()
        while let byte = peek, "[/;".utf8.contains(byte) {
            offset += 1
            while let byte = peek, !Characters.isSpace(byte), !"|})[;".utf8.contains(byte) {
                offset += 1
            }
        }
        return map.text(start..<offset)
    }
}
