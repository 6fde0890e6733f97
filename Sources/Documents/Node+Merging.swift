extension Node {
    /// This value with another put over it: what several configuration files become.
    ///
    /// Maps are merged key by key, deeply. Lists whose items are all maps with an `id` are merged item by item by their
    /// `id`; new items go to the end. Anything else is replaced. Positions are those of the text that wrote the value.
    /// - Complexity: O(n) in both values; depth is bounded by that of the documents.
    package func merging(_ other: Node) -> Node {
        switch (content, other.content) {
        case (.map(let mine), .map(let theirs)):
            var merged = self
            merged.content = .map(Self.merge(mine, theirs))
            return merged
        case (.list(let mine), .list(let theirs)):
            guard let ids = Self.ids(mine), let otherIDs = Self.ids(theirs) else { return other }
            var merged = self
            merged.content = .list(Self.merge(mine, ids, theirs, otherIDs))
            return merged
        default:
            return other
        }
    }

    private static func merge(_ mine: [Entry], _ theirs: [Entry]) -> [Entry] {
        var merged = mine
        var places: [String: Int] = [:]
        for (place, entry) in mine.enumerated() { places[entry.key] = place }
        for entry in theirs {
            guard let place = places[entry.key] else {
                merged.append(entry)
                continue
            }
            merged[place] = Entry(
                key: entry.key,
                keyPosition: entry.keyPosition,
                value: merged[place].value.merging(entry.value)
            )
        }
        return merged
    }

    private static func merge(
        _ mine: [Node],
        _ ids: [String],
        _ theirs: [Node],
        _ otherIDs: [String]
    ) -> [Node] {
        var merged = mine
        var places: [String: Int] = [:]
        for (place, id) in ids.enumerated() { places[id] = place }
        for (node, id) in zip(theirs, otherIDs) {
            if let place = places[id] {
                merged[place] = merged[place].merging(node)
            } else {
                places[id] = merged.count
                merged.append(node)
            }
        }
        return merged
    }

    /// The ids of a list's items; nil where one has none, or the list is empty: an empty list replaces.
    private static func ids(_ nodes: [Node]) -> [String]? {
        guard !nodes.isEmpty else { return nil }
        var ids: [String] = []
        for node in nodes {
            guard let id = node["id"], !id.raw.isEmpty else { return nil }
            ids.append(id.raw)
        }
        return ids
    }
}
