import JSONWire
import TestKit

/// The load generator as a program that is run to its end.
enum Load {
    /// How it ended, and what it reported.
    struct Result {
        let status: ExitStatus
        let report: JSONValue

        /// A count of the report.
        func count(_ name: String) -> Int { Self.integer(report[name]) }

        /// The first thing that went wrong.
        var trouble: String { report["first_trouble"]?.string ?? "" }

        /// A number of a report; 0 for anything else.
        static func integer(_ value: JSONValue?) -> Int {
            if case .integer(let number)? = value { Int(number) } else { 0 }
        }
    }

    /// Runs it with `--json`.
    ///
    /// - Throws: When it does not end, or reports no JSON.
    static func run(_ words: [String]) throws -> Result {
        let program = try ChildProgram(SluiceProgram.path(of: "sluice-load"), words + ["--json"])
        let status = try program.waitForExit(deadline: .seconds(60))
        if program.output.isEmpty { throw KitError.closed(doing: program.errors) }
        return Result(status: status, report: try JSONValue.parse(program.output))
    }
}
