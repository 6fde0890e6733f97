internal import Documents
internal import JSONWire

/// Arithmetic on JSON numbers: integers keep all 64 bits or fail, everything else is a double.
enum Arithmetic {
    /// The value of an operator on two values; null where one of them is null.
    static func value(
        _ left: JSONValue,
        _ operation: ArithmeticOperator,
        _ right: JSONValue,
        at position: SourcePosition
    ) throws(EvaluationError) -> JSONValue {
        try checkOperand(left, operation.rawValue, "left", at: position)
        try checkOperand(right, operation.rawValue, "right", at: position)
        if left.isNull || right.isNull { return .null }
        if case .integer(let left) = left, case .integer(let right) = right {
            return try integers(left, operation, right, at: position)
        }
        let (left, right) = (
            try double(left, operation.rawValue, at: position),
            try double(right, operation.rawValue, at: position)
        )
        return try doubles(left, operation, right, at: position)
    }

    /// The number with its sign turned; null stays null.
    static func negate(
        _ value: JSONValue,
        at position: SourcePosition
    ) throws(EvaluationError) -> JSONValue {
        switch value {
        case .null: return .null
        case .integer(let number):
            let (negated, overflow) = (0 as Int64).subtractingReportingOverflow(number)
            if overflow { throw overflowed("-", at: position) }
            return .integer(negated)
        case .number(let number):
            let text = number.text
            return JSONValue.number(
                text: text.utf8.first == UInt8(ascii: "-")
                    ? String(text.dropFirst()) : "-" + text
            )
        default:
            try checkOperand(value, "-", "", at: position)
            return .null
        }
    }

    private static func integers(
        _ left: Int64,
        _ operation: ArithmeticOperator,
        _ right: Int64,
        at position: SourcePosition
    ) throws(EvaluationError) -> JSONValue {
        let result: (partialValue: Int64, overflow: Bool)
        switch operation {
        case .add: result = left.addingReportingOverflow(right)
        case .subtract: result = left.subtractingReportingOverflow(right)
        case .multiply: result = left.multipliedReportingOverflow(by: right)
        case .divide, .remainder:
            if right == 0 { throw dividedByZero(operation.rawValue, at: position) }
            let remainder = left.remainderReportingOverflow(dividingBy: right).partialValue
            if operation == .remainder { return .integer(remainder) }
            if remainder != 0 {
                return try doubles(Double(left), .divide, Double(right), at: position)
            }
            result = left.dividedReportingOverflow(by: right)
        }
        if result.overflow { throw overflowed(operation.rawValue, at: position) }
        return .integer(result.partialValue)
    }

    private static func doubles(
        _ left: Double,
        _ operation: ArithmeticOperator,
        _ right: Double,
        at position: SourcePosition
    ) throws(EvaluationError) -> JSONValue {
        let result: Double
        switch operation {
        case .add: result = left + right
        case .subtract: result = left - right
        case .multiply: result = left * right
        case .divide, .remainder:
            if right == 0 { throw dividedByZero(operation.rawValue, at: position) }
            result =
                operation == .divide
                ? left / right : left.truncatingRemainder(dividingBy: right)
        }
        guard let number = JSONNumber(result) else {
            throw EvaluationError(
                "the result of `\(operation.rawValue)` is beyond the range of a double",
                at: position
            )
        }
        return .number(number)
    }

    /// A number as a double.
    ///
    /// An integer beyond 64 bits is refused: rounding it silently would be a wrong value.
    private static func double(
        _ value: JSONValue,
        _ name: String,
        at position: SourcePosition
    ) throws(EvaluationError) -> Double {
        switch value {
        case .integer(let number): return Double(number)
        case .number(let number) where NumberText.isIntegral(number.text.utf8):
            throw EvaluationError(
                "`\(name)` takes integers of 64 bits, and an operand is larger",
                at: position
            )
        case .number(let number) where number.double.isFinite: return number.double
        default:
            throw EvaluationError(
                "an operand of `\(name)` is beyond the range of a double",
                at: position
            )
        }
    }

    private static func checkOperand(
        _ value: JSONValue,
        _ name: String,
        _ side: String,
        at position: SourcePosition
    ) throws(EvaluationError) {
        let operand = side.isEmpty ? "its operand" : "its \(side) operand"
        switch value {
        case .null, .integer, .number: return
        case .string where name == "+":
            throw EvaluationError(
                "`+` takes numbers, and \(operand) is text: cast it `as number`, or join texts by"
                    + " writing them side by side",
                at: position
            )
        case .string:
            throw EvaluationError(
                "`\(name)` takes numbers, and \(operand) is text: cast it `as number`",
                at: position
            )
        default:
            throw EvaluationError(
                "`\(name)` takes numbers, and \(operand) is \(value.kindWithArticle)",
                at: position
            )
        }
    }

    private static func overflowed(
        _ name: String,
        at position: SourcePosition
    ) -> EvaluationError {
        EvaluationError("the result of `\(name)` does not fit 64 bits", at: position)
    }

    private static func dividedByZero(
        _ name: String,
        at position: SourcePosition
    ) -> EvaluationError {
        EvaluationError("`\(name)` divides by zero", at: position)
    }
}

extension JSONValue {
    /// The value of a number's text, which was checked against RFC 8259: an integer where it fits, else as it stands.
    static func number(text: String) -> JSONValue {
        if NumberText.isIntegral(text.utf8), text != "-0", let integer = Int64(text) {
            return .integer(integer)
        }
        return .number(JSONNumber(validated: text))
    }
}
