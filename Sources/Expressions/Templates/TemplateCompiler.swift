package import Documents
package import JSONWire
struct TemplateCompiler {
    struct Collected { var references: [Reference] = []; var leadingTexts: [URLText] = []; var hints: [Annotation] = [] }
    var context: CompileContext
    var diagnostics: Diagnostics
    mutating func template(of node: Node) -> Template? { nil }
}
extension Template {
    init(form: Form, collected: TemplateCompiler.Collected) {
        self.form = form
        references = collected.references
        leadingTexts = collected.leadingTexts
        hints = collected.hints
        plainReference = nil
        if case .constant(let value) = form { constant = value } else { constant = nil }
    }
    @usableFromInline func run(_ resolve: (Reference) throws(EvaluationError) -> JSONValue) throws(EvaluationError) -> JSONValue { .null }
}
extension JSONValue {
    /// The value a path leads to; null where anything on it is missing.
    package func select(_ steps: ArraySlice<PathStep>) -> JSONValue { .null }
    /// The value a path leads to; null where anything on it is missing.
    package func select(_ steps: [PathStep]) -> JSONValue { select(steps[...]) }
}
extension Condition {
    /// Compiles a condition.
    package static func compile(_ node: Node, context: CompileContext, diagnostics: Diagnostics) -> Condition? { nil }
    /// Whether the condition holds in a scope.
    package func holds<S: Scope>(_ scope: S) throws(EvaluationError) -> Bool { false }
    /// Every reference inside.
    package var references: [Reference] { [] }
}
extension Cast {
    /// Casts a value; null stays null.
    package func apply(_ value: JSONValue) throws(Failure) -> JSONValue { value }
}
extension KeyText {
    /// The key's bytes.
    package static func bytes(of value: JSONValue?, bytesMax: Int = bytesMax) throws(Problem) -> [UInt8] { [] }
}
