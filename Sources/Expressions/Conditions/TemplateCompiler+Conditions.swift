internal import Documents
internal import JSONWire

extension TemplateCompiler {
    private static let conditionKeys = ["input", "operator", "value", "all", "any", "not"]

    /// Compiles a condition; see ``Condition/compile(_:context:diagnostics:input:besides:)``.
    mutating func condition(
        _ node: Node,
        input: Template?,
        besides: Set<String>
    ) -> Condition? {
        guard case .map(let entries) = node.content else { return truth(node) }
        var isComplete = true
        for entry in entries
        where !besides.contains(entry.key) && !Self.conditionKeys.contains(entry.key) {
            report(
                "unknown key `\(entry.key)` in a condition",
                at: entry.keyPosition,
                suggestion: NearestName.suggest(
                    entry.key,
                    among: Self.conditionKeys + besides.sorted()
                )
            )
            isComplete = false
        }
        let groups = entries.filter { ["all", "any", "not"].contains($0.key) }
        guard let group = groups.first else {
            let comparison = comparison(node, input: input)
            return isComplete ? comparison : nil
        }
        let asked = entries.filter { !besides.contains($0.key) }
        if asked.count > 1 {
            report(
                "`\(group.key)` stands alone in a condition",
                at: group.keyPosition
            )
            return nil
        }
        let condition = inside(group.key) { $0.group(group, input: input) }
        return isComplete ? condition : nil
    }

    /// An expression that is asked for its truth.
    private mutating func truth(_ node: Node) -> Condition? {
        guard let template = operand(node) else { return nil }
        if let constant = template.constant {
            guard case .bool = constant else {
                report(
                    "a condition is a map with `input`, `operator` and `value`, or an expression"
                        + " that yields a boolean, not \(node.kindFound)",
                    at: node.position
                )
                return nil
            }
        }
        return .holds(template, at: node.position)
    }

    private mutating func group(_ entry: Node.Entry, input: Template?) -> Condition? {
        if entry.key == "not" {
            return nested(entry.value, input: input).map { .not($0) }
        }
        guard case .list(let nodes) = entry.value.content else {
            report(
                "`\(entry.key)` takes a list of conditions, not \(entry.value.kindFound)",
                at: entry.value.position
            )
            return nil
        }
        var parts: [Condition] = []
        for node in nodes {
            guard let part = nested(node, input: input) else { return nil }
            parts.append(part)
        }
        return entry.key == "all" ? .all(parts) : .any(parts)
    }

    /// A condition inside another one, one level deeper.
    private mutating func nested(_ node: Node, input: Template?) -> Condition? {
        guard descend() else {
            report("conditions nest at most \(Self.depthMax) deep", at: node.position)
            return nil
        }
        defer { ascend() }
        return condition(node, input: input, besides: [])
    }

    private mutating func comparison(_ node: Node, input: Template?) -> Condition? {
        let name = comparisonOperator(node["operator"])
        let left = node["input"].map { node in inside("input") { $0.operand(node) } } ?? input
        let right =
            node["value"].map { node in inside("value") { $0.operand(node) } }
            ?? .constant(.null)
        if node["input"] == nil, input == nil {
            report("the condition has no `input`", at: node.position)
            return nil
        }
        if node["value"] == nil, let name, name != .eq, name != .neq {
            report("the operator `\(name.rawValue)` needs a `value`", at: node.position)
            return nil
        }
        guard let name, let left, let right else { return nil }
        var pattern: Pattern?
        if name == .match, let text = right.constant {
            guard let known = self.pattern(text, node["value"] ?? node) else { return nil }
            pattern = known
        }
        return .compare(
            input: left,
            Comparison(
                operator: name,
                value: right,
                position: node.position,
                pattern: pattern
            )
        )
    }

    private func comparisonOperator(_ node: Node?) -> Comparison.Operator? {
        guard let node else { return .eq }
        if case .text(let name) = node.content, let known = Comparison.Operator(rawValue: name) {
            return known
        }
        let names = Comparison.Operator.allCases.map(\.rawValue)
        let list = names.map { "`\($0)`" }.joined(separator: ", ")
        report(
            "`\(node.raw)` is not an operator; there are \(list)",
            at: node.position,
            suggestion: NearestName.suggest(node.raw, among: names)
        )
        return nil
    }

    private func pattern(_ value: JSONValue, _ node: Node) -> Pattern? {
        guard case .string(let text) = value else {
            report("`match` takes a pattern, not \(node.kindFound)", at: node.position)
            return nil
        }
        do throws(Pattern.Failure) {
            return try Pattern(text)
        } catch {
            report(error.message, at: node.position)
            return nil
        }
    }
}
