import TestKit
import Testing

/// Every benchmark has a tiny form that runs here, so that none rots.
@Suite struct HotPathTests {
    @Test func `the hot path runs, allocates once for a callback, and does what it says`() throws {
        let program = try ChildProgram(SluiceProgram.path(of: "hot-path"), ["--smoke"])
        #expect(try program.waitForExit() == .exited(0))
        let rows = program.lines.map(\.text).filter { $0.contains("all together") }
        let words = try #require(rows.first).split(separator: " ")
        #expect(words.count == 11)
        // The last column depends on what was matched: nothing delivered would leave it a small number.
        #expect(words.last?.count ?? 0 > 8)
    }
}
