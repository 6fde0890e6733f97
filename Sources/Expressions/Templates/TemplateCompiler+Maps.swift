internal import Documents
internal import JSONWire

extension TemplateCompiler {
    /// Compiles a map, with the operators among its keys.
    mutating func map(_ entries: [Node.Entry]) -> Form? {
        if let each = entries.first(where: { $0.key == "*" }) {
            return self.each(each, entries.filter { $0.key != "*" })
        }
        if entries.count == 1, let only = entries.first {
            switch only.key {
            case "?": return inside("?") { $0.choice(only.value) }
            case "+":
                return joined(only)
            default: break
            }
        }
        return members(entries)
    }

    private mutating func members(_ entries: [Node.Entry]) -> Form? {
        var members: [Form.Member] = []
        var isComplete = true
        for entry in entries {
            if let member = member(entry) { members.append(member) } else { isComplete = false }
        }
        if !isComplete { return nil }
        var object = JSONObject()
        for member in members {
            guard case .named(let name, .constant(let value)) = member else {
                return .map(members)
            }
            object[name] = value
        }
        return .constant(.object(object))
    }

    private mutating func member(_ entry: Node.Entry) -> Form.Member? {
        let form: Form?
        switch entry.key {
        case "...":
            form = fit(self.form(of: entry), "...", "a map", at: entry.value.position) {
                if case .object = $0 { true } else { false }
            }
        case "?": form = inside("?") { $0.choice(entry.value) }
        case "+": form = joined(entry)
        case "|", "&":
            report(
                "the operator `\(entry.key)` is not supported; a key that is written so has a"
                    + " backslash before it",
                at: entry.keyPosition,
                suggestion: "\\\(entry.key)"
            )
            return nil
        default:
            return self.form(of: entry).map { .named(Self.literalKey(entry.key), $0) }
        }
        return form.map { .merged($0, operator: entry.key, at: entry.keyPosition) }
    }

    private mutating func joined(_ entry: Node.Entry) -> Form? {
        let parts = form(of: entry)
        return fit(parts, "+", "a list of what it joins", at: entry.value.position, isList)
            .map { .joined($0, at: entry.keyPosition) }
    }

    /// Refuses what is known already to be nothing an operator takes; null is nothing to it.
    private func fit(
        _ form: Form?,
        _ name: String,
        _ wanted: String,
        at position: SourcePosition,
        _ isFit: (JSONValue) -> Bool
    ) -> Form? {
        guard case .constant(let value)? = form, !value.isNull, !isFit(value) else { return form }
        report("`\(name)` takes \(wanted), not \(value.kindWithArticle)", at: position)
        return nil
    }

    private func isList(_ value: JSONValue) -> Bool {
        if case .array = value { true } else { false }
    }

    /// A key without the backslash that keeps it from being an operator.
    private static func literalKey(_ key: String) -> String {
        ["\\...", "\\?", "\\*", "\\+", "\\|", "\\&"].contains(key) ? String(key.dropFirst()) : key
    }

    /// Compiles what stands behind `?`: one branch or a list of them.
    private mutating func choice(_ node: Node) -> Form? {
        guard case .list(let nodes) = node.content else {
            return branch(node).map { .choice([$0]) }
        }
        var branches: [Form.Branch] = []
        for node in nodes {
            guard let branch = branch(node) else { return nil }
            branches.append(branch)
        }
        return .choice(branches)
    }

    private mutating func branch(_ node: Node) -> Form.Branch? {
        let outcomes: Set = ["if_true", "if_false"]
        guard case .map(let entries) = node.content else {
            report(
                "`?` takes a map with `input`, `operator`, `value`, `if_true` and `if_false`,"
                    + " not \(node.kindFound)",
                at: node.position
            )
            return nil
        }
        var isComplete = true
        var forms: [String: Form] = [:]
        for entry in entries where outcomes.contains(entry.key) {
            if let form = form(of: entry) { forms[entry.key] = form } else { isComplete = false }
        }
        guard let condition = condition(node, input: nil, besides: outcomes), isComplete else {
            return nil
        }
        return Form.Branch(
            condition: condition,
            ifTrue: forms["if_true"],
            ifFalse: forms["if_false"]
        )
    }

    /// Compiles `*` with the keys beside it, which are what an element becomes.
    private mutating func each(_ entry: Node.Entry, _ others: [Node.Entry]) -> Form? {
        var sourceNode = entry.value
        var filterNode: Node?
        if case .map(let entries) = entry.value.content,
            let input = entry.value["input"],
            entries.allSatisfy({ $0.key == "input" || $0.key == "where" })
        {
            sourceNode = input
            filterNode = entry.value["where"]
        }
        let written = inside("*") { $0.form(of: sourceNode) }
        let source = fit(written, "*", "a list", at: sourceNode.position, isList)
        let outer = bindsItem
        bindsItem = true
        defer { bindsItem = outer }
        let filter = filterNode.map { node in
            inside("*.where") { $0.condition(node, input: nil, besides: []) }
        }
        let body = others.isEmpty ? nil : map(others)
        guard let source, others.isEmpty || body != nil else { return nil }
        if let filter, filter == nil { return nil }
        return .each(
            Form.Each(
                source: source,
                filter: filter ?? nil,
                body: body,
                position: entry.keyPosition
            )
        )
    }
}
