import Demo
import JSONWire
import Synchronization
import TestKit
import Testing

/// `sluice demo`, as somebody runs it who has nothing but the program.
@Suite struct DemoTests {
    @Test func `the demo passes, and leaves nothing behind`() throws {
        let parent = try TemporaryDirectory()
        let result = try Sluice(["demo"], environment: ["TMPDIR": parent.path, "NO_COLOR": "1"])
        #expect(result.status == .exited(0), "\(result.output)\n\(result.errors)")
        #expect(result.output.contains("51 of 51 expectations held.\nPASSED"))
        #expect(try Files.entries(parent.path).isEmpty)
    }

    @Test func `the demo runs the example of the configurations`() throws {
        #expect(
            ImagePipeline.text == (try Files.text(PackageRoot.path("config/image-pipeline.yml")))
        )
    }

    @Test func `the slow service answers at once and calls back later`() throws {
        let caller = try ScriptedService { _ in .json(200, #"{"status":"delivered"}"#) }
        let port = FreePorts.next()
        let ready = Monitor(false)
        let program = try SluiceProgram.start(
            ["demo", "service", String(port), "--delay", "20ms"]
        ) { line in
            if line.text.contains("The service takes jobs") { ready.withLock { $0 = true } }
        }
        #expect(ready.wait(until: .standard) { $0 ? true : nil } == true)
        let probe = HTTPProbe(port: port)
        func job(_ body: String) throws -> (status: Int, json: JSONValue) {
            let reply = try probe.post("/jobs", json: body)
            return (reply.status, try JSONValue.parse(reply.body))
        }
        let good = try job(#"{"callback_url":"\#(caller.url)/a","work":"a lighthouse"}"#)
        #expect(good.status == 202)
        #expect(good.json["id"]?.string == "job-1")
        let done = try caller.waitForRequest(matching: "POST /a")
        #expect(done.text == #"{"id":"job-1","status":"done","result":"a lighthouse, done"}"#)
        _ = try job(#"{"callback_url":"\#(caller.url)/b","id":7,"fail":true}"#)
        let failed = try caller.waitForRequest(matching: "POST /b")
        #expect(failed.text == #"{"id":7,"status":"failed"}"#)
        #expect(try job(#"{"work":"x"}"#).json["error"]?.string == "callback_url is missing")
        #expect(try job("{").status == 400)
        program.signal(2)
        #expect(try program.waitForExit() == .exited(0))
    }

    @Test(arguments: [
        (["demo", "x"], "there is no command `demo x`"),
        (["demo", "service", "70000"], "takes one port, 0 to 65535"),
        (["demo", "service", "--delay", "soon"], "--delay takes a time such as 1s"),
    ])
    func `wrong words are told`(_ arguments: [String], _ message: String) throws {
        let result = try Sluice(arguments)
        #expect(result.status == .exited(2))
        #expect(result.errors.contains(message), "\(result.errors)")
    }
}
