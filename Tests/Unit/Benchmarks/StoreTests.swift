import TestKit
import Testing

@Suite struct StoreTests {
    @Test func `the store writes every load`() throws {
        let program = try ChildProgram(SluiceProgram.path(of: "store"), ["--smoke"])
        #expect(try program.waitForExit() == .exited(0))
        let lines = program.lines.map(\.text).filter { $0.contains("callbacks a second") }
        #expect(lines.count == 4)
        #expect(lines.allSatisfy { Int($0.split(separator: " ").last ?? "") ?? 0 > 0 })
    }
}
