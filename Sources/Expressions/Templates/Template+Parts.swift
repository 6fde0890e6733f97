internal import Documents
package import JSONWire

extension Template {
    /// Makes a template from what the compiler made of a value.
    init(form: Form, collected: TemplateCompiler.Collected) {
        self.form = form
        references = collected.references
        texts = collected.texts
        hints = collected.hints
        switch form {
        case .constant(let value): (constant, plainReference) = (value, nil)
        case .expression(let piece):
            constant = nil
            if case .reference(let reference) = piece.expression {
                plainReference = reference
            } else {
                plainReference = nil
            }
        default: (constant, plainReference) = (nil, nil)
        }
    }

    /// The value, with a closure for a scope.
    @usableFromInline
    func run(
        _ resolve: (Reference) throws(EvaluationError) -> JSONValue
    ) throws(EvaluationError) -> JSONValue {
        try form.value(nil, resolve)
    }

    /// The value inside a `*` operator.
    func value(_ locals: Locals?, _ resolve: Resolve) throws(EvaluationError) -> JSONValue {
        try form.value(locals, resolve)
    }
}
