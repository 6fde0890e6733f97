import JSONWire
import TestKit
import Testing

/// What is larger than a record of the log can be.
@Suite struct LargeCallbackTests {
    @Test func `a callback that no record can hold is refused before anything is decided`() throws {
        let directory = try TemporaryDirectory()
        let block = try DurableBlocks.block(directory).replacing(
            "  path: /webhook/completed\n",
            with: "  path: /webhook/completed\n  max_body_size: 64MiB\n"
        )
        let fixture = try ServerFixture(block, isDurable: true)
        defer { fixture.stop() }
        let run = try fixture.wait(for: "a")
        let padding = String(repeating: "x", count: 33 << 20)
        let large = #"{"task_id":"a","result":"\#(padding)"}"#
        try expect(fixture.post("/webhook/completed", large), .refused(413))
        #expect(try fixture.state(run)["status"] == .string("waiting"))
        let small = #"{"task_id":"a","result":1}"#
        try expect(fixture.post("/webhook/completed", small), .delivered)
        #expect(try fixture.output(run) == .integer(1))
    }
}
