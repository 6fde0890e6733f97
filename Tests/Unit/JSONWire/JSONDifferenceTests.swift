import TestKit
import Testing

/// The short form of `make json-diff`: all scanners against Python's reader, made strict.
@Suite struct JSONDifferenceTests {
    static let python = "/usr/bin/python3"

    @Test(.enabled(if: Files.exists(python)))
    func `the scanners and a strict reader say the same of random texts`() throws {
        let program = try ChildProgram(
            Self.python,
            [
                PackageRoot.path("scripts/json_diff.py"), "--texts", "2000", "--size", "40000",
                "--seconds", "60", "--program", SluiceProgram.path(of: "json-verdicts"),
            ]
        )
        let status = try program.waitForExit(deadline: .seconds(300))
        #expect(status == .exited(0), "\(program.errors)")
        #expect(program.output.contains(" 0 disagreements"))
    }
}
