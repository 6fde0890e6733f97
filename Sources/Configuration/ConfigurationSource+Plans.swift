internal import Documents
internal import Journal
package import Workflows

extension ConfigurationSource {
    /// The merged document; nil where there is none.
    func document(_ diagnostics: Diagnostics) -> Node? {
        var merged: Node?
        for file in files {
            let documents = YAMLReader.read(file.text, file: file.name, diagnostics: diagnostics)
            for document in documents { merged = merged.map { $0.merging(document) } ?? document }
        }
        return merged
    }

    /// Compiles the workflows again; nil where the text is no configuration any more.
    package func plans() -> PlanSet? {
        let diagnostics = Diagnostics()
        guard let document = document(diagnostics) else { return nil }
        let configuration = Configuration(
            document,
            environment: environment,
            isFragment: false,
            diagnostics: diagnostics
        )
        return diagnostics.hasErrors ? nil : configuration.plans
    }
}
