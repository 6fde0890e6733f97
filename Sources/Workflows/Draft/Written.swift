internal import Documents

/// A value of the configuration that may have expressions in it, as it is written.
struct Written {
    let node: Node
    /// The path of keys down to it.
    let keyPath: String

    var position: SourcePosition { node.position }

    init(_ node: Node, keyPath: String) {
        self.node = node
        self.keyPath = keyPath
    }

    /// The value of a key; nil where it is missing.
    init?(_ reader: inout SettingsReader, _ key: String) {
        guard let node = reader.node(key) else { return nil }
        self.init(node, keyPath: reader.path(key))
    }
}

/// A name in the configuration that leads to something else: a step, a component, an endpoint.
struct WrittenName {
    let text: String
    let position: SourcePosition
    /// The path of keys down to it.
    let keyPath: String
}

extension Diagnostics {
    /// Reports a value that does not fit.
    func mismatch(_ written: Written, expected: String, suggestion: String? = nil) {
        error(
            "found \(written.node.found), expected \(expected)",
            at: written.position,
            keyPath: written.keyPath,
            suggestion: suggestion
        )
    }
}
