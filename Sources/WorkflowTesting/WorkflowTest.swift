internal import Configuration
internal import Documents
internal import Expressions
package import JSONWire
internal import Primitives
internal import Workflows

/// Tests of workflows: runs carried on without sockets and in no time, against recorded requests and answers.
package struct WorkflowTest {
    /// What became of one test.
    package struct Report: Sendable {
        /// The test's name.
        package let name: String
        /// What happened, in order.
        package var events: [String] = []
        /// What differs from what was recorded; none where the test passed.
        package var differences: [String] = []

        /// Whether the test passed.
        package var hasPassed: Bool { differences.isEmpty }

        /// The report as JSON.
        package var json: JSONValue {
            .object([
                "name": .string(name), "passed": .bool(hasPassed),
                "events": .array(events.map(JSONValue.string)),
                "differences": .array(differences.map(JSONValue.string)),
            ])
        }
    }

    /// The findings in the test's file and its configuration, with the lines they are about; empty where there are none.
    package private(set) var findings = ""
    /// What became of each test; none where something is wrong with the files.
    package private(set) var reports: [Report] = []

    /// Reads a file of tests, one a document, and runs them.
    ///
    /// - Parameters:
    ///   - bytes: The file's text.
    ///   - file: Its path; the configuration's files are named from its folder on.
    package init(_ bytes: [UInt8], file: String) {
        let diagnostics = Diagnostics()
        var printer = DiagnosticPrinter()
        printer.addSource(bytes, file: file)
        let nodes = YAMLReader.read(bytes, file: file, diagnostics: diagnostics)
        let scripts = nodes.enumerated().map { index, node in
            let name = nodes.count == 1 ? file : "\(file) (\(index + 1))"
            return RehearsalReader.read(node, name: name, diagnostics: diagnostics)
        }
        if scripts.isEmpty, !diagnostics.hasErrors {
            diagnostics.error(
                "the file has no test",
                at: SourcePosition(file: file, line: 1, column: 1)
            )
        }
        findings = printer.text(diagnostics.all)
        guard !diagnostics.hasErrors else { return }
        let folder = file.lastIndex(of: "/").map { String(file[...$0]) } ?? ""
        for script in scripts { run(script, folder: folder) }
    }

    private mutating func run(_ script: RehearsalScript, folder: String) {
        let diagnostics = Diagnostics()
        let names = script.configuration.isEmpty ? ["sluice.yml"] : script.configuration
        let files = ConfigurationFiles(
            files: names.map { $0.hasPrefix("/") ? $0 : folder + $0 },
            environmentFiles: [],
            assignments: script.environment.map { "\($0.key)=\($0.value)" },
            diagnostics: diagnostics
        )
        let configuration = files.document.map {
            Configuration(
                $0,
                environment: files.environment,
                givenSecrets: script.secrets,
                isFragment: false,
                diagnostics: diagnostics
            )
        }
        var printer = files.printer
        findings += printer.text(diagnostics.all.filter { $0.severity == .error })
        var report = Report(name: script.name)
        if let configuration, !diagnostics.hasErrors {
            if let plan = plan(script, configuration) {
                var stage = RehearsalStage(script, configuration: configuration, report: report)
                stage.play(plan)
                report = stage.report
            } else {
                let name = script.workflow.map { "there is no workflow `\($0)`" }
                report.differences.append(name ?? "no workflow is the default one; name one")
            }
        } else {
            report.differences.append("the configuration has errors")
        }
        reports.append(report)
    }

    private func plan(
        _ script: RehearsalScript,
        _ configuration: Configuration
    ) -> WorkflowPlan? {
        guard let id = script.workflow else { return configuration.plans.defaultWorkflow }
        return configuration.plans.find(id)
    }
}
