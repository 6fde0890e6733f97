internal import Documents
internal import Expressions
internal import JSONWire

extension PlanBuilding {
    /// A URL of ours in a request.
    struct CarriedURL {
        let written: String
        let path: String
        /// The port, or the origin where it is a literal.
        let place: String
        let template: Template
        let endpoints: [OwnEndpoint]
    }

    /// The URLs of our callback endpoints that body, params and headers carry, decided on the text alone.
    func ownURLs(_ made: MadeHTTP, keyPath: String) -> [CarriedURL] {
        var found: [CarriedURL] = []
        for node in made.nodes {
            for leaf in scalars(node) {
                let context = CompileContext(
                    sources: .component,
                    environment: settings.environment,
                    secrets: settings.secrets,
                    unsetEnvironmentIsNote: true
                )
                // What is wrong in it was reported when the whole was compiled.
                guard
                    let template = Template.compile(
                        leaf,
                        context: context,
                        diagnostics: Diagnostics()
                    ),
                    let text = template.leadingTexts.first,
                    let url = OwnURL(text, settings.gateways)
                else { continue }
                let endpoints = settings.endpoints.filter { url.leads(to: $0, settings.gateways) }
                guard !endpoints.isEmpty else {
                    tellAbsent(url, leaf, keyPath)
                    continue
                }
                found.append(
                    CarriedURL(
                        written: leaf.raw,
                        path: url.path,
                        place: url.place,
                        template: template,
                        endpoints: endpoints
                    )
                )
            }
        }
        return found
    }

    private func tellAbsent(_ url: OwnURL, _ leaf: Node, _ keyPath: String) {
        guard case .gateway(let port) = url.origin, url.isPathKnown, !url.path.isEmpty,
            settings.isFragment || settings.gateways[port] != nil
        else { return }
        let near = settings.endpoints.filter { $0.origins.contains(.gateway(port: port)) }
        absent(
            "callback endpoint",
            "`\(url.path)` on port \(port)",
            at: leaf.position,
            keyPath: keyPath,
            suggestion: NearestName.suggest(url.path, among: near.map(\.path)),
            isWarning: true
        )
    }

    /// The scalars of a tree with text in them, in order.
    private func scalars(_ node: Node) -> [Node] {
        switch node.content {
        case .text: [node]
        case .list(let nodes): nodes.flatMap(scalars)
        case .map(let entries): entries.flatMap { scalars($0.value) }
        case .null, .bool, .integer, .number: []
        }
    }
}
