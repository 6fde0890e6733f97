package import Documents

/// Reads `verify:` and `verifiers:` of a configuration.
package struct VerifierReader {
    /// The verifiers that have names, so far.
    package private(set) var named: [String: Verifier] = [:]

    /// Where findings go.
    let diagnostics: Diagnostics
    /// Puts what is known at load into texts.
    let filling: SettingFilling?

    /// The fewest bytes of a secret that is no warning.
    static let secretBytesUsual = 16
    /// How many verifiers may be combined, over all depths.
    private static let partsMax = 32

    /// Begins to read.
    package init(diagnostics: Diagnostics, filling: SettingFilling? = nil) {
        self.diagnostics = diagnostics
        self.filling = filling
    }

    /// Reads `verifiers:`: names, each with what stands under `verify:`; a later one may name those before it.
    package mutating func readNamed(_ node: Node, keyPath: String = "verifiers") {
        let reader = SettingsReader(
            node,
            keyPath: keyPath,
            diagnostics: diagnostics,
            filling: filling
        )
        for entry in reader.entries {
            let path = reader.path(entry.key)
            if let verifier = read(entry.value, keyPath: path) {
                named[entry.key] = verifier.named(entry.key)
            }
        }
    }

    /// Reads what stands under `verify:`.
    ///
    /// - Parameters:
    ///   - node: The name of a verifier, or a map.
    ///   - keyPath: The path of keys down to it.
    /// - Returns: The verifier; nil where something is wrong, which is reported.
    package func read(_ node: Node, keyPath: String = "verify") -> Verifier? {
        read(node, keyPath: keyPath, depth: 0)
    }

    private func read(_ node: Node, keyPath: String, depth: Int) -> Verifier? {
        if let name = node.scalarText { return find(name, node, keyPath) }
        let isAll = node["all"].map { !$0.isNull } ?? false
        let isAny = node["any"].map { !$0.isNull } ?? false
        guard isAll || isAny else { return readOne(node, keyPath) }
        var reader = SettingsReader(
            node,
            keyPath: keyPath,
            diagnostics: diagnostics,
            filling: filling
        )
        let key = isAll ? "all" : "any"
        guard depth < 4, let items = reader.list(key) else {
            if depth >= 4 {
                reader.error("verifiers are combined too deep", at: node.position, key: key)
            }
            return nil
        }
        reader.finish()
        guard !items.isEmpty, items.count <= Self.partsMax else {
            reader.error(
                "found \(items.count) verifiers, expected from 1 to \(Self.partsMax)",
                at: node.position,
                key: key
            )
            return nil
        }
        let path = SettingsPath(reader.path(key))
        let parts = items.enumerated().compactMap { index, item in
            read(item, keyPath: path.item(index).text, depth: depth + 1)
        }
        guard parts.count == items.count else { return nil }
        return Verifier(
            name: key,
            profile: SenderProfile(combining: parts.map(\.profile)),
            check: isAll ? .all(parts) : .any(parts)
        )
    }

    /// The verifier of a name.
    private func find(_ name: String, _ node: Node, _ keyPath: String) -> Verifier? {
        if let verifier = named[name] { return verifier }
        var finding = Diagnostic(
            .error,
            at: node.position,
            keyPath: keyPath,
            message: "there is no verifier `\(name.clipped)` under `verifiers`",
            suggestion: NearestName.suggest(name, among: named.keys.sorted())
        )
        finding.role = .absent
        finding.what = "verifier"
        finding.name = name
        if PresetTable.named(name) != nil {
            finding.suggestion = "{ preset: \(name), … }"
        }
        diagnostics.report(finding)
        return nil
    }

    private func readOne(_ node: Node, _ keyPath: String) -> Verifier? {
        var settings = node
        var name: String?
        if let word = node["preset"], !word.isNull {
            guard let preset = preset(word, SettingsPath(keyPath).key("preset").text) else {
                return nil
            }
            name = preset.name
            // What the configuration says stands over what the preset says.
            settings = preset.settings.merging(node)
            settings.position = node.position
        }
        var reader = SettingsReader(
            settings,
            keyPath: keyPath,
            diagnostics: diagnostics,
            filling: filling
        )
        reader.note("preset")
        let before = diagnostics.all.count { $0.severity == .error }
        var kinds = CheckReader(reader: reader)
        let type = kinds.reader.oneOf("type", as: CheckReader.Kind.self)
        let kind = type ?? .signature
        if node["type"] != nil, name != nil, let type, node["type"]?.scalarText == type.rawValue,
            PresetTable.named(name ?? "")?.settings["type"]?.scalarText ?? "signature"
                != type.rawValue
        {
            kinds.reader.error(
                "the type of a preset cannot be changed",
                at: node["type"]?.position ?? node.position,
                key: "type"
            )
        }
        let check = kinds.check(kind)
        let profile = kinds.profile()
        kinds.reader.finish()
        let after = diagnostics.all.count { $0.severity == .error }
        guard let check, after == before else { return nil }
        return Verifier(name: name ?? kind.rawValue, profile: profile, check: check)
    }

    private func preset(_ node: Node, _ keyPath: String) -> Preset? {
        guard let name = node.scalarText else {
            diagnostics.error(
                "found \(node.found), expected the name of a preset",
                at: node.position,
                keyPath: keyPath
            )
            return nil
        }
        if let preset = PresetTable.named(name) { return preset }
        diagnostics.error(
            "there is no preset `\(name.clipped)`",
            at: node.position,
            keyPath: keyPath,
            suggestion: NearestName.suggest(name, among: PresetTable.names)
        )
        return nil
    }
}

extension Verifier {
    /// The same verifier under another name.
    func named(_ name: String) -> Verifier {
        Verifier(name: name, profile: profile, check: check)
    }
}

extension SenderProfile {
    /// What several verifiers of one sender know together: the first that says something counts.
    init(combining profiles: [SenderProfile]) {
        body = profiles.lazy.compactMap(\.body).first
        formField = profiles.lazy.compactMap(\.formField).first
        methods = profiles.first { !$0.methods.isEmpty }?.methods ?? []
        handshakes = profiles.flatMap(\.handshakes)
    }
}
