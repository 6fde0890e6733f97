internal import Documents

/// One workflow, component, step or action as it stands in the configuration.
struct ConfigEntry {
    /// The key it stands under in a map; nil in a list.
    let key: String?
    let node: Node
    let position: SourcePosition
    let keyPath: String

    /// What stands alone under a key or in a list.
    ///
    /// `position`: where it is told to be; nil for where its value begins.
    init(_ node: Node, at position: SourcePosition? = nil, keyPath: String) {
        key = nil
        self.node = node
        self.position = position ?? node.position
        self.keyPath = keyPath
    }

    /// What stands in a map of entries by id.
    init(_ entry: Node.Entry, keyPath: String) {
        key = entry.key
        node = entry.value
        position = entry.keyPosition
        self.keyPath = keyPath
    }

    /// What stands under a singular key, and under its plural as a list or a map by id.
    static func all(
        _ node: Node,
        _ singular: String,
        _ plural: String,
        in keyPath: String = "",
        _ diagnostics: Diagnostics
    )
        -> [ConfigEntry]
    {
        let path = SettingsPath(keyPath)
        var found: [ConfigEntry] = []
        if let one = node[singular], case .list = one.content {
            diagnostics.error(
                "found a list, expected a map",
                at: one.position,
                keyPath: path.key(singular).text,
                suggestion: node[plural] == nil ? plural : nil
            )
        } else if let one = node[singular], !one.isNull {
            found.append(ConfigEntry(one, keyPath: path.key(singular).text))
        }
        if let many = node[plural], !many.isNull {
            found += all(many, path.key(plural), diagnostics)
        }
        return found
    }

    /// The elements of a list, or the values of a map by id.
    private static func all(
        _ node: Node,
        _ path: SettingsPath,
        _ diagnostics: Diagnostics
    )
        -> [ConfigEntry]
    {
        switch node.content {
        case .list(let nodes):
            return nodes.enumerated().map { ConfigEntry($1, keyPath: path.item($0).text) }
        case .map(let entries):
            return entries.map { ConfigEntry($0, keyPath: path.key($0.key).text) }
        default:
            diagnostics.error(
                "found \(node.found), expected a list, or a map by id",
                at: node.position,
                keyPath: path.text
            )
            return []
        }
    }
}
