internal import Documents
internal import Expressions

/// Constants that were probably meant to be expressions.
enum ConstantText {
    /// The expression that a constant was meant to be: `body.id` is `${body.id}`, `id` is `${body.id}`; nil for a text that
    /// is no name.
    static func expression(meant text: String, among sources: SourceSet) -> String? {
        if let path = path(in: text, among: sources) { return path }
        return isName(text) ? "${body.\(text)}" : nil
    }

    /// The expression of a text that begins with the name of a source: `body.id`, also in one pair of braces.
    static func path(in text: String, among sources: SourceSet) -> String? {
        var inner = Substring(text)
        while let first = inner.first, " {$".contains(first) { inner = inner.dropFirst() }
        while let last = inner.last, " }".contains(last) { inner = inner.dropLast() }
        let parts = inner.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, let source = parts.first.flatMap({ Source(name: $0) }),
            sources.contains(source), parts.dropFirst().allSatisfy({ isName(String($0)) })
        else { return nil }
        return "${\(inner)}"
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, text.utf8.count <= 64 else { return false }
        return (first.properties.isAlphabetic || first == "_")
            && text.unicodeScalars.allSatisfy {
                $0.properties.isAlphabetic || $0 == "_" || $0 == "-" || ("0"..."9").contains($0)
            }
    }
}
