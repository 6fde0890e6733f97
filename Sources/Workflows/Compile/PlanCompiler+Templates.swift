internal import Documents
internal import Expressions
internal import JSONWire

extension PlanCompiler {
    /// The fields of a gateway that an expression may name.
    private static let gatewayFields = ["public_url", "public_address", "port", "driver"]

    /// Compiles a value; what it says about gateways is checked.
    func template(_ written: Written, _ sources: SourceSet) -> Template? {
        let (node, keyPath) = (written.node, written.keyPath)
        let context = context(sources, keyPath: keyPath)
        guard
            let template = Template.compile(node, context: context, diagnostics: diagnostics)
        else { return nil }
        checkGateways(template, keyPath: keyPath)
        checkHTTP(template.references, keyPath: keyPath)
        collected.append(template)
        return template
    }

    /// Compiles a value by its node.
    func template(_ node: Node, _ sources: SourceSet, keyPath: String) -> Template? {
        template(Written(node, keyPath: keyPath), sources)
    }

    /// Compiles the value of a key; nil where it is missing or wrong.
    func template(
        _ reader: inout SettingsReader,
        _ key: String,
        _ sources: SourceSet
    )
        -> Template?
    {
        guard let node = reader.node(key) else { return nil }
        return template(node, sources, keyPath: reader.path(key))
    }

    /// Compiles a condition.
    func condition(_ written: Written, _ sources: SourceSet) -> Condition? {
        let condition = Condition.compile(
            written.node,
            context: context(sources, keyPath: written.keyPath),
            diagnostics: diagnostics
        )
        checkHTTP(condition?.references ?? [], keyPath: written.keyPath)
        return condition
    }

    private func context(_ sources: SourceSet, keyPath: String) -> CompileContext {
        CompileContext(
            sources: sources,
            environment: settings.environment,
            secrets: settings.secrets,
            unsetEnvironmentIsNote: settings.isFragment,
            keyPath: keyPath,
            stepIDs: sources.contains(.jobs) ? stepIDs : [],
            syntax: syntax
        )
    }

    private func checkGateways(_ template: Template, keyPath: String) {
        for text in template.texts {
            guard case .gateway(let port, _)? = text.pieces.first else { continue }
            checkGateway(port, at: text.position, keyPath: keyPath)
        }
        for reference in template.references where reference.source == .gateway {
            checkGateway(reference.argument, at: reference.position, keyPath: keyPath)
            guard case .member(let field)? = reference.steps.first,
                !Self.gatewayFields.contains(field.text)
            else { continue }
            let listed = Self.gatewayFields.map { "`\($0)`" }.joined(separator: ", ")
            diagnostics.error(
                "a gateway has no `\(field.text)`, expected one of \(listed)",
                at: reference.position,
                keyPath: keyPath,
                suggestion: NearestName.suggest(field.text, among: Self.gatewayFields)
            )
        }
    }

    private func checkGateway(_ port: Int?, at position: SourcePosition, keyPath: String) {
        let ports = settings.gateways.gateways.map(\.port)
        guard let port else {
            if ports.isEmpty {
                absent("gateway", "at all", at: position, keyPath: keyPath)
            }
            return
        }
        guard !ports.contains(port) else { return }
        let nearest = ports.min { abs($0 - port) < abs($1 - port) }
        absent(
            "gateway on port",
            String(port),
            at: position,
            keyPath: keyPath,
            suggestion: nearest.map { "gateway:\($0)" }
        )
    }
}
