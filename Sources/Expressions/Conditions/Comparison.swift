package import Documents
package import JSONWire

/// An operator of a condition with its right operand.
package struct Comparison: Sendable {
    /// The operators, as a configuration names them.
    package enum Operator: String, Sendable, CaseIterable {
        case eq, neq, gt, gte, lt, lte
        case `in`
        case notIn = "not-in"
        case match
        case startsWith = "starts-with"
        case endsWith = "ends-with"
    }

    /// What is asked.
    package let `operator`: Operator
    /// The right operand.
    package let value: Template
    /// Where the condition stands.
    package let position: SourcePosition
    /// The pattern of `match`, where it is known at load.
    let pattern: Pattern?

    /// Whether the operator holds between two values.
    ///
    /// Ordering, `match`, `starts-with` and `ends-with` do not hold for null.
    ///
    /// - Throws: Where the operator has no answer for such values.
    package func holds(
        _ left: JSONValue,
        _ right: JSONValue
    ) throws(EvaluationError) -> Bool {
        switch self.operator {
        case .eq: Relations.areEqual(left, right)
        case .neq: !Relations.areEqual(left, right)
        case .gt: try order(left, right).map { $0 > 0 } ?? false
        case .gte: try order(left, right).map { $0 >= 0 } ?? false
        case .lt: try order(left, right).map { $0 < 0 } ?? false
        case .lte: try order(left, right).map { $0 <= 0 } ?? false
        case .in: try Relations.contains(right, left, at: position)
        case .notIn: try !Relations.contains(right, left, at: position)
        case .match: try matches(left, right)
        case .startsWith:
            try texts(left, right).map { $0.utf8.starts(with: $1.utf8) } ?? false
        case .endsWith:
            try texts(left, right).map {
                $0.utf8.reversed().starts(with: $1.utf8.reversed())
            } ?? false
        }
    }

    private func order(
        _ left: JSONValue,
        _ right: JSONValue
    ) throws(EvaluationError) -> Int? {
        try Relations.order(left, right, self.operator.rawValue, at: position)
    }

    private func matches(
        _ left: JSONValue,
        _ right: JSONValue
    ) throws(EvaluationError) -> Bool {
        guard let (subject, text) = try texts(left, right) else { return false }
        do throws(Pattern.Failure) {
            if let pattern { return try pattern.matches(subject) }
            return try Pattern(text).matches(subject)
        } catch {
            throw EvaluationError("`match`: \(error.message)", at: position)
        }
    }

    /// Both operands as texts; nil where one is null.
    private func texts(
        _ left: JSONValue,
        _ right: JSONValue
    ) throws(EvaluationError) -> (String, String)? {
        switch (left, right) {
        case (.null, _), (_, .null): return nil
        case (.string(let left), .string(let right)): return (left, right)
        default:
            let other = left.string == nil ? left : right
            throw EvaluationError(
                "`\(self.operator.rawValue)` takes texts, not \(other.kindWithArticle); cast it"
                    + " `as text`",
                at: position
            )
        }
    }
}
