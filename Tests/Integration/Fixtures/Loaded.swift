import Configuration
import Documents
import Journal
import Primitives
import Workflows

/// A configuration read from a text, with everything that was found on the way.
struct Loaded {
    /// The findings.
    let diagnostics: Diagnostics
    /// The configuration; nil where the text is no document.
    let configuration: Configuration?
    private let text: String

    /// The name findings give the text.
    static let file = "block.yml"

    /// Reads a text.
    init(text: String, environment: [String: String] = [:], isFragment: Bool = false) {
        self.text = text
        let diagnostics = Diagnostics()
        self.diagnostics = diagnostics
        let documents = YAMLReader.read(
            Array(text.utf8),
            file: Self.file,
            diagnostics: diagnostics
        )
        configuration = documents.first.map {
            var configuration = Configuration(
                $0,
                environment: environment,
                isFragment: isFragment,
                diagnostics: diagnostics
            )
            configuration.source = ConfigurationSource(
                files: [.init(name: Self.file, text: Array(text.utf8))],
                environment: environment
            )
            return configuration
        }
    }

    /// Whether the configuration must not be served.
    var hasErrors: Bool { diagnostics.hasErrors }

    /// How long each wait of the configuration may last.
    var deadlines: [Nanoseconds] { configuration?.plans.waits.map(\.deadline) ?? [] }

    /// The findings as they are printed.
    var findings: String {
        var printer = DiagnosticPrinter()
        printer.addSource(Array(text.utf8), file: Self.file)
        return printer.text(diagnostics.all)
    }
}
