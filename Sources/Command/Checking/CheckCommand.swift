internal import Documents
internal import JSONWire
internal import Platform

/// `sluice check`: says what is wrong with a configuration, or sums it up.
enum CheckCommand {
    static let command = Program.Command(
        name: "check",
        usage: "[-f FILE]… [--fragment] [--json]",
        summary: "Check a configuration: what is wrong and where, or what it would do",
        options: ConfigurationLoading.options + [
            .init(
                names: ["--fragment"],
                value: nil,
                help: "the file is a part of a configuration: what is missing in it is only noted"
            ),
            .init(names: ["--json"], value: nil, help: "print the findings as JSON"),
        ],
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard arguments.operands.isEmpty else {
            return Program.mistaken("`check` takes no operand; name files with -f")
        }
        let isFragment = arguments.has("--fragment")
        let loading = ConfigurationLoading(arguments, isFragment: isFragment)
        if !isFragment { loading.reportRefusals() }
        let findings = loading.diagnostics.all
        let exitCode: Int32 = loading.diagnostics.hasErrors ? 1 : 0
        if arguments.has("--json") {
            let report = DiagnosticPrinter.json(findings).prettyJSONText
            Console.writeData(loading.redacted(report))
            return exitCode
        }
        if exitCode != 0 {
            loading.print(findings.filter { $0.severity != .note }, to: .error)
            Console.writeLine(count(findings), to: .error)
            return exitCode
        }
        loading.print(findings, to: .output)
        if let configuration = loading.configuration, !isFragment {
            let summary = loading.redacted(Summary.text(of: configuration))
            Console.write(Array(summary.utf8), to: .output)
        }
        Console.writeLine(count(findings))
        return 0
    }

    private static func count(_ findings: [Diagnostic]) -> String {
        let severities: [Diagnostic.Severity] = [.error, .warning, .note]
        return severities.map { severity in
            let count = findings.count { $0.severity == severity }
            return "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }.joined(separator: ", ")
    }
}
