import TestKit
import Testing

/// The short form of `make crash`.
@Suite struct CrashTests {
    @Test func `a server that is killed under load loses nothing and doubles nothing`() throws {
        let program = try ChildProgram(SluiceProgram.path(of: "sluice-crash"), ["--kills", "5"])
        #expect(try program.waitForExit(deadline: .seconds(120)) == .exited(0), "\(program.errors)")
        let text = program.lines.map(\.text).joined(separator: "\n")
        #expect(text.contains("0 lost"), "\(text)")
        #expect(text.contains("0 doubled"), "\(text)")
    }
}
