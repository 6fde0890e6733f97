import Primitives
import Testing

@Suite struct SignalNameTests {
    @Test(arguments: [
        (1, "SIGHUP"), (9, "SIGKILL"), (15, "SIGTERM"), (31, "SIGSYS"), (0, "signal 0"),
        (32, "signal 32"), (-1, "signal -1"),
    ])
    func `a signal has its name, or its number`(_ number: Int, _ name: String) {
        #expect(SignalName.of(number) == name)
    }

    @Test func `an exit code tells of a signal as shells have it`() {
        #expect(SignalName.told(byExitCode: 137) == "SIGKILL")
        #expect(SignalName.told(byExitCode: 159) == "SIGSYS")
        for code in [0, 1, 127, 128, 160, 255, -9] {
            #expect(SignalName.told(byExitCode: code) == nil)
        }
    }
}
