import Platform
import Testing

@Suite struct PlatformTests {
    @Test func `a missing file is told with its path and reason`() {
        #expect {
            try FileText.read("/nonexistent/sluice.yml", bytesMax: 10)
        } throws: { error in
            let failure = error as? FileError
            return failure?.isMissing == true && failure?.path == "/nonexistent/sluice.yml"
                && failure?.reason == "No such file or directory"
        }
    }

    @Test func `a file beyond its bound is refused`() {
        #expect(throws: FileError.self) { try FileText.read("/proc/self/environ", bytesMax: 1) }
    }

    @Test func `a file within its bound is read whole`() throws {
        let bytes = try FileText.read("/proc/self/comm", bytesMax: 100)
        #expect(bytes.last == UInt8(ascii: "\n"))
        #expect(bytes.count > 1)
    }

    @Test func `the environment has the path`() {
        #expect(ProcessState.environment()["PATH"]?.isEmpty == false)
    }
}
