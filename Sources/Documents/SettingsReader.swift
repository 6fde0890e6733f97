/// Reads one map of a configuration key by key, typed; reports what does not fit and every key nobody asked for.
///
/// Everything that is wrong goes to the diagnostics with its place and key path; a read that fails gives nil or its
/// default, so that the rest is checked too. A key without value (`key:`) counts as not there. Call ``finish(noted:)``
/// last.
package struct SettingsReader {
    /// The path of keys down to this map; empty at the top.
    package let keyPath: String
    /// Where the map stands.
    package let position: SourcePosition
    /// Where findings go.
    package let diagnostics: Diagnostics
    /// The map's keys and values, in order; none where the node is no map.
    package let entries: [Node.Entry]

    /// Puts what is known at load into texts; nil leaves them as they stand.
    package var filling: SettingFilling?

    private var asked: [String] = []
    /// Keys that are known and have no effect.
    var noted: [String] = []
    /// Keys that are known and are not taken.
    var refused: [RefusedKey] = []

    /// Begins to read a map; reports a node that is none.
    package init(
        _ node: Node,
        keyPath: String = "",
        diagnostics: Diagnostics,
        filling: SettingFilling? = nil
    ) {
        self.keyPath = keyPath
        self.filling = filling
        self.position = node.position
        self.diagnostics = diagnostics
        switch node.content {
        case .map(let entries):
            self.entries = entries
        case .null:
            entries = []
        default:
            entries = []
            diagnostics.error(
                "found \(node.found), expected a map",
                at: node.position,
                keyPath: keyPath
            )
        }
    }

    /// Whether a key is there with a value; does not count as asking for it.
    package func has(_ key: String) -> Bool {
        entries.contains { $0.key == key && !$0.value.isNull }
    }

    /// The value of a key as it stands; nil where it is missing or null.
    package mutating func node(_ key: String) -> Node? {
        note(key)
        guard let node = entries.first(where: { $0.key == key })?.value, !node.isNull else {
            return nil
        }
        return node
    }

    /// The value of a key that is fixed at load, with what expressions in it yield; nil where that is missing, null or wrong.
    package mutating func setting(_ key: String) -> Node? {
        node(key).flatMap { filled($0, path(key)) }
    }

    /// A value with what the expressions in its text yield; nil where they yield nothing.
    func filled(_ node: Node, _ keyPath: String) -> Node? {
        guard let filling, case .text(let text) = node.content, text.contains("${") else {
            return node
        }
        guard let filled = filling(node, keyPath, diagnostics), !filled.isNull else { return nil }
        return filled
    }

    /// The first of several spellings of a key that is there; reports when more than one is.
    package mutating func node(anyOf keys: [String]) -> (key: String, node: Node)? {
        var found: (key: String, node: Node)?
        for key in keys {
            guard let node = node(key) else { continue }
            if let first = found {
                error(
                    "`\(key)` and `\(first.key)` say the same; expected one of them",
                    at: node.position,
                    key: key
                )
            } else {
                found = (key, node)
            }
        }
        return found
    }

    /// Reports that a key is missing; for keys that have no default.
    package func missing(_ key: String, expected: String) {
        missing([key], "the key `\(key)` is missing, expected \(expected)")
    }

    /// Reports that one of several keys is missing, as a message says.
    package func missing(_ keys: [String], _ message: String) {
        var finding = Diagnostic(.error, at: position, keyPath: keyPath, message: message)
        finding.role = .missingKey(keys)
        finding.map = keyPath
        diagnostics.report(finding)
    }

    /// Reports a value that does not fit; what stands under a key that names a secret is not told.
    ///
    /// Of a value that expressions gave, the expressions are told too.
    package func mismatch(_ node: Node, key: String, expected: String, suggestion: String? = nil) {
        let written = entries.first { $0.key == key }?.value
        var origin = ""
        if let written, node.position == written.position, node.isFilled(from: written) {
            origin = " from `\(written.raw.clipped)`"
        }
        let isSecret = SecretMask.namesSecret(key + origin) && node.scalarText != nil
        error(
            "found \(isSecret ? node.kindFound : node.found)\(origin), expected \(expected)",
            at: node.position,
            key: key,
            suggestion: isSecret ? nil : suggestion
        )
    }

    /// Reports an error at a key of this map.
    package func error(
        _ message: String,
        at position: SourcePosition,
        key: String,
        suggestion: String? = nil
    ) {
        diagnostics.error(
            message,
            at: position,
            keyPath: path(key),
            suggestion: suggestion
        )
    }

    /// The path of a key of this map.
    package func path(_ key: String) -> String {
        SettingsPath(keyPath).key(key).text
    }

    /// Ends the reading: every key that nobody asked for is an error with the nearest known key.
    ///
    /// Keys that begin with `x-` pass.
    /// - Parameters:
    ///   - others: Keys, beside those of accepted maps, that are known and have no effect: a note each where they are there.
    ///   - reasons: Keys that are known and would change what the configuration means, each with the reason why they are
    ///     not taken: an error each, unless what stands there switches them off (``Node/isOff``).
    package func finish(noted others: [String] = [], refused reasons: [RefusedKey] = []) {
        let (noted, refused) = (noted + others, refused + reasons)
        let unknown = entries.filter { !asked.contains($0.key) && !$0.key.hasPrefix("x-") }
        guard !unknown.isEmpty else { return }
        // What may have been meant: keys that are taken and not there yet.
        let there = Set(entries.map(\.key))
        let candidates = (asked + noted).filter { !there.contains($0) }
        for entry in unknown {
            if let key = refused.first(where: { $0.name == entry.key }) {
                refuse(entry, key)
            } else if noted.contains(entry.key) {
                diagnostics.report(
                    Diagnostic(
                        .note,
                        at: entry.keyPosition,
                        keyPath: path(entry.key),
                        message: "the key `\(entry.key)` is known and has no effect here"
                    )
                )
            } else {
                var finding = Diagnostic(
                    .error,
                    at: entry.keyPosition,
                    keyPath: path(entry.key),
                    message: "unknown key `\(entry.key.clipped)`",
                    suggestion: NearestName.suggest(entry.key, among: candidates)
                )
                finding.role = .unknownKey
                finding.map = keyPath
                diagnostics.report(finding)
            }
        }
    }

    private func refuse(_ entry: Node.Entry, _ key: RefusedKey) {
        if entry.value.isOff || entry.value.scalarText.map(key.harmless.contains) == true { return }
        diagnostics.error(
            "`\(entry.key)` is not supported: \(key.reason)",
            at: entry.keyPosition,
            keyPath: keyPath
        )
    }

    /// Whether a key is known: it was asked for, or its map was accepted.
    func knows(_ key: String) -> Bool { asked.contains(key) }

    /// Counts keys as known without reading them.
    package mutating func note(_ keys: String...) {
        for key in keys where !asked.contains(key) { asked.append(key) }
    }
}

/// A key of another program's dialect that changes what a configuration means, and that is not taken here.
package struct RefusedKey: Sendable {
    /// Its name.
    package let name: String
    /// Why, as the rest of a sentence: `no program runs in a container here`.
    package let reason: String
    /// The values with which it says what is so here anyway.
    package let harmless: [String]

    /// Describes a key.
    package init(_ name: String, _ reason: String, harmless: [String] = []) {
        self.name = name
        self.reason = reason
        self.harmless = harmless
    }
}

extension Node {
    /// Whether the value is null: written so, or left out after the colon.
    package var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// Whether the value switches something off: nothing, `false`, or an empty list or map.
    package var isOff: Bool {
        switch content {
        case .null, .bool(false): true
        case .list(let nodes): nodes.isEmpty
        case .map(let entries): entries.isEmpty
        default: false
        }
    }
}
