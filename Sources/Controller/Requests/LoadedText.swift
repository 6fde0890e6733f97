internal import Documents
internal import Expressions

/// A text of the configuration that may name the environment: `${env.NAME | default}` is put in at load.
enum LoadedText {
    /// The text a node yields; nil where it is wrong, which is reported, and where it is no scalar, which is not.
    static func of(
        _ node: Node,
        keyPath: String,
        context: CompileContext,
        diagnostics: Diagnostics
    ) -> String? {
        guard case .text = node.content else { return node.scalarText }
        var place = context
        place.sources = .atLoad
        place.keyPath = keyPath
        let template = Template.compile(node, context: place, diagnostics: diagnostics)
        return template?.constant.map(TextForm.text)
    }
}
