
/// A question about values: operands from templates, an operator, and `all`, `any`, `not` of others.
package indirect enum Condition: Sendable {
    /// One operator between two operands.
    case compare(input: Template, Comparison)
    /// Whether every one holds; true for none.
    case all([Condition])
    /// Whether one holds; false for none.
    case any([Condition])
    /// Whether it does not hold.
    case not(Condition)
}
