internal import Documents
internal import Expressions

extension WorkflowBuilding {
    private static let routeKeys = ["if_true", "if_false"]

    /// Reads an `if`: its conditions, listed or written on the job itself.
    func choices(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        let input = reader.node("input")
        var cases: [ChoicePlan.Case] = []
        if let nodes = reader.list("conditions") {
            let path = SettingsPath(reader.path("conditions"))
            for (position, node) in nodes.enumerated() {
                var inner = SettingsReader(
                    node,
                    keyPath: path.item(position).text,
                    diagnostics: diagnostics,
                    filling: plans.filling
                )
                if let choice = choice(&inner, node, input, place) { cases.append(choice) }
                inner.finish()
            }
        } else if Self.routeKeys.contains(where: { reader.has($0) }) {
            let node = Node(.map(reader.entries), at: reader.position)
            if let choice = choice(&reader, node, input, place) { cases.append(choice) }
        } else if !reader.has("conditions") {
            reader.missing("conditions", expected: "a list of conditions")
        }
        let otherwise = route(reader.node("otherwise"), reader, "otherwise", place)
        return .choose(ChoicePlan(cases: cases, otherwise: otherwise))
    }

    private func choice(
        _ reader: inout SettingsReader,
        _ node: Node,
        _ input: Node?,
        _ place: Place
    ) -> ChoicePlan.Case? {
        let yes = route(reader.node("if_true"), reader, "if_true", place)
        let no = route(reader.node("if_false"), reader, "if_false", place)
        reader.note("input", "operator", "value", "all", "any", "not")
        guard case .map(let entries) = node.content else { return nil }
        let words = ["operator", "value", "all", "any", "not"]
        var asked = entries.filter { words.contains($0.key) }
        if let own = entries.first(where: { $0.key == "input" }) {
            asked.append(own)
        } else if !asked.contains(where: { ["all", "any", "not"].contains($0.key) }) {
            asked.append(entry("input", input ?? wholeInput(node), at: node))
        }
        let holds = condition(
            Node(.map(asked), at: node.position),
            place,
            keyPath: reader.keyPath,
            isInput: true
        )
        return holds.map { ChoicePlan.Case(holds: $0, whenTrue: yes, whenFalse: no) }
    }

    /// Reads a `switch`: the value of each case is compared with the job's input.
    func cases(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        let input = reader.node("input")
        var cases: [ChoicePlan.Case] = []
        guard let nodes = reader.list("cases") else {
            reader.missing("cases", expected: "a list of cases with `value` and `then`")
            return nil
        }
        let path = SettingsPath(reader.path("cases"))
        for (position, node) in nodes.enumerated() {
            var inner = SettingsReader(
                node,
                keyPath: path.item(position).text,
                diagnostics: diagnostics,
                filling: plans.filling
            )
            let then = route(inner.node("then"), inner, "then", place)
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
            if let holds = condition(asked, place, keyPath: inner.keyPath, isInput: true) {
                cases.append(ChoicePlan.Case(holds: holds, whenTrue: then, whenFalse: nil))
            }
            inner.finish()
        }
        let otherwise = route(reader.node("otherwise"), reader, "otherwise", place)
        return .choose(ChoicePlan(cases: cases, otherwise: otherwise))
    }

    private func entry(_ key: String, _ value: Node, at node: Node) -> Node.Entry {
        Node.Entry(key: key, keyPosition: node.position, value: value)
    }

    private func wholeInput(_ node: Node) -> Node {
        Node(.text("${input}"), at: node.position, raw: "${input}")
    }

    /// Reads a `random-router`.
    func lots(_ reader: inout SettingsReader, _ place: Place) -> StepWork? {
        let mode = reader.oneOf("mode", ["uniform", "weighted"]) ?? "uniform"
        guard let nodes = reader.list("routings") else {
            reader.missing("routings", expected: "a list of ways with `to`")
            return nil
        }
        var targets: [Int] = []
        var weights: [Double] = []
        let path = SettingsPath(reader.path("routings"))
        for (position, node) in nodes.enumerated() {
            var inner = SettingsReader(
                node,
                keyPath: path.item(position).text,
                diagnostics: diagnostics,
                filling: plans.filling
            )
            let weight = inner.number("weight", in: 0...1e9)
            if let (key, to) = inner.node(anyOf: ["to", "target"]),
                let target = route(to, inner, key, place)
            {
                targets.append(target)
                weights.append(mode == "weighted" ? weight ?? 1 : 1)
            }
            inner.finish()
        }
        // A way that is wrong was told.
        guard targets.count == nodes.count else { return nil }
        guard weights.reduce(0, +) > 0 else {
            reader.error(
                "a random router needs a way with a weight above 0",
                at: reader.position,
                key: "routings"
            )
            return nil
        }
        return .random(RandomPlan(targets: targets, weights: weights))
    }
}
