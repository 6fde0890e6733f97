internal import Documents
internal import JSONWire

/// Handshakes.
extension CheckReader {
    /// Reads `handshake` and `verify_token`.
    mutating func handshakes() -> [Handshake] {
        var token: [UInt8]?
        if let (text, node) = reader.stringAndNode("verify_token") {
            if text.isEmpty {
                reader.error("the token is empty", at: node.position, key: "verify_token")
            }
            token = Array(text.utf8)
        }
        guard let nodes = reader.oneOrMore("handshake") else { return [] }
        var found: [Handshake] = []
        for (index, node) in nodes.prefix(16).enumerated() {
            let path = SettingsPath(reader.path("handshake")).item(index).text
            guard let name = node.scalarText else {
                if let one = handshake(node, path, token) { found.append(one) }
                continue
            }
            guard let preset = PresetTable.named(name), let known = preset.settings["handshake"],
                case .list(let items) = known.content
            else {
                reader.error(
                    "there is no preset `\(name.clipped)` with a handshake",
                    at: node.position,
                    key: "handshake",
                    suggestion: NearestName.suggest(name, among: Self.presetsWithHandshakes)
                )
                continue
            }
            found += items.compactMap { handshake($0, path, token) }
        }
        return found
    }

    /// The presets whose handshakes can be named.
    private static let presetsWithHandshakes =
        PresetTable.all.filter { $0.settings["handshake"] != nil }.map(\.name)

    private mutating func handshake(
        _ node: Node,
        _ path: String,
        _ verifyToken: [UInt8]?
    ) -> Handshake? {
        var inner = reader.inner(node, keyPath: path)
        let name = inner.string("name") ?? "handshake"
        let methods = (inner.texts("method") ?? ["POST"]).map { $0.uppercased() }
        let isSigned = inner.bool("signed", default: false)
        let status = inner.integer("status", in: 200...299, default: 200)
        let conditions = conditions(&inner)
        let token = place("token", &inner)
        let visit = place("visit", &inner)
        let headers = headers(&inner)
        let body = answer(&inner)
        inner.finish()
        guard let conditions, let headers, let body else { return nil }
        if conditions.isEmpty {
            inner.missing("when", expected: "what tells the handshake from other requests")
            return nil
        }
        if token != nil, verifyToken == nil {
            reader.diagnostics.advise(
                "without `verify_token` the handshake \(name) is refused",
                at: reader.position,
                keyPath: reader.keyPath
            )
        }
        return Handshake(
            name: name,
            isSigned: isSigned,
            methods: methods,
            conditions: conditions,
            token: token,
            verifyToken: verifyToken,
            status: status,
            headers: headers,
            body: body,
            visit: visit,
            secret: secrets.first?.bytes
        )
    }

    /// Reads `when`: places of a request, and what stands there; `*` for anything.
    private func conditions(
        _ inner: inout SettingsReader
    ) -> [(reference: RequestReference, condition: Handshake.Condition)]? {
        guard let map = inner.map("when") else { return [] }
        var found: [(reference: RequestReference, condition: Handshake.Condition)] = []
        for entry in map.entries {
            guard let reference = RequestReference(entry.key), let text = entry.value.scalarText
            else {
                map.error(
                    "`\(entry.key.clipped)` names no part of a request with a text to compare",
                    at: entry.keyPosition,
                    key: entry.key
                )
                return nil
            }
            found.append((reference, text == "*" ? .anything : .text(text)))
        }
        return found
    }

    private func place(_ key: String, _ inner: inout SettingsReader) -> RequestReference? {
        guard let (text, node) = inner.stringAndNode(key) else { return nil }
        if let reference = RequestReference(text) { return reference }
        inner.mismatch(node, key: key, expected: "a place such as `body.url` or `query.token`")
        return nil
    }

    private func headers(
        _ inner: inout SettingsReader
    ) -> [(name: String, value: EchoTemplate)]? {
        guard let map = inner.map("headers") else { return [] }
        var found: [(name: String, value: EchoTemplate)] = []
        for entry in map.entries {
            guard HeaderName.isToken(entry.key),
                let template = entry.value.scalarText.flatMap(EchoTemplate.init)
            else {
                map.error(
                    "the header `\(entry.key.clipped)` has no value that can be sent",
                    at: entry.keyPosition,
                    key: entry.key
                )
                return nil
            }
            found.append((entry.key, template))
        }
        return found
    }

    private func answer(_ inner: inout SettingsReader) -> Handshake.Body? {
        let text = inner.node("text")
        let json = inner.node("json")
        if let text {
            guard let template = text.scalarText.flatMap(EchoTemplate.init) else {
                inner.mismatch(text, key: "text", expected: "text such as `{body.challenge}`")
                return nil
            }
            return needsSecret(template.needsSecret, text, inner) ? .text(template) : nil
        }
        guard let json else { return .nothing }
        guard let tree = EchoTree(json.jsonValue) else {
            inner.error("a text in it is no template", at: json.position, key: "json")
            return nil
        }
        return needsSecret(tree.needsSecret, json, inner) ? .json(tree) : nil
    }

    /// Whether there is a secret where one is needed; reports it where there is none.
    private func needsSecret(_ isNeeded: Bool, _ node: Node, _ inner: SettingsReader) -> Bool {
        guard isNeeded, secrets.isEmpty else { return true }
        if reader.has("secret") || reader.has("secrets") {
            // What is wrong with the secret is reported where it stands.
            return false
        }
        inner.diagnostics.error(
            "the handshake's answer needs the `secret` of the verifier",
            at: node.position,
            keyPath: inner.keyPath
        )
        return false
    }
}
