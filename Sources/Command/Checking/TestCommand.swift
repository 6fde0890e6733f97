internal import JSONWire
internal import Platform
internal import Primitives
internal import WorkflowTesting

/// `sluice test`: runs workflows offline against recorded requests and answers.
enum TestCommand {
    static let command = Program.Command(
        name: "test",
        usage: "FILE… [-v]",
        summary: "Test workflows offline against recorded requests, answers and callbacks",
        options: [
            .init(
                names: ["-v", "--verbose"],
                value: nil,
                help: "show the steps of passing tests as well"
            ),
            .init(names: ["--json"], value: nil, help: "print the results as JSON"),
        ],
        operand: .file,
        notes: """
            Nothing is sent and no time passes. docs/testing.md tells how tests are written.
            Exit code 0: all tests passed. 1: one did not. 2: a file cannot be read.
            """,
        run: run
    )

    @Sendable private static func run(_ arguments: Arguments) -> Int32 {
        guard !arguments.operands.isEmpty else {
            return Program.mistaken("`test` takes the files of the tests; see sluice test --help")
        }
        var reports: [(file: String, report: WorkflowTest.Report)] = []
        var hasFindings = false
        for file in arguments.operands {
            let bytes: [UInt8]
            do throws(Arguments.Mistake) {
                bytes = try DataArgument.file(file)
            } catch {
                return Program.mistaken(error.message)
            }
            let rehearsal = WorkflowTest(bytes, file: file)
            if !rehearsal.findings.isEmpty {
                Console.write(Array(rehearsal.findings.utf8), to: .error)
                hasFindings = hasFindings || rehearsal.reports.isEmpty
            }
            reports += rehearsal.reports.map { (file, $0) }
        }
        let hasPassed = !hasFindings && reports.allSatisfy(\.report.hasPassed)
        if arguments.has("--json") {
            Console.writeData(json(reports, hasPassed: hasPassed).prettyJSONText)
        } else {
            for (_, report) in reports { tell(report, isVerbose: arguments.has("-v")) }
            let passed = reports.count { $0.report.hasPassed }
            Console.writeLine("\(passed) of \(reports.count) tests passed")
        }
        return hasPassed ? 0 : 1
    }

    private static func tell(_ report: WorkflowTest.Report, isVerbose: Bool) {
        let name = TerminalText.line(report.name)
        Console.writeLine("\(report.hasPassed ? "passed" : "FAILED")  \(name)")
        if isVerbose || !report.hasPassed {
            for event in report.events { Console.writeLine("    \(TerminalText.line(event))") }
        }
        for difference in report.differences {
            Console.writeLine("  differs: \(TerminalText.line(difference))")
        }
    }

    private static func json(
        _ reports: [(file: String, report: WorkflowTest.Report)],
        hasPassed: Bool
    ) -> JSONValue {
        .object([
            "passed": .bool(hasPassed),
            "tests": .array(
                reports.map { file, report in
                    guard case .object(var object) = report.json else { return .null }
                    object["file"] = .string(file)
                    return .object(object)
                }
            ),
        ])
    }
}
