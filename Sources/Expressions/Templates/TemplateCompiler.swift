internal import Documents
internal import JSONWire

/// Compiles one value of the configuration with all that is in it, and gathers what it refers to.
struct TemplateCompiler {
    /// How many lists and maps may lie inside each other.
    static let depthMax = 128

    /// What is gathered on the way.
    struct Collected {
        var references: [Reference] = []
        var texts: [URLText] = []
        var hints: [Annotation] = []
    }

    /// The place at hand; its key path moves along.
    var context: CompileContext
    /// Where problems go.
    let diagnostics: Diagnostics
    /// What was gathered so far.
    var collected = Collected()
    /// Whether `item` and `index` are those of a `*` operator.
    var bindsItem = false
    /// Whether the strings at hand are part of the value, and no operands of conditions.
    var collectsTexts = true
    private var depth = 0

    /// Makes a compiler for one place.
    init(context: CompileContext, diagnostics: Diagnostics) {
        self.context = context
        self.diagnostics = diagnostics
    }

    /// Compiles a whole value.
    mutating func template(of node: Node) -> Template? {
        guard let form = form(of: node) else { return nil }
        return Template(form: form, collected: collected)
    }

    /// Compiles a value whose references are gathered here too.
    mutating func operand(_ node: Node) -> Template? {
        var inner = self
        inner.collected = Collected()
        inner.collectsTexts = false
        let template = inner.template(of: node)
        collected.references += inner.collected.references
        collected.hints += inner.collected.hints
        return template
    }

    /// Compiles a value or a part of one; nil where something in it is wrong, which is reported.
    mutating func form(of node: Node) -> Form? {
        switch node.content {
        case .null: return .constant(.null)
        case .bool(let flag): return .constant(.bool(flag))
        case .integer(let number): return .constant(.integer(number))
        case .number(let text): return number(text, node)
        case .text(let text): return string(text, node)
        case .list, .map: break
        }
        guard descend() else {
            report("lists and maps nest at most \(Self.depthMax) deep here", at: node.position)
            return nil
        }
        defer { ascend() }
        if case .list(let nodes) = node.content { return list(nodes) }
        if case .map(let entries) = node.content { return map(entries) }
        return nil
    }

    /// Goes one level deeper; false where that is too deep.
    mutating func descend() -> Bool {
        guard depth < Self.depthMax else { return false }
        depth += 1
        return true
    }

    /// Comes back up.
    mutating func ascend() {
        depth -= 1
    }

    /// Reports an error at the place at hand, about so many characters.
    func report(
        _ message: String,
        at position: SourcePosition,
        suggestion: String? = nil,
        length: Int = 1
    ) {
        var diagnostic = Diagnostic(
            .error,
            at: position,
            keyPath: context.keyPath,
            message: message,
            suggestion: suggestion
        )
        diagnostic.length = length
        diagnostics.report(diagnostic)
    }

    /// Compiles what a member of the map at hand has.
    mutating func form(of entry: Node.Entry) -> Form? {
        inside(entry.key) { $0.form(of: entry.value) }
    }

    /// Does something one key further down.
    mutating func inside<Output>(
        _ key: String,
        _ body: (inout TemplateCompiler) -> Output
    ) -> Output {
        let outer = context
        context = context.member(key)
        defer { context = outer }
        return body(&self)
    }

    /// A number of YAML, as JSON writes it.
    private func number(_ text: String, _ node: Node) -> Form? {
        if let canonical = NumberText.canonical(text) {
            return .constant(.number(text: canonical))
        }
        if let double = Double(text), let number = JSONNumber(double) {
            return .constant(.number(number))
        }
        report("`\(text)` has no place in JSON; write it in quotes", at: node.position)
        return nil
    }

    private mutating func list(_ nodes: [Node]) -> Form? {
        var elements: [Form.Element] = []
        var isComplete = true
        for (index, node) in nodes.enumerated() {
            let outer = context
            context = context.element(index)
            if let element = element(node) { elements.append(element) } else { isComplete = false }
            context = outer
        }
        if !isComplete { return nil }
        var values: [JSONValue] = []
        for element in elements {
            guard case .one(.constant(let value)) = element else { return .list(elements) }
            values.append(value)
        }
        return .constant(.array(values))
    }

    private mutating func element(_ node: Node) -> Form.Element? {
        if case .text(let text) = node.content, text.hasPrefix("...${"), text.hasSuffix("}") {
            var inner = node
            inner.content = .text(String(text.dropFirst(3)))
            if let column = node.textStartsAtColumn { inner.textStartsAtColumn = column + 3 }
            let leading = collected.texts
            guard let form = form(of: inner) else { return nil }
            if case .expression = form { return .spread(form, at: node.position) }
            if case .constant = form { return .spread(form, at: node.position) }
            collected.texts = leading
            // More than one expression: the dots are text.
        }
        return form(of: node).map { .one($0) }
    }
}
