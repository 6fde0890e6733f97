/// A list or map that is being read.
struct YAMLCollection {
    /// Something wrong about what was added.
    struct Finding {
        var message: String
        var position: SourcePosition
    }

    let isMap: Bool
    let position: SourcePosition
    let anchor: String?
    /// How many values it has so far, itself too, aliases put in.
    var count = 1
    /// How many lists and maps lie inside each other in it so far, itself not.
    var height = 0

    private var items: [Node] = []
    private var entries: [Node.Entry] = []
    /// Where each key of `entries` is.
    private var places: [String: Int] = [:]
    /// What the merge keys bring, in order.
    private var merged: [Node.Entry] = []
    private var mergePosition: SourcePosition?
    private var key: Key?

    /// What stands before the colon of the value that comes next.
    private enum Key {
        case plain(String, SourcePosition)
        case merge
        /// One that was refused; its value is dropped.
        case refused
    }

    init(isMap: Bool, _ position: SourcePosition, _ anchor: String?) {
        self.isMap = isMap
        self.position = position
        self.anchor = anchor
    }

    /// Adds an item, a key, or the value of the last key.
    mutating func add(_ node: Node, isMergeKey: Bool) -> Finding? {
        guard isMap else {
            items.append(node)
            return nil
        }
        guard let key else { return takeKey(node, isMergeKey) }
        self.key = nil
        switch key {
        case .plain(let name, let position):
            places[name] = entries.count
            entries.append(Node.Entry(key: name, keyPosition: position, value: node))
            return nil
        case .merge:
            return merge(node)
        case .refused:
            return nil
        }
    }

    /// The list or map as it is now.
    var finished: Node {
        guard isMap else { return Node(.list(items), at: position) }
        guard !merged.isEmpty else { return Node(.map(entries), at: position) }
        var all = entries
        var known = Set(places.keys)
        for entry in merged where known.insert(entry.key).inserted { all.append(entry) }
        return Node(.map(all), at: position)
    }

    /// The path to the part that is being read.
    func extend(_ path: SettingsPath) -> SettingsPath {
        guard isMap else { return path.item(items.count) }
        switch key {
        case .plain(let name, _): return path.key(name)
        case .merge, .refused, nil: return path
        }
    }

    private mutating func takeKey(_ node: Node, _ isMergeKey: Bool) -> Finding? {
        if isMergeKey {
            key = .merge
            defer { mergePosition = node.position }
            guard let first = mergePosition else { return nil }
            return Finding(
                message: "the key `<<` is already at \(first.description)",
                position: node.position
            )
        }
        switch node.content {
        case .list, .map:
            key = .refused
            return Finding(
                message: "found a \(node.kindName) as key, expected text",
                position: node.position
            )
        default:
            break
        }
        let name = node.raw
        if let first = places[name] {
            key = .refused
            return Finding(
                message: "the key `\(name.clipped)` is already at "
                    + entries[first].keyPosition.description,
                position: node.position
            )
        }
        key = .plain(name, node.position)
        return nil
    }

    private mutating func merge(_ node: Node) -> Finding? {
        switch node.content {
        case .map(let entries):
            merged += entries
            return nil
        case .list(let nodes):
            for node in nodes {
                guard case .map(let entries) = node.content else { return refuseMerge(node) }
                merged += entries
            }
            return nil
        default:
            return refuseMerge(node)
        }
    }

    private func refuseMerge(_ node: Node) -> Finding {
        Finding(
            message: "found \(node.found) under `<<`, expected a map or a list of maps",
            position: node.position
        )
    }
}
