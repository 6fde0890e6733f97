import Glibc
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

    @Test func `a mapped file that cannot be read ends the process with a sentence that names it`()
        async
    {
        let result = await #expect(
            processExitsWith: .exitCode(1),
            observing: [\.standardErrorContent]
        ) {
            ProcessState.endAtMappedFault()
            // A page behind the end of its file cannot be had.
            var name = Array("/tmp/sluice-mapped-XXXXXX".utf8CString)
            let file = unsafe mkstemp(&name)
            let page = unsafe mmap(nil, 4096, PROT_READ, MAP_SHARED, file, 0)
            unsafe unlink(name)
            exit(unsafe page?.load(as: UInt8.self) == 0 ? 3 : 4)
        }
        let told = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(told.contains("The file /tmp/sluice-mapped-"))
        #expect(told.contains("start the server again."))
    }
}
