internal import Configuration
internal import Documents
internal import JSONWire
internal import Journal
internal import Platform

/// What the commands that read a configuration share: their options, the reading, and what they say of it.
struct ConfigurationLoading {
    /// The options that name a configuration and its environment.
    static let options: [Arguments.Option] = [
        .init(
            names: ["-f", "--file"],
            value: "FILE",
            help: "the configuration; repeatable, later files are merged over earlier ones"
        ),
        .init(
            names: ["--env-file"],
            value: "FILE",
            help: "NAME=value lines for ${env.NAME}; default: .env, if it exists"
        ),
        .init(
            names: ["-e", "--env"],
            value: "NAME=VALUE",
            help: "one variable for ${env.NAME}; repeatable"
        ),
    ]

    /// The configuration; nil where it could not be read at all.
    let configuration: Configuration?
    /// All findings.
    let diagnostics: Diagnostics
    private let printer: DiagnosticPrinter

    /// Reads the configuration that a command line names.
    init(_ arguments: Arguments, isFragment: Bool = false) {
        let diagnostics = Diagnostics()
        self.diagnostics = diagnostics
        let files = ConfigurationFiles(
            files: arguments.all("-f"),
            environmentFiles: arguments.all("--env-file"),
            assignments: arguments.all("-e"),
            diagnostics: diagnostics
        )
        printer = files.printer
        configuration = files.document.map {
            var configuration = Configuration(
                $0,
                environment: files.environment,
                isFragment: isFragment,
                diagnostics: diagnostics
            )
            configuration.source = files.source
            return configuration
        }
    }

    /// The configuration that a command line names or that lies in the working directory; nil where there is none.
    ///
    /// For commands that only look something up in it: nothing is printed, and what it lacks does not matter.
    static func quietly(_ arguments: Arguments) -> Configuration? {
        let isNamed = !arguments.all("-f").isEmpty
        guard isNamed || ConfigurationFiles.standardNames.contains(where: FileText.exists) else {
            return nil
        }
        return ConfigurationLoading(arguments, isFragment: true).configuration
    }

    /// The configuration when it may be served; else its findings are printed and nil comes back.
    ///
    /// Warnings are printed either way, notes are not.
    func served() -> Configuration? {
        reportRefusals()
        print(diagnostics.all.filter { $0.severity != .note }, to: .error)
        return diagnostics.hasErrors ? nil : configuration
    }

    /// Adds what keeps a server from starting to the findings.
    func reportRefusals() {
        for refusal in configuration?.startRefusals ?? [] { diagnostics.report(refusal) }
    }

    /// A text without the configuration's secrets.
    func redacted(_ text: String) -> String {
        configuration?.redaction.text(text) ?? text
    }

    /// Prints findings as text with their lines.
    func print(_ findings: [Diagnostic], to stream: Console.Stream) {
        var printer = printer
        let text = redacted(printer.text(findings))
        if !text.isEmpty { Console.write(Array(text.utf8), to: stream) }
    }
}
