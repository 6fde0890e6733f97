package import Documents

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
}
