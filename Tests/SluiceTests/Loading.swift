import Documents
import Sluice

/// A configuration read from a text, for tests of its settings.
struct Loading {
    let configuration: Configuration?
    private let diagnostics = Diagnostics()

    init(_ text: String, environment: [String: String] = [:]) {
        let documents = YAMLReader.read(text, file: "s.yml", diagnostics: diagnostics)
        configuration = documents.first.map { [diagnostics] document in
            Configuration(
                document,
                environment: environment,
                isFragment: false,
                diagnostics: diagnostics
            )
        }
    }

    /// Errors and warnings as `line:column message`.
    var findings: [String] {
        diagnostics.all.filter { $0.severity != .note }.map {
            "\($0.position.line):\($0.position.column) \($0.message)"
        }
    }

    /// Everything that was read, private parts too, as text to compare.
    var everything: String {
        var text = ""
        if let configuration { dump(configuration, to: &text) }
        return text
    }
}
