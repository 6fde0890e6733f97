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
        let ready = Watched(false)
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

    @Test func `every request is printed, whatever it is, and answered`() throws {
        let port = FreePorts.next()
        let lines = Watched([String]())
        let program = try SluiceProgram.start(["listen", String(port), "--status", "202"]) { line in
            lines.withLock { $0.append(line.text) }
        }
        func wait(for text: String) throws {
            let found = lines.wait(until: .standard) {
                $0.contains { $0.contains(text) } ? true : nil
            }
            try #require(found == true, "\(text) in \(lines.withLock { $0 })")
        }
        try wait(for: "Listening at http://127.0.0.1:\(port)")
        let probe = HTTPProbe(port: port)
        let reply = try probe.post("/any/path?x=1", json: #"{"a":"\u001b[31m","n":1}"#)
        #expect(reply.status == 202)
        #expect(reply.text == #"{"status":"received"}"#)
        try wait(for: "POST /any/path?x=1  from 127.0.0.1")
        try wait(for: "  content-type: application/json")
        try wait(for: #""a": "\u001b[31m""#)
        #expect(try probe.get("/").status == 202)
        try wait(for: "GET /  from 127.0.0.1")
        #expect(lines.withLock { $0.allSatisfy { !$0.contains("\u{1B}") } })
        program.signal(15)
        #expect(try program.waitForExit() == .exited(0))
    }

    @Test(arguments: [
        (["listen", "x"], "`listen` takes one port"),
        (["listen", "--status", "99"], "--status takes 200 to 599, not `99`"),
        (["demo", "x"], "There is no command `demo x`"),
        (["demo", "service", "70000"], "takes one port, 0 to 65535"),
        (["demo", "service", "--delay", "soon"], "--delay takes a time such as 1s"),
    ])
    func `wrong words are told`(_ arguments: [String], _ message: String) throws {
        let result = try Sluice(arguments)
        #expect(result.status == .exited(2))
        #expect(result.errors.contains(message), "\(result.errors)")
    }
}
