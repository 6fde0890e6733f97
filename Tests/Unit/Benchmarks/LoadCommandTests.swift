import TestKit
import Testing

/// What the load generator says to wrong command lines.
@Suite struct LoadCommandTests {
    @Test(arguments: [
        ([], "one scenario is wanted"),
        (["callback"], "--url is missing"),
        (["callbacks", "--url", "http://127.0.0.1:1/"], "one scenario is wanted"),
        (["callback", "--url", "http://192.0.2.1/"], "say --anywhere"),
        (["callback", "--url", "http://127.0.0.1.example.com/"], "say --anywhere"),
        (
            ["callback", "--url", "http://127.0.0.1/", "--controller", "http://192.0.2.1/"],
            "say --anywhere"
        ),
        (["callback", "--url", "https://127.0.0.1/"], "must begin with http://"),
        (["callback", "--url", "http://127.0.0.1:x/"], "the port is not a number"),
        (["callback", "--url", "http://127.0.0.1/", "--count", "0"], "must be a number from 1"),
        (["callback", "--url", "http://127.0.0.1/", "--duration", "soon"], "must be a time"),
        (["callback", "--url", "http://127.0.0.1/", "--tag", "short"], "--tag must be 23 letters"),
        (
            ["callback", "--url", "http://127.0.0.1/", "--bodysize", "9"],
            "there is no option --bodysize"
        ),
        (
            ["callback", "--url", "http://127.0.0.1/", "--start", "http://127.0.0.1/"],
            "--start needs --count"
        ),
        (["churn", "--url", "http://127.0.0.1/", "--pipeline", "2"], "cannot be pipelined"),
    ])
    func `a wrong command line is refused with what is wrong`(
        _ words: [String],
        _ text: String
    ) throws {
        let program = try ChildProgram(SluiceProgram.path(of: "sluice-load"), words)
        #expect(try program.waitForExit() == .exited(2))
        #expect(program.errors.contains(text))
    }

    @Test func `the help names every scenario and every option`() throws {
        let program = try ChildProgram(SluiceProgram.path(of: "sluice-load"), ["--help"])
        #expect(try program.waitForExit() == .exited(0))
        for word in ["callback", "bulk", "trigger", "churn", "prepare", "--rate", "--anywhere"] {
            #expect(program.output.contains(word))
        }
    }

    @Test func `a header has the key of its request's body`() throws {
        let words = [
            "callback", "--show", "--url", "http://127.0.0.1:1/done", "--header", "X-A: <{key}>",
            "--tag", "0123456789-123456789012",
        ]
        let program = try ChildProgram(SluiceProgram.path(of: "sluice-load"), words)
        #expect(try program.waitForExit() == .exited(0))
        let key = "0123456789-123456789012-000000000000"
        #expect(program.output.contains("X-A: <\(key)>\r\n"))
        #expect(program.output.contains("\"task_id\":\"\(key)\""))
    }

    @Test func `the first request is shown, and nothing is sent`() throws {
        let words = ["callback", "--show", "--url", "http://127.0.0.1:1/done"]
        let program = try ChildProgram(SluiceProgram.path(of: "sluice-load"), words)
        #expect(try program.waitForExit() == .exited(0))
        #expect(program.output.hasPrefix("POST /done HTTP/1.1\r\nHost: 127.0.0.1:1\r\n"))
        #expect(program.output.contains("Content-Length: 194\r\n"))
    }
}
