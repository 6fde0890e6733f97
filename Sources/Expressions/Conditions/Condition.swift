package import Documents
package import JSONWire

/// A question about values: operands from templates, an operator, and `all`, `any`, `not` of others.
///
/// Compiled once at load, evaluated on any thread. An order is asked of null as of anything else, and does not hold.
package indirect enum Condition: Sendable {
    /// One operator between two operands.
    case compare(input: Template, Comparison)
    /// Whether an expression is true; null is not.
    case holds(Template, at: SourcePosition)
    /// Whether every one holds; true for none.
    case all([Condition])
    /// Whether one holds; false for none.
    case any([Condition])
    /// Whether it does not hold.
    case not(Condition)

    /// Compiles a condition: `{input, operator, value}`, `{all: […]}`, `{any: […]}`, `{not: …}`, or an expression that
    /// yields a boolean.
    ///
    /// - Parameters:
    ///   - node: The condition.
    ///   - context: The place it stands at.
    ///   - diagnostics: Where problems go.
    ///   - input: The left operand of comparisons that have none of their own, as in the conditions of an `if` step.
    ///   - besides: Keys of the map that are not the condition's.
    /// - Returns: Nil when anything inside is wrong; all of it is reported.
    package static func compile(
        _ node: Node,
        context: CompileContext,
        diagnostics: Diagnostics,
        input: Template? = nil,
        besides: Set<String> = []
    ) -> Condition? {
        var compiler = TemplateCompiler(context: context, diagnostics: diagnostics)
        return compiler.condition(node, input: input, besides: besides)
    }

    /// Whether the condition holds in a scope.
    ///
    /// - Throws: Where an operand has no value, or the operator has no answer for its operands.
    @inlinable
    package func holds<S: Scope>(_ scope: S) throws(EvaluationError) -> Bool {
        try run { reference throws(EvaluationError) in try scope.resolve(reference) }
    }

    /// Every reference inside, in the order written.
    package var references: [Reference] {
        switch self {
        case .compare(let input, let comparison):
            input.references + comparison.value.references
        case .holds(let template, _): template.references
        case .all(let parts), .any(let parts): parts.flatMap(\.references)
        case .not(let inner): inner.references
        }
    }

    /// The answer, with a closure for a scope.
    @usableFromInline
    func run(
        _ resolve: (Reference) throws(EvaluationError) -> JSONValue
    ) throws(EvaluationError) -> Bool {
        try holds(nil, resolve)
    }
}
