import JSONWire
import Primitives
import TestKit
import Testing
import Workflows

/// A program for an http-server component: another `sluice`, that holds callbacks.
private struct Program {
    let port = FreePorts.next()
    let directory: TemporaryDirectory
    let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = try SluiceProgram.path()
        try Files.write(
            """
            controller: { adapter: { type: http-server, host: 127.0.0.1, port: \(FreePorts.next()) } }
            listener: { type: http-callback, host: 127.0.0.1, port: \(port), base_path: /v1, path: /echo, identify_by: "${body.id}" }
            """,
            to: directory.path("program.yml")
        )
    }

    var text: String {
        """
        components:
          program:
            type: http-server
            start: [ \(path), up, -f, program.yml ]
            working_dir: \(directory.path)
            port: \(port)
            base_path: /v1
            action: { path: /echo, body: { id: "${input.id}" }, output: "${response.status}" }
        workflow: { jobs: [ { id: call, component: program, input: "${input}", output: "${output}" } ] }
        """
    }
}

@Suite struct HTTPServerTests {
    @Test func `a step waits until the program listens, and calls it`() throws {
        let program = try Program()
        let fixture = try ComponentsFixture(program.text)
        #expect(try fixture.output(#"{"id":"a"}"#) == #""held""#)
        #expect(try fixture.waitForLine("Program listens")["port"] == String(program.port))
    }

    @Test func `a program that dies is started again`() throws {
        let program = try Program()
        let fixture = try ComponentsFixture(program.text)
        #expect(try fixture.output(#"{"id":"a"}"#) == #""held""#)
        let pid = try #require(Int32(fixture.waitForLine("Program listens")["pid"] ?? ""))
        Processes.kill(pid)
        let line = try fixture.waitForLine("Program is not running")
        #expect(line["reason"] == "it was killed by SIGKILL" && line["in"] == "500ms")
        #expect(try fixture.output(#"{"id":"b"}"#) == #""held""#)
    }

    @Test func `a stop ends the program and what it started`() throws {
        let program = try Program()
        let fixture = try ComponentsFixture(program.text)
        #expect(try fixture.output(#"{"id":"a"}"#) == #""held""#)
        let pid = try #require(Int32(fixture.waitForLine("Program listens")["pid"] ?? ""))
        fixture.stop()
        #expect(!Processes.isAlive(pid))
    }

    @Test func `a program that never listens fails its steps in time`() throws {
        let port = FreePorts.next()
        let fixture = try ComponentsFixture(
            Self.odd("sh, -c, 'echo still loading; sleep 1000'", port: port)
        )
        let failure = try fixture.start().failure()
        #expect(failure.code == .connectFailed)
        #expect(
            failure.message
                == "the program of 'odd' did not listen on port \(port) within 400ms: still loading"
        )
        #expect(
            try fixture.waitForLine("Program is not running")["reason"]
                == "it was killed by SIGKILL"
        )
    }

    @Test func `a program that cannot be started fails its steps at once`() throws {
        let fixture = try ComponentsFixture(
            Self.odd("no-such-program", port: FreePorts.next(), timeout: "20s")
        )
        let failure = try fixture.start().failure()
        #expect(
            failure.message
                == "the program of 'odd' cannot be started: No such file or directory"
        )
    }

    @Test func `a port that somebody else has is not taken for the program's`() throws {
        let other = try ScriptedService { _ in .json(200, "{}") }
        defer { other.stop() }
        let fixture = try ComponentsFixture(Self.odd("sleep, '1000'", port: other.port))
        let reason = try fixture.waitForLine("Program is not running")["reason"]
        #expect(reason == "another program listens on port \(other.port) already")
        #expect(try fixture.start().failure().code == .connectFailed)
        #expect(other.requests.isEmpty)
    }

    @Test func `the death of the server is the end of all its programs`() throws {
        let directory = try TemporaryDirectory()
        let pids = directory.path("pids")
        let port = FreePorts.next()
        try Files.write(
            """
            controller: { adapter: { type: http-server, host: 127.0.0.1, port: \(port) } }
            components:
              odd:
                type: http-server
                port: \(FreePorts.next())
                start: [ sh, -c, 'echo $$ >> \(pids); (setsid sh -c "echo \\$\\$ >> \(pids); sleep 1000") & sleep 1000' ]
              tool: { type: shell, command: [ sh, -c, 'echo $$ >> \(pids); setsid sleep 1000 & echo $! >> \(pids); wait' ] }
            workflow: { jobs: [ { id: run, component: tool } ] }
            """,
            to: directory.path("sluice.yml")
        )
        let server = try SluiceProgram.start(["up", "-f", "sluice.yml"], directory: directory.path)
        _ = try server.waitForLine(containing: "Controller listening")
        _ = try HTTPProbe(port: port).post(
            "/workflows/runs",
            json: #"{"wait_for_completion":false}"#,
            headers: []
        )
        let all = try Processes.ids(in: pids, count: 4)
        server.signal(9)
        _ = try server.waitForExit()
        for pid in all { try eventually("\(pid) is gone") { !Processes.isAlive(pid) } }
    }

    private static func odd(_ start: String, port: Int, timeout: String = "400ms") -> String {
        """
        components:
          odd: { type: http-server, start: [ \(start) ], port: \(port), start_timeout: \(timeout), path: / }
        workflow: { jobs: [ { id: call, component: odd } ] }
        """
    }
}
