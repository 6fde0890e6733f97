internal import Documents
internal import Expressions
internal import JSONWire
internal import Primitives

extension PlanCompiler {
    /// An HTTP action with what tells whether its request carries a URL of ours.
    struct MadeHTTP {
        /// The request; nil where it was refused.
        let action: HTTPAction?
        /// What its address is made of.
        let address: [Template]
        /// What else it sends: body, params and the values of headers.
        let carrying: [Template]

        /// Everything that the request names.
        var references: [Reference] { (address + carrying).flatMap(\.references) }
    }

    private static let methods = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"]

    /// Compiles the request of an http-client or http-server action, or of a poll.
    func httpAction(
        _ reader: inout SettingsReader,
        _ owner: HTTPOwner,
        isInline: Bool,
        isPoll: Bool = false
    ) -> MadeHTTP {
        // A poll comes after an answer, and may read it.
        let sources = isPoll ? SourceSet.answer : .component
        let address = address(&reader, owner, isPoll: isPoll)
        let method = method(&reader, sources, default: isPoll ? "GET" : "POST")
        var headers = owner.shared.headers
        let headerNode = reader.node("headers")
        if !isInline { headers = merge(headers, self.headers(&reader, sources), headerNode) }
        let format = reader.oneOf("stream_format", EventStream.Format.allCases.map(\.rawValue))
        let pathSecrets = [owner.shared.base, reader.node("endpoint"), reader.node("path")]
            .compactMap { $0?.raw }
            .flatMap { ShownURL.secrets(in: $0, environment: settings.environment) }
        let params = reader.node("params")
        let body = reader.node("body")
        let paramsTemplate = params.flatMap {
            template($0, sources, keyPath: reader.path("params"))
        }
        let bodyTemplate = body.flatMap { template($0, sources, keyPath: reader.path("body")) }
        if let params, let constant = paramsTemplate?.constant {
            if case .object = constant {
            } else {
                reader.mismatch(params, key: "params", expected: "a map")
            }
        }
        let carrying = [bodyTemplate, paramsTemplate].compactMap { $0 } + headers.map(\.value)
        guard let address, let method else {
            return MadeHTTP(action: nil, address: [], carrying: carrying)
        }
        return MadeHTTP(
            action: HTTPAction(
                base: address.base,
                path: address.path,
                method: method,
                headers: headers,
                params: paramsTemplate,
                body: bodyTemplate,
                server: owner.shared.server?.id,
                streamFormat: format.flatMap(EventStream.Format.init(rawValue:)),
                pathSecrets: pathSecrets
            ),
            address: [address.base, address.path].compactMap { $0 },
            carrying: carrying
        )
    }

    /// Where a request goes, as far as its component says it.
    private struct Address {
        var base: Template?
        var path: Template?
    }

    private func address(
        _ reader: inout SettingsReader,
        _ owner: HTTPOwner,
        isPoll: Bool
    ) -> Address? {
        let sources = isPoll ? SourceSet.answer : .component
        let endpoint = reader.node("endpoint")
        let path = reader.node("path")
        for (key, node) in [
            ("base_url", owner.shared.base), ("endpoint", endpoint), ("path", path),
        ] {
            guard let node, node.scalarText == nil else { continue }
            reader.mismatch(
                node,
                key: key,
                expected: key == "path" ? "a path" : "a URL such as `https://api.example.com/v1`"
            )
            return nil
        }
        if owner.shared.server != nil, let endpoint {
            reader.error(
                "an http-server is called on its own port; it takes a `path`, not an `endpoint`",
                at: endpoint.position,
                key: "endpoint"
            )
            return nil
        }
        if let endpoint, path != nil {
            reader.error(
                "found both `endpoint` and `path`, expected one of them",
                at: endpoint.position,
                key: "endpoint"
            )
            return nil
        }
        if let server = owner.shared.server {
            guard let base = server.base else { return nil }
            return Address(
                base: .constant(.string(base)),
                path: path.flatMap { template($0, sources, keyPath: reader.path("path")) }
            )
        }
        if let endpoint {
            return template(endpoint, sources, keyPath: reader.path("endpoint")).map {
                keepURL($0, endpoint, keyPath: reader.path("endpoint"))
                return Address(base: nil, path: $0)
            }
        }
        guard let base = owner.shared.base else { return withoutBase(reader, owner, path, sources) }
        guard let compiled = template(base, .component, keyPath: "base_url") else { return nil }
        keepURL(compiled, base, keyPath: "base_url")
        if isPoll, path == nil {
            reader.missing("path", expected: "`path` or `endpoint` of the poll")
            return nil
        }
        return Address(
            base: compiled,
            path: path.flatMap { template($0, sources, keyPath: reader.path("path")) }
        )
    }

