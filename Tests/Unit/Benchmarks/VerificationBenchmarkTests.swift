import TestKit
import Testing

@Suite struct VerificationBenchmarkTests {
    @Test func `verifying is measured beside OpenSSL's own code`() throws {
        let program = try ChildProgram(SluiceProgram.path(of: "verification"), ["--smoke"])
        #expect(try program.waitForExit() == .exited(0))
        #expect(program.lines.count == 7)
        #expect(program.lines.last?.text.hasPrefix("standard") == true)
    }

    @Test func `wrong signatures are timed`() throws {
        let program = try ChildProgram(SluiceProgram.path(of: "verification"), ["--forge", "50"])
        #expect(try program.waitForExit() == .exited(0))
        #expect(program.lines.last?.text.hasPrefix("difference") == true)
    }
}
