package import Documents
package import JSONWire

/// A value of the configuration, compiled: text, a map or a list with its expressions and structural operators.
///
/// Compiled once at load, evaluated on any thread.
package struct Template: Sendable {
    /// What is evaluated.
    let form: Form
    /// Every reference inside, nested ones too, in the order written; `env` and what `*` binds are not among them.
    package let references: [Reference]
    /// The value, when nothing inside needs a scope.
    package let constant: JSONValue?
    /// The reference, when the whole is exactly one `${source.path}`.
    package let plainReference: Reference?
    /// The strings inside in which a URL may stand, as far as they are known at load; operands of conditions are left out.
    package let texts: [URLText]
    /// What the expressions inside say beside their values, for a workflow's schema.
    package let hints: [Annotation]

    /// The text as it is written, with its expressions, for messages; empty for maps and lists.
    package var written: String {
        switch form {
        case .expression(let piece): piece.source
        case .text(let pieces):
            pieces.map { $0.source.isEmpty ? $0.expression.constant?.string ?? "" : $0.source }
                .joined()
        default: ""
        }
    }

    /// Compiles a value of the configuration.
    ///
    /// - Returns: Nil when anything inside is wrong; all of it is reported.
    package static func compile(
        _ node: Node,
        context: CompileContext,
        diagnostics: Diagnostics
    ) -> Template? {
        var compiler = TemplateCompiler(context: context, diagnostics: diagnostics)
        return compiler.template(of: node)
    }

    /// A template that yields a value as it stands.
    package static func constant(_ value: JSONValue) -> Template {
        Template(form: .constant(value), collected: TemplateCompiler.Collected())
    }

    /// A template that yields what a reference names.
    package static func reference(_ reference: Reference) -> Template {
        var collected = TemplateCompiler.Collected()
        collected.references = [reference]
        let piece = Form.Piece(expression: .reference(reference), source: reference.text)
        return Template(form: .expression(piece), collected: collected)
    }

    /// The value in a scope.
    ///
    /// - Throws: Where an operator, a cast or the scope has no value for what is there.
    @inlinable
    package func evaluate<S: Scope>(_ scope: S) throws(EvaluationError) -> JSONValue {
        if let constant { return constant }
        if let plainReference { return try scope.resolve(plainReference) }
        return try run { reference throws(EvaluationError) in try scope.resolve(reference) }
    }
}
