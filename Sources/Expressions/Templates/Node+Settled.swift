package import Documents
internal import JSONWire

extension Node {
    /// The same settings with the environment put in: every string's expressions replaced by their values.
    ///
    /// For keys that are fixed at load, such as ports and paths; a variable's value is text, a typed default keeps its type.
    /// Keys are left alone, and so are the structural operators. Positions and `raw` stay as written, but for values that
    /// became numbers or booleans, whose `raw` is their text.
    ///
    /// - Parameters:
    ///   - context: The place; its `sources` should be ``SourceSet/atLoad``, so that anything else is told to be unavailable.
    ///   - diagnostics: Where problems go.
    /// - Returns: Nil where something is wrong, all of which is reported.
    package func settled(_ context: CompileContext, _ diagnostics: Diagnostics) -> Node? {
        switch content {
        case .null, .bool, .integer, .number: return self
        case .text: return settledText(context, diagnostics)
        case .list(let nodes):
            var settled: [Node] = []
            for (index, node) in nodes.enumerated() {
                if let node = node.settled(context.element(index), diagnostics) {
                    settled.append(node)
                }
            }
            return settled.count == nodes.count ? replaced(.list(settled)) : nil
        case .map(let entries):
            var settled: [Entry] = []
            for entry in entries {
                guard let value = entry.value.settled(context.member(entry.key), diagnostics)
                else { continue }
                settled.append(
                    Entry(key: entry.key, keyPosition: entry.keyPosition, value: value)
                )
            }
            return settled.count == entries.count ? replaced(.map(settled)) : nil
        }
    }

    private func settledText(_ context: CompileContext, _ diagnostics: Diagnostics) -> Node? {
        let template = Template.compile(self, context: context, diagnostics: diagnostics)
        guard let value = template?.constant else { return nil }
        switch value {
        case .string(let text): return replaced(.text(text))
        case .null: return replaced(.null)
        case .bool(let flag): return replaced(.bool(flag), raw: flag ? "true" : "false")
        case .integer(let number): return replaced(.integer(number), raw: String(number))
        case .number(let number): return replaced(.number(number.text), raw: number.text)
        case .array, .object:
            diagnostics.error(
                "expected a single value, found \(value.kindWithArticle)",
                at: position,
                keyPath: context.keyPath
            )
            return nil
        }
    }

    private func replaced(_ content: Content, raw: String? = nil) -> Node {
        var node = self
        node.content = content
        if let raw { node.raw = raw }
        return node
    }
}
