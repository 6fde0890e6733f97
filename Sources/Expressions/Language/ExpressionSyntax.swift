/// The spelling of expressions in one dialect of workflows.
package struct ExpressionSyntax: Sendable {
    /// Expressions as `${…}` alone, with every source under its own name.
    package static let dollar = ExpressionSyntax(acceptsGoTemplates: false)

    /// Whether `{{ .input.x }}` is an expression too.
    package var acceptsGoTemplates: Bool
    /// The sources that have another name here, by that name: `tasks` for ``Source/jobs``.
    package var words: [String: Source]

    /// Describes a spelling.
    package init(acceptsGoTemplates: Bool, words: [String: Source] = [:]) {
        self.acceptsGoTemplates = acceptsGoTemplates
        self.words = words
    }

    /// The source a word names; nil where it names none.
    package func source(named word: String) -> Source? {
        if let renamed = words[word] { return renamed }
        guard let source = Source(name: word), !words.values.contains(source) else { return nil }
        return source
    }

    /// The word for a source.
    package func word(for source: Source) -> String {
        words.first { $0.value == source }?.key ?? source.name
    }
}
