extension SettingsReader {
    /// The items of a list; anything else is an error.
    package mutating func list(_ key: String) -> [Node]? {
        guard let node = node(key) else { return nil }
        if case .list(let items) = node.content { return items }
        mismatch(node, key: key, expected: "a list")
        return nil
    }

    /// The items of a list, or the one value that stands in its place.
    package mutating func oneOrMore(_ key: String) -> [Node]? {
        guard let node = node(key) else { return nil }
        if case .list(let items) = node.content { return items }
        return [node]
    }

    /// The items of a list of settings, or the one that stands in its place, with what expressions in them yield.
    package mutating func settings(_ key: String) -> [Node]? {
        guard let nodes = oneOrMore(key) else { return nil }
        return nodes.compactMap { filled($0, path(key)) }
    }

    /// The texts of a list of scalars, or the one scalar that stands in its place, as written.
    package mutating func texts(_ key: String) -> [String]? {
        guard let nodes = settings(key) else { return nil }
        var texts: [String] = []
        for node in nodes {
            if let text = node.scalarText {
                texts.append(text)
            } else {
                mismatch(node, key: key, expected: "text or a list of texts")
            }
        }
        return texts
    }

    /// A reader of the map under a key; its keys are read, and finished, like those of this one.
    package mutating func map(_ key: String) -> SettingsReader? {
        guard let node = node(key) else { return nil }
        return inner(node, keyPath: path(key))
    }

    /// A reader of a value inside this map, which fills its settings as this one does.
    package func inner(_ node: Node, keyPath: String) -> SettingsReader {
        SettingsReader(node, keyPath: keyPath, diagnostics: diagnostics, filling: filling)
    }

    /// A reader for each map of a list, with its place in the key path.
    package mutating func maps(_ key: String) -> [SettingsReader]? {
        guard let items = list(key) else { return nil }
        let path = SettingsPath(path(key))
        return items.enumerated().map { index, node in
            inner(node, keyPath: path.item(index).text)
        }
    }

    /// The keys and scalar values of a map of texts (`headers`), as written and in order; null values are left out.
    package mutating func textMap(_ key: String) -> [(key: String, value: String)]? {
        guard let map = map(key) else { return nil }
        var pairs: [(key: String, value: String)] = []
        for entry in map.entries where !entry.value.isNull {
            guard let value = map.filled(entry.value, map.path(entry.key)) else { continue }
            if let text = value.scalarText {
                pairs.append((entry.key, text))
            } else {
                map.mismatch(entry.value, key: entry.key, expected: "text")
            }
        }
        return pairs
    }
}
