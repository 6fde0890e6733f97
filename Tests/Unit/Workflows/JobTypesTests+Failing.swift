import JSONWire
import Primitives
import Testing

@testable import Workflows

extension JobTypesTests {
    @Test func `retry pauses longer each time, up to its bound`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: a, component: call, retry: { max_attempt_count: 5, delay: 1s, backoff: exponential, max_delay: 3s } } ] }"
        )
        stage.start()
        let firstKey = stage.request("a")?.headers.first { $0.name == "Idempotency-Key" }?.value
        var pauses: [Int64] = []
        for _ in 1...4 {
            let before = stage.time
            stage.fail("a")
            #expect(stage.words == ["set retry"])
            stage.ring()
            pauses.append(stage.time - before)
        }
        for (pause, base) in zip(pauses, [1000, 2000, 3000, 3000] as [Int64]) {
            #expect((base...base * 5 / 4).contains(pause))
        }
        let lastKey = stage.request("a")?.headers.first { $0.name == "Idempotency-Key" }?.value
        #expect(firstKey == lastKey)
        stage.fail("a")
        #expect(stage.failure?.attempt == 5)
    }

    @Test func `retry can be for some causes only`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: a, component: call, retry: { max_attempts: 3, on: [ http_status ] } } ] }"
        )
        stage.start()
        stage.respond("a", "{}", status: 500)
        stage.ring()
        stage.fail("a", .connectFailed)
        #expect(stage.failure?.attempt == 2)
    }

    @Test func `a late answer to an earlier try changes nothing`() throws {
        var stage = try Self.stage("workflow: { jobs: [ { id: a, component: call, retry: 2 } ] }")
        stage.start()
        let (first, _) = try #require(stage.lastCall("a"))
        stage.fail("a")
        stage.ring()
        stage.send(.responded(first, .success(.bool(true), status: 200)))
        #expect(stage.effects.isEmpty)
        stage.respond("a", "2")
        #expect(stage.output == .integer(2))
    }

    @Test func `on_error ignore ends the step with null`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: a, component: call, on_error: ignore }, { id: b, component: call, input: { was: \"${output}\" } } ] }"
        )
        stage.start()
        stage.fail("a")
        #expect(stage.body("b")?.text == #"{"was":null}"#)
    }

    @Test func `on_error can give an output of the error`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: a, component: call, on_error: { output: { why: \"${error.message}\", code: \"${error.code}\" } } } ] }"
        )
        stage.start()
        stage.fail("a")
        #expect(stage.output?.text == #"{"why":"no way","code":"connect_failed"}"#)
    }

    @Test func `on_error can lead elsewhere, and what depended on the step is skipped`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - { id: charge, component: call, on_error: { to: sorry, output: { e: "${error.code}" } } }
                - { id: ship, component: call, depends_on: [charge] }
                - { id: sorry, component: say, input: { data: "${jobs.charge.output.e}" } }
            """#
        )
        stage.start()
        stage.fail("charge")
        #expect(stage.status("ship") == .skipped)
        #expect(stage.status("charge") == .failed)
        #expect(stage.output == .string("connect_failed"))
    }

    @Test func `a step's timeout bounds all its tries`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: a, component: call, timeout: 5s, retry: { max_attempts: 9, delay: 3s } } ] }"
        )
        stage.start()
        #expect(stage.words.first == "set stepTimeout")
        let timer = try #require(stage.timer)
        stage.fail("a")
        stage.ring()
        stage.send(.timer(timer.ref), at: 5000)
        #expect(stage.words == ["abandon", "cancel stepTimeout", "finished"])
        #expect(stage.failure?.code == .stepTimeout)
        #expect(stage.failure?.message == "the step did not end within 5s")
    }

    @Test func `a workflow's timeout bounds the run`() throws {
        var stage = try Self.stage(
            "workflow: { timeout: 1m, jobs: [ { id: a, component: call } ] }"
        )
        stage.start()
        let timer = try #require(stage.timer)
        stage.send(.timer(timer.ref), at: 60_000)
        #expect(stage.failure?.code == .runTimeout)
        #expect(stage.status("a") == .cancelled)
    }

    @Test func `a failure cancels a sibling that waits`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: w, type: wait, wait_for: k }, { id: a, component: call } ] }"
        )
        stage.start()
        stage.fail("a")
        #expect(stage.words == ["endWait cancelled", "finished"])
        #expect(stage.status("w") == .cancelled)
    }

    @Test func `an interrupt before takes an answer as the input`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - id: a
                  component: call
                  interrupt: { before: { message: "Send ${input.n}?", metadata: { n: "${input.n}" } } }
            """#
        )
        stage.start(#"{"n":4}"#)
        #expect(stage.words == [])
        let state = stage.machine.state
        #expect(state.status == .interrupted)
        #expect(state.interrupts.first?.id == "a.before")
        #expect(state.interrupts.first?.message == "Send 4?")
        #expect(state.interrupts.first?.metadata.text == #"{"n":4}"#)
        stage.send(.answered(interrupt: "b.before", .null))
        #expect(stage.effects.isEmpty)
        stage.send(.answered(interrupt: "a.before", RunMachineFixture.json(#"{"n":5}"#)))
        #expect(stage.words == ["POST http://h/5"])
        #expect(stage.body("a")?.text == #"{"n":5}"#)
    }

    @Test func `an interrupt after takes an answer as the output`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: a, component: call, interrupt: { after: { condition: { input: \"${output.ok}\", value: false } } } } ] }"
        )
        stage.start()
        stage.respond("a", #"{"ok":false}"#)
        #expect(stage.machine.state.interrupts.map(\.phase) == ["after"])
        stage.send(.answered(interrupt: "a.after", .string("fine")))
        #expect(stage.output == .string("fine"))
    }

    @Test func `a child run gives its output, its failure, or is cancelled`() throws {
        let workflow = "workflow: { jobs: [ { id: a, component: sub } ] }"
        var stage = try Self.stage(workflow)
        stage.start(#"{"n":1}"#)
        #expect(stage.words == ["child child"])
        guard case .startChild(let ref, _, let input, _)? = stage.effects.last else {
            Issue.record("no child")
            return
        }
        #expect(input.text == #"{"from":1}"#)
        var other = stage
        var third = stage
        stage.send(.childEnded(ref, .completed(RunMachineFixture.json(#"{"x":9}"#))))
        #expect(stage.output?.text == #"{"got":9}"#)
        other.send(
            .childEnded(ref, .failed(RunFailure(code: .httpStatus, message: "refused")))
        )
        #expect(other.failure?.message == "the child run failed: refused")
        third.send(.cancel(reason: "no"))
        #expect(third.words == ["cancelChild", "finished"])
    }

    @Test func `a program is run and its output read`() throws {
        var stage = try Self.stage("workflow: { jobs: [ { id: a, component: run } ] }")
        stage.start(#"{"n":"x y"}"#)
        guard case (let ref, let call as ShellCall)? = stage.lastCall("a") else {
            Issue.record("no program")
            return
        }
        #expect(call.arguments == ["echo", "x y"])
        var failed = stage
        stage.send(
            .responded(ref, call.outcome(exitCode: 0, output: Array(" x y\n".utf8), errors: []))
        )
        #expect(stage.output == .string("x y"))
        failed.send(
            .responded(ref, call.outcome(exitCode: 3, output: [], errors: Array("bad".utf8)))
        )
        #expect(failed.failure?.message == "'echo' ended with exit code 3: bad")
    }

    @Test func `an expression that fails names its place`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: a, component: say, input: { data: \"${input.n as integer}\" } } ] }"
        )
        stage.start(#"{"n":"abc"}"#)
        #expect(stage.failure?.code == .expressionFailed)
        #expect(stage.failure?.message.hasPrefix("s.yml:6:") == true)
        #expect(stage.failure?.message.contains("abc") == false)
    }

    @Test func `more than ten thousand steps end the run`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - { id: l, type: for-each, input: "${input}", do: { type: loop, max_iteration_count: 10000, do: { component: say, input: { data: 1 } }, while: { input: 1, value: 1 } } }
            """#
        )
        stage.start("[1,2]")
        #expect(stage.failure?.code == .tooManySteps)
    }

    @Test func `a run that holds too much fails`() throws {
        var stage = try Self.stage("workflow: { jobs: [ { id: a, component: call } ] }")
        stage.start("\"" + String(repeating: "x", count: 5 << 20) + "\"")
        #expect(stage.failure?.code == .stateTooLarge)
        #expect(
            stage.failure?.message.contains(
                "more than the 4194304 that it may (executor.max_state_size)"
            ) == true
        )
        #expect(stage.failure?.step == "a")
    }
}