    /// A component that has no `base_url`: only an absolute `path` is an address.
    private func withoutBase(
        _ reader: SettingsReader,
        _ owner: HTTPOwner,
        _ path: Node?,
        _ sources: SourceSet
    ) -> Address? {
        if let path {
            guard let compiled = template(path, sources, keyPath: reader.path("path")) else {
                return nil
            }
            if let text = compiled.constant?.string, !text.contains("://") {
                reader.error(
                    "`path` needs a `base_url` in the component",
                    at: path.position,
                    key: "path",
                    suggestion: "endpoint: https://…\(text)"
                )
                return nil
            }
            keepURL(compiled, path, keyPath: reader.path("path"))
            return Address(base: nil, path: compiled)
        }
        let noType = owner.component.isTypeAssumed ? "`type` and no " : ""
        incomplete(
            "`\(owner.id)` has no \(noType)address: neither `endpoint`, nor `base_url` with `path`",
            at: owner.position,
            keyPath: reader.keyPath,
            keys: ["endpoint", "base_url", "path", "type"]
        )
        return nil
    }

    /// Keeps an address, or the text it begins with, to be looked at with what sends requests.
    private func keepURL(_ template: Template, _ node: Node, keyPath: String) {
        // What a fragment does not have may be any address.
        if settings.isFragment, node.raw.contains("${") { return }
        var text = template.constant?.string ?? ""
        if template.constant == nil {
            let start = node.raw.prefix { $0 != "$" && $0 != "{" }
            text = String(start)
            let isOpen = ["http://", "https://"].contains { scheme in
                text.lowercased().hasPrefix(scheme) || scheme.hasPrefix(text.lowercased())
            }
            if isOpen { return }
        }
        guard !fixedURLs.contains(where: { $0.position == node.position }) else { return }
        fixedURLs.append(
            FixedURL(
                text: text,
                isWhole: template.constant != nil,
                position: node.position,
                keyPath: keyPath
            )
        )
    }

    private func method(
        _ reader: inout SettingsReader,
        _ sources: SourceSet,
        default fallback: String
    ) -> Template? {
        guard let node = reader.node("method") else { return .constant(.string(fallback)) }
        guard let template = template(node, sources, keyPath: reader.path("method")) else {
            return nil
        }
        if let constant = template.constant {
            let word = constant.string?.uppercased() ?? ""
            guard Self.methods.contains(word) else {
                let listed = Self.methods.map { "`\($0)`" }.joined(separator: ", ")
                reader.mismatch(
                    node,
                    key: "method",
                    expected: "one of \(listed)",
                    suggestion: NearestName.suggest(word, among: Self.methods)
                )
                return nil
            }
        }
        return template
    }

    /// The header fields of a map; null values are left out.
    func headers(
        _ reader: inout SettingsReader,
        _ sources: SourceSet = .component
    ) -> [(name: String, value: Template)] {
        guard let map = reader.map("headers") else { return [] }
        var fields: [(name: String, value: Template)] = []
        for entry in map.entries where !entry.value.isNull {
            guard HeaderFields.isToken(entry.key) else {
                map.error(
                    "`\(entry.key.clipped)` is not a valid name of a header field",
                    at: entry.keyPosition,
                    key: entry.key
                )
                continue
            }
            if let value = template(entry.value, sources, keyPath: map.path(entry.key)) {
                fields.append((entry.key, value))
            }
        }
        return fields
    }

    /// Fields of the component with those of the action over them; a null of the action takes one out.
    private func merge(
        _ below: [(name: String, value: Template)],
        _ above: [(name: String, value: Template)],
        _ node: Node?
    ) -> [(name: String, value: Template)] {
        var names = above.map(\.name)
        if case .map(let entries)? = node?.content { names += entries.map(\.key) }
        return below.filter { field in !names.contains { HeaderFields.isSame($0, field.name) } }
            + above
    }
}
