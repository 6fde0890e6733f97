import TestKit
import Testing

@Suite struct RunsTests {
    @Test func `the engine completes every run it is asked for`() throws {
        let program = try ChildProgram(SluiceProgram.path(of: "runs"), ["--smoke"])
        #expect(try program.waitForExit() == .exited(0))
        let lines = program.lines.map(\.text)
        for name in ["one", "three", "twenty"] {
            let lost = lines.filter { $0.hasPrefix("\(name): runs lost") }
            #expect(lost.count == 1 && lost.allSatisfy { $0.hasSuffix(" 0 runs") })
        }
        #expect(lines.contains { $0.hasPrefix("of them completed") && $0.hasSuffix(" 1000 runs") })
    }
}
