internal import Documents

extension JobsReader {
    private static let routeKeys = ["if_true", "if_false"]

    /// Reads an `if`: its conditions, listed or written on the job itself.
    func choices(_ reader: inout SettingsReader) -> WorkDraft {
        let input = reader.node("input")
        var cases: [ChoiceDraft] = []
        if let nodes = reader.list("conditions") {
            let path = SettingsPath(reader.path("conditions"))
            for (position, node) in nodes.enumerated() {
                var inner = self.reader(node, keyPath: path.item(position).text)
                if let choice = choice(&inner, node, input) { cases.append(choice) }
                inner.finish()
            }
        } else if Self.routeKeys.contains(where: { reader.has($0) }) {
            let node = Node(.map(reader.entries), at: reader.position)
            if let choice = choice(&reader, node, input) { cases.append(choice) }
        } else if !reader.has("conditions") {
            reader.missing("conditions", expected: "a list of conditions")
        }
        return .choose(cases, otherwise: name(&reader, "otherwise"))
    }

    private func choice(
        _ reader: inout SettingsReader,
        _ node: Node,
        _ input: Node?
    ) -> ChoiceDraft? {
        let yes = name(&reader, "if_true")
        let no = name(&reader, "if_false")
        reader.note("input", "operator", "value", "all", "any", "not")
        guard case .map(let entries) = node.content else { return nil }
        let words = ["operator", "value", "all", "any", "not"]
        var asked = entries.filter { words.contains($0.key) }
        if let own = entries.first(where: { $0.key == "input" }) {
            asked.append(own)
        } else if !asked.contains(where: { ["all", "any", "not"].contains($0.key) }) {
            asked.append(entry("input", input ?? wholeInput(node), at: node))
        }
        let condition = Node(.map(asked), at: node.position)
        return ChoiceDraft(
            condition: Written(condition, keyPath: reader.keyPath),
            whenTrue: yes,
            whenFalse: no
        )
    }

    /// Reads a `switch`: the value of each case is compared with the job's input.
    func cases(_ reader: inout SettingsReader) -> WorkDraft {
        let input = reader.node("input")
        var cases: [ChoiceDraft] = []
        guard let nodes = reader.list("cases") else {
            reader.missing("cases", expected: "a list of cases with `value` and `then`")
            return .nothing([])
        }
        let path = SettingsPath(reader.path("cases"))
        for (position, node) in nodes.enumerated() {
            var inner = self.reader(node, keyPath: path.item(position).text)
            let then = name(&inner, "then")
            if !inner.has("then") { inner.missing("then", expected: "the job it leads to") }
            inner.note("value")
            let value = node["value"] ?? Node(.null, at: node.position)
            let asked = Node(
                .map([
                    entry("input", input ?? wholeInput(node), at: node),
                    entry("operator", Node(.text("eq"), at: node.position, raw: "eq"), at: node),
                    entry("value", value, at: node),
                ]),
                at: node.position
            )
            cases.append(
                ChoiceDraft(
                    condition: Written(asked, keyPath: inner.keyPath),
                    whenTrue: then,
                    whenFalse: nil
                )
            )
            inner.finish()
        }
        return .choose(cases, otherwise: name(&reader, "otherwise"))
    }

    private func entry(_ key: String, _ value: Node, at node: Node) -> Node.Entry {
        Node.Entry(key: key, keyPosition: node.position, value: value)
    }

    private func wholeInput(_ node: Node) -> Node {
        Node(.text("${input}"), at: node.position, raw: "${input}")
    }

    /// Reads a `random-router`.
    func lots(_ reader: inout SettingsReader) -> WorkDraft {
        let mode = reader.oneOf("mode", ["uniform", "weighted"]) ?? "uniform"
        guard let nodes = reader.list("routings") else {
            reader.missing("routings", expected: "a list of ways with `to`")
            return .nothing([])
        }
        var ways: [(to: WrittenName?, weight: Double)] = []
        let path = SettingsPath(reader.path("routings"))
        for (position, node) in nodes.enumerated() {
            var inner = self.reader(node, keyPath: path.item(position).text)
            let weight = inner.number("weight", in: 0...1e9)
            let to = inner.node(anyOf: ["to", "target"])
            ways.append(
                (
                    to.flatMap { name($0.node, inner, $0.key) },
                    mode == "weighted" ? weight ?? 1 : 1
                )
            )
            inner.finish()
        }
        if ways.allSatisfy({ $0.to != nil }), ways.reduce(0, { $0 + $1.weight }) <= 0 {
            reader.error(
                "a random router needs a way with a weight above 0",
                at: reader.position,
                key: "routings"
            )
        }
        return .random(ways)
    }
}
