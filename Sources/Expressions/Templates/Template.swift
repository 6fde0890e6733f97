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

extension Template {
    /// The members of the map it yields, in order, with their types where they are cast or constant; empty where it is no
    /// map, or one whose members are known only at run time.
    package var memberTypes: [(name: String, type: String?)] {
        if case .object(let object)? = constant {
            return object.members.map { ($0.name, $0.value.typeName) }
        }
        guard case .map(let members) = form else { return [] }
        return members.compactMap { member in
            guard case .named(let name, let form) = member else { return nil }
            return (name, form.typeName)
        }
    }
}

extension Form {
    /// The type of the value, as `as` writes it; nil where only the run tells.
    fileprivate var typeName: String? {
        switch self {
        case .constant(let value): value.typeName
        case .text: "string"
        case .list, .each: "list"
        case .map: "object"
        case .choice, .joined: nil
        case .expression(let piece):
            if case .cast(_, _, let name, _) = piece.expression { name } else { nil }
        }
    }
}

extension JSONValue {
    /// The type as `as` writes it; nil for null.
    fileprivate var typeName: String? {
        switch self {
        case .null: nil
        case .bool: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string: "string"
        case .array: "list"
        case .object: "object"
        }
    }
}

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
