import TestKit
import Testing

@Suite struct RunsTests {
    @Test func `the engine completes every run it is asked for`() throws {
        let program = try ChildProgram(SluiceProgram.path(of: "runs"), ["--smoke"])
        #expect(try program.waitForExit() == .exited(0))
        let lines = program.lines.map(\.text).filter { $0.contains("completed") }
        #expect(
            lines.map { $0.split(separator: " ").suffix(3).joined(separator: " ") } == [
                "100 of 100", "1000 of 1000",
            ]
        )
    }
}
