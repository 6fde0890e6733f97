import Components
import Configuration
import JSONWire
import Primitives
import Runs
import Sluice
import TestKit
import Testing
import Workflows

@Suite struct ShellTests {
    private static func shell(_ keys: String, output: String = "${output}") -> String {
        """
        components: { tool: { type: shell, \(keys) } }
        workflow: { jobs: [ { id: run, component: tool, input: "${input}", output: "\(output)" } ] }
        """
    }

    @Test func `a program's outputs are trimmed, its arguments are rendered and not split`() throws
    {
        let fixture = try ComponentsFixture(
            Self.shell(#"command: [ printf, " %s|%s \n\n", "${input.a}", "${input.b}" ]"#)
        )
        #expect(
            try fixture.output(#"{"a":"one two; rm -rf $HOME","b":3}"#)
                == #"{"stdout":"one two; rm -rf $HOME|3","stderr":"","exit_code":0}"#
        )
    }

    @Test func `the environment, the directory and the input of component and action`() throws {
        let fixture = try ComponentsFixture(
            """
            components:
              tool:
                type: shell
                base_dir: /
                env: { A: component, B: component }
                actions:
                  - id: here
                    command: [ sh, -c, 'echo $A $B; pwd; cat' ]
                    env: { B: "${input.b}" }
                    working_dir: /tmp
                    stdin: "${input}"
                  - { id: there, command: [ pwd ] }
            workflow:
              jobs:
                - { id: here, component: tool, action: here, input: "${input}" }
                - { id: there, component: tool, action: there }
              output: { here: "${jobs.here.output.stdout}", there: "${jobs.there.output.stdout}" }
            """
        )
        #expect(
            try fixture.output(#"{"b":"action"}"#)
                == #"{"here":"component action\n/tmp\n{\"b\":\"action\"}","there":"/"}"#
        )
    }

    @Test func `an exit code other than 0 fails the step, with what the program said`() throws {
        let fixture = try ComponentsFixture(
            Self.shell("command: [ sh, -c, 'echo sorry >&2; exit 3' ]")
        )
        let failure = try fixture.start().failure()
        #expect(failure.code == .componentFailed)
        #expect(failure.message == "'sh' ended with exit code 3: sorry")
        #expect(failure.result.jsonText == #"{"stdout":"","stderr":"sorry","exit_code":3}"#)
        #expect(failure.step == "run" && failure.component == "tool")
    }

    @Test func `an exit code can be an answer`() throws {
        let fixture = try ComponentsFixture(
            Self.shell(
                "command: [ sh, -c, 'exit 3' ], ignore_exit_code: true",
                output: "${output.exit_code}"
            )
        )
        #expect(try fixture.output() == "3")
    }

    @Test(arguments: [
        (
            "command: [ no-such-program ]",
            "'no-such-program' cannot be started: No such file or directory"
        ),
        (
            "command: [ 'true' ], working_dir: /no/such",
            "'true' cannot be started in /no/such: No such file or directory"
        ),
        ("command: [ sh, -c, 'kill -9 $$' ]", "'sh' was killed by SIGKILL"),
        ("command: [ sh, -c, 'kill -SYS $$' ]", "'sh' was killed by SIGSYS"),
        (
            "command: [ sh, -c, 'exit 143' ]",
            "'sh' ended with exit code 143 (128 and the number of SIGTERM)"
        ),
        ("command: [ sh, -c, 'exit 128' ]", "'sh' ended with exit code 128"),
    ])
    func `what went wrong is told`(_ keys: String, _ message: String) throws {
        #expect(try ComponentsFixture(Self.shell(keys)).start().failure().message == message)
    }

    @Test func `a program that says too much is killed`() throws {
        let fixture = try ComponentsFixture(Self.shell("command: [ sh, -c, 'cat /dev/zero' ]"))
        let failure = try fixture.start().failure()
        #expect(failure.code == .responseTooLarge)
        #expect(failure.message == "'sh' wrote more than 1048576 bytes to standard output")
    }

    @Test func `an output at the bound passes`() throws {
        let fixture = try ComponentsFixture(
            Self.shell(
                "command: [ sh, -c, 'head -c 1048576 /dev/zero | tr \"\\\\0\" x' ]",
                output: "${output.exit_code}"
            )
        )
        #expect(try fixture.output() == "0")
    }

    @Test func `a program that takes too long is ended with all it started`() throws {
        let fixture = try ComponentsFixture(
            Self.shell(
                "command: [ sh, -c, 'echo $$; trap \"\" TERM; sleep 1000 & echo $!; wait' ], timeout: 300ms"
            )
        ) { $0.programs.stopGrace = .milliseconds(100) }
        let failure = try fixture.start().failure()
        #expect(failure.code == .stepTimeout)
        #expect(failure.message == "'sh' was still running after 300ms")
    }

    @Test func `a cancelled run's program is ended`() throws {
        let directory = try TemporaryDirectory()
        let mark = directory.path("pid")
        let fixture = try ComponentsFixture(
            Self.shell("command: [ sh, -c, 'echo $$ > \(mark); exec sleep 1000' ]")
        )
        let run = try fixture.start()
        let pid = try Processes.id(in: mark)
        #expect(fixture.server.engine.cancel(run.id, reason: "enough"))
        #expect(try run.outcome() == .cancelled(reason: "enough"))
        try eventually("the program is gone") { !Processes.isAlive(pid) }
    }
}
