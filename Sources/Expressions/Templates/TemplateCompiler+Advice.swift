internal import Documents
internal import JSONWire

/// What loads, and is hardly meant as it is written.
extension TemplateCompiler {
    /// Warns of a path that stands behind the brace, as in `${x as json}.id`: there it is text.
    func adviseOfPaths(_ pieces: [Form.Piece], _ node: Node) {
        for (piece, next) in zip(pieces, pieces.dropFirst()) {
            guard next.source.isEmpty, let literal = next.expression.constant?.string,
                let path = Self.leadingPath(literal), let inner = Self.inner(piece)
            else { continue }
            diagnostics.warning(
                "`\(path)` behind the brace is text and no path",
                at: node.position,
                keyPath: context.keyPath,
                suggestion: "${\(inner)\(path)}"
            )
        }
    }

    /// What a path could follow, without its braces; nil where a path behind it is hardly meant.
    private static func inner(_ piece: Form.Piece) -> String? {
        guard piece.source.hasPrefix("${"), piece.source.hasSuffix("}") else { return nil }
        var inner = piece.source.dropFirst(2).dropLast()
        while inner.first == " " { inner.removeFirst() }
        while inner.last == " " { inner.removeLast() }
        switch piece.expression {
        case .cast(_, let cast, _, _):
            guard cast.isList || [.json, .object, .list].contains(cast.kind) else { return nil }
            return "(\(inner))"
        case .reference(let reference):
            let maps: [Source] = [.body, .query, .header, .context, .error, .http]
            return reference.steps.isEmpty && maps.contains(reference.source) ? String(inner) : nil
        default: return nil
        }
    }

    /// The path that a text begins with: `.name` or `[0]`, and what follows them; nil for none.
    private static func leadingPath(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, bytes.count > 1 else { return nil }
        if first == UInt8(ascii: "."), !Characters.isWordStart(bytes[1]) { return nil }
        if first == UInt8(ascii: "["), !Characters.isDigit(bytes[1]), bytes[1] != UInt8(ascii: "*")
        {
            return nil
        }
        guard first == UInt8(ascii: ".") || first == UInt8(ascii: "[") else { return nil }
        var path = bytes.prefix { Characters.isName($0) || ".[]*:".utf8.contains($0) }
        while path.last == UInt8(ascii: ".") { path.removeLast() }
        return String(decoding: path, as: UTF8.self)
    }

    /// Warns of `{{ body.id }}` where a source of this place is named between the braces: it is text.
    func adviseOfBraces(_ text: String, _ node: Node) {
        guard !context.syntax.acceptsGoTemplates, let path = ConstantText.braced(text),
            ConstantText.isPath(path, context.sources)
        else { return }
        diagnostics.warning(
            "`{{` and `}}` are text here: an expression has `${` and `}`",
            at: node.position,
            keyPath: context.keyPath,
            suggestion: "${\(path)}"
        )
    }
}
