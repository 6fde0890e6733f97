import Configuration
import Documents

/// A configuration read from a text, for tests of its settings.
struct Loading {
    let configuration: Configuration?
    let diagnostics = Diagnostics()

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

    /// What is found, but that a listener is open to anybody, as those of most tests are.
    var found: [Diagnostic] {
        diagnostics.all.filter { !$0.message.hasPrefix("anybody who reaches ") }
    }

    /// Errors and warnings as `line:column message (suggestion)`.
    var findings: [String] {
        found.filter { $0.severity != .note }.map { finding in
            "\(finding.position.line):\(finding.position.column) \(finding.message)"
                + (finding.suggestion.map { " (\($0))" } ?? "")
        }
    }

    /// Everything that was read but for where it is written, and what is wrong with it.
    var meaning: String {
        // Nor whether the type of the store is written, which only `sluice run` asks.
        let places = [
            "- file: ", "- line: ", "- column: ", "- isKindGiven: ",
            "▿ some: Documents.SourcePosition", "- responsePosition: ", "▿ responsePosition: ",
            "- statePosition: ", "▿ statePosition: ",
        ]
        let lines = everything.split(separator: "\n").filter { line in
            !places.contains { line.drop { $0 == " " }.hasPrefix($0) }
        }
        let errors = diagnostics.all.filter { $0.severity == .error }.map(\.message)
        return (lines.map(String.init) + errors).joined(separator: "\n")
    }

    /// Everything that was read, private parts too, as text to compare.
    var everything: String {
        var text = ""
        if let configuration { dump(configuration, to: &text) }
        return text
    }
}
