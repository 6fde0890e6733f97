internal import Documents

extension RedactedParts {
    /// Reads `redact` of an endpoint.
    static func read(_ reader: inout SettingsReader) -> RedactedParts {
        var parts = RedactedParts()
        for node in reader.settings(EndpointKeys.redact.name) ?? [] {
            let words = (node.scalarText ?? "").split(
                separator: ".",
                omittingEmptySubsequences: false
            ).map(String.init)
            let names = words.dropFirst()
            guard let source = words.first, !names.isEmpty, !names.contains("") else {
                refuse(node, reader)
                continue
            }
            switch source {
            // A name of these may have dots in it.
            case "header": parts.headers.insert(names.joined(separator: ".").lowercased())
            case "query": parts.queries.insert(names.joined(separator: "."))
            case "body": parts.bodies.append(Array(names))
            default: refuse(node, reader)
            }
        }
        return parts
    }

    private static func refuse(_ node: Node, _ reader: SettingsReader) {
        let text = node.scalarText ?? ""
        reader.mismatch(
            node,
            key: EndpointKeys.redact.name,
            expected: "parts of a request such as `query.key`, `header.X-Key` or `body.token`",
            suggestion: text.hasPrefix("${") && text.hasSuffix("}")
                ? String(text.dropFirst(2).dropLast()) : nil
        )
    }
}
