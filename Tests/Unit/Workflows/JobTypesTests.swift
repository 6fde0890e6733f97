import JSONWire
import Primitives
import Testing

@testable import Workflows

/// Every job type, retry, on_error, interrupts, timeouts and child runs.
@Suite struct JobTypesTests {
    static let components = #"""
        components:
          call: { type: http-client, endpoint: "http://h/${input.n | 0}", body: "${input}" }
          say: { type: logger }
          sub: { type: workflow, workflow: child, input: { from: "${input.n}" }, output: { got: "${output.x}" } }
          run: { type: shell, command: [ "echo", "${input.n}" ], output: "${result.stdout}" }

        """#

    static func stage(_ workflow: String) throws -> RunMachineFixture {
        let fixture = PlanFixture(components + workflow)
        #expect(
            fixture.findings.filter { !$0.contains("no workflow `child`") } == []
        )
        return try #require(RunMachineFixture(fixture))
    }

    @Test func `wait waits for a key without sending anything`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: w, type: wait, wait_for: \"${input.key}\", timeout: 10s } ] }"
        )
        stage.start(#"{"key":77}"#)
        #expect(stage.words == ["wait"])
        #expect(stage.wait("w")?.keys == ["77"])
        #expect(stage.machine.status == .waiting)
        #expect(stage.wait("w")?.deadline == stage.wall.advanced(by: .seconds(10)))
        stage.callback("w", key: "77", #"{"a":1}"#)
        #expect(stage.output?.text == #"{"a":1}"#)
    }

    @Test func `a key that is null fails the step`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: w, type: wait, wait_for: \"${input.key}\" } ] }"
        )
        stage.start("{}")
        #expect(stage.failure?.code == .waitKeyInvalid)
        #expect(
            stage.failure?.message
                == "s.yml:6:21: the key to wait for (${input.key}) cannot be used: the key is missing or null: `input` has no "
                + "member `key`; it has none"
        )
    }

    @Test func `delay sets a timer`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: d, type: delay, duration: \"${input}\" } ] }"
        )
        stage.start("\"1h30m\"")
        #expect(stage.words == ["set delay"])
        stage.ring()
        #expect(stage.time == 5_400_000)
        #expect(stage.machine.outcome == .completed(.null))
    }

    @Test(arguments: [
        ("2026-11-21T12:00:00", "\"+02:00\""), ("2026-11-21T10:00:00Z", "UTC"),
        ("2026-11-21T05:00:00-05:00", "UTC"), ("2026-11-21T11:00:00", "Europe/Berlin"),
        ("2026-11-21T05:00 America/New_York", "Europe/Berlin"),
        ("2026-11-21 11:00[Europe/Berlin]", "UTC"),
        ("2026-11-21T11:00:00+01:00[Europe/Berlin]", "UTC"),
    ])
    func `delay waits for a moment in a zone`(time: String, zone: String) throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: d, type: delay, mode: specific-time, time: \"\(time)\", timezone: \(zone) } ] }"
        )
        stage.start()
        #expect(stage.timer?.at.rfc3339 == "2026-11-21T10:00:00.000Z")
    }

    @Test(arguments: [
        ("Europe/Berlin", "2026-03-29T02:30:00", "2026-03-29T01:30:00.000Z"),
        ("Europe/Berlin", "2026-10-25T02:30:00", "2026-10-25T00:30:00.000Z"),
        ("Asia/Tokyo", "2026-10-25", "2026-10-24T15:00:00.000Z"),
    ])
    func `a zone may come with the input`(zone: String, time: String, moment: String) throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: d, type: delay, mode: specific-time, time: \"${input.time}\", time_zone: \"${input.zone}\" } ] }"
        )
        stage.start("{\"time\":\"\(time)\",\"zone\":\"\(zone)\"}")
        #expect(stage.timer?.at.rfc3339 == moment)
    }

    @Test(arguments: [
        (
            #"{"time":"2026-10-25","zone":"Mars/Olympus"}"#,
            "s.yml:6:70: a delay's time zone must be `UTC`, an offset such as `+09:00`, or a time zone such as `Europe/Berlin`, and this names none"
        ),
        (
            #"{"time":"2026-10-25","zone":"../../etc/passwd"}"#,
            "s.yml:6:70: a delay's time zone must be `UTC`, an offset such as `+09:00`, or a time zone such as `Europe/Berlin`, and this names none"
        ),
        (
            #"{"time":"2026-10-25 Mars/Olympus"}"#,
            "s.yml:6:70: a delay needs a time in a known zone, such as `2026-03-01T09:00:00 Europe/Berlin`, and this is text that is none"
        ),
        (
            #"{"time":"2026-10-25T12:00+05:00[Europe/Berlin]"}"#,
            "s.yml:6:70: a delay needs the offset that Europe/Berlin has at that time, and this is text that is none"
        ),
        (
            #"{"time":7}"#,
            "s.yml:6:70: a delay needs a time such as 2026-11-21T10:00:00Z, and this is an integer that is none"
        ),
    ])
    func `a moment that is none fails the step with its place`(
        input: String,
        message: String
    ) throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: d, type: delay, mode: specific-time, time: \"${input.time}\", timezone: \"${input.zone}\" } ] }"
        )
        stage.start(input)
        #expect(stage.failure?.message.contains(message) == true, "\(stage.failure?.message ?? "")")
        #expect(stage.failure?.code == .expressionFailed)
    }

    @Test func `a bounded delay is a call, so that it can stand in line`() throws {
        var stage = try Self.stage(
            """
            component: { id: rest, type: delay, duration: 5s, max_concurrent_count: 1 }
            workflow: { jobs: [ { id: d, component: rest } ] }
            """
        )
        stage.start()
        #expect(stage.words == ["delay length(Primitives.Nanoseconds(count: 5000000000))"])
        stage.respond("d", "null")
        #expect(stage.machine.outcome == .completed(.null))
    }

    static let grades = #"""
        workflow:
          jobs:
            - id: classify
              type: if
              input: ${input.score as integer}
              conditions:
                - { operator: gte, value: 90, if_true: grade-a }
                - { operator: gte, value: 70, if_true: grade-b }
              otherwise: grade-f
            - { id: grade-a, component: call, output: A }
            - { id: grade-b, component: call, output: B }
            - { id: grade-f, component: call, output: F }
            - { id: tell, component: say, input: { data: "${jobs.grade-a.output | jobs.grade-b.output | jobs.grade-f.output}" } }
        """#

    @Test(arguments: [(95, "grade-a", "A"), (70, "grade-b", "B"), (3, "grade-f", "F")])
    func `if takes the first way that holds`(score: Int, taken: String, grade: String) throws {
        var stage = try Self.stage(Self.grades)
        stage.start("{\"score\":\(score)}")
        #expect(stage.words.count == 1)
        stage.respond(taken, "{}")
        #expect(stage.output == .string(grade))
        let skipped = stage.machine.state.steps.filter { $0.status == .skipped }.map(\.name)
        #expect(Set(skipped) == Set(["grade-a", "grade-b", "grade-f"]).subtracting([taken]))
    }

    @Test(arguments: [("\"b\"", "two"), ("\"z\"", "other"), ("7", "seven")])
    func `switch compares its input with the values`(input: String, taken: String) throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - id: s
                  type: switch
                  cases: [ { value: b, then: two }, { value: 7, then: seven } ]
                  otherwise: other
                - { id: two, component: call }
                - { id: seven, component: call }
                - { id: other, component: call }
            """#
        )
        stage.start(input)
        #expect(stage.status(taken) == .running)
        #expect(stage.machine.state.steps.filter { $0.status == .running }.count == 1)
    }

    @Test func `a random router draws by weight`() throws {
        var taken: [String: Int] = [:]
        let fixture = PlanFixture(
            Self.components + #"""
                workflow:
                  jobs:
                    - { id: r, type: random-router, mode: weighted, routings: [ { to: a, weight: 3 }, { to: b, weight: 1 }, { to: c, weight: 0 } ] }
                    - { id: a, component: call }
                    - { id: b, component: call }
                    - { id: c, component: call }
                """#
        )
        let plan = try #require(fixture.plans.defaultWorkflow)
        var source = SplitMix64(seed: 5)
        for _ in 0..<400 {
            var machine = RunMachine(
                plan: plan,
                id: UUIDv7(time: RunMachineFixture.origin, random: (1, 2))
            )
            _ = machine.apply(
                .start(input: .null, requestID: nil),
                stamp: Stamp(
                    wall: RunMachineFixture.origin,
                    random: (source.next(), source.next()),
                    gateways: GatewayValues()
                )
            )
            for step in machine.state.steps where step.status == .running {
                taken[step.name, default: 0] += 1
            }
        }
        #expect(taken["c"] == nil)
        #expect((240...360).contains(taken["a"] ?? 0))
        #expect((taken["a"] ?? 0) + (taken["b"] ?? 0) == 400)
    }

    @Test func `filter keeps what the condition holds for`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - { id: f, type: filter, input: "${input.list}", where: { input: "${item.n}", operator: gt, value: 1 } }
            """#
        )
        stage.start(#"{"list":[{"n":1},{"n":2},{"n":3}]}"#)
        #expect(stage.output?.text == #"[{"n":2},{"n":3}]"#)
    }

    static let each = #"""
        workflow:
          jobs:
            - id: all
              type: for-each
              input: ${input.list}
              batch_size: 2
              do: { component: call, input: { n: "${item}", at: "${index}" }, output: "${output.r}" }
        """#

    @Test func `for-each keeps so many under way and the order of the items`() throws {
        var stage = try Self.stage(Self.each)
        stage.start(#"{"list":[10,20,30]}"#)
        #expect(stage.words == ["POST http://h/10", "POST http://h/20"])
        let key = stage.request("all[1]")?.headers.first { $0.name == "Idempotency-Key" }?.value
        #expect(key == "\(stage.machine.id.text)/all[1]")
        stage.respond("all[1]", #"{"r":"two"}"#)
        #expect(stage.words == ["POST http://h/30"])
        #expect(stage.body("all[2]")?.text == #"{"n":30,"at":2}"#)
        stage.respond("all[2]", #"{"r":"three"}"#)
        stage.respond("all[0]", #"{"r":"one"}"#)
        #expect(stage.output?.text == #"["one","two","three"]"#)
    }

    @Test func `a failed item fails the step and stops the others`() throws {
        var stage = try Self.stage(Self.each)
        stage.start(#"{"list":[10,20,30]}"#)
        stage.fail("all[0]")
        #expect(stage.words == ["abandon", "finished"])
        #expect(stage.failure?.step == "all[0]")
    }

    @Test func `failures of items can be collected`() throws {
        var stage = try Self.stage(
            Self.each.replacing("batch_size: 2", with: "batch_size: 2\n      failures: collect")
        )
        stage.start(#"{"list":[10,20]}"#)
        stage.fail("all[0]")
        stage.respond("all[1]", #"{"r":"two"}"#)
        guard case .array(let results)? = stage.output else {
            Issue.record("no list")
            return
        }
        #expect(results.count == 2)
        #expect(results.first?["error"]?["code"] == .string("connect_failed"))
        #expect(results.last == .string("two"))
    }

    @Test func `an empty list ends at once`() throws {
        var stage = try Self.stage(Self.each)
        stage.start(#"{"list":[]}"#)
        #expect(stage.output?.text == "[]")
    }

    @Test func `repeat_count runs the same call several times at once`() throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: r, component: call, repeat_count: \"${input.times}\", output: { all: \"${output}\" } } ] }"
        )
        stage.start(#"{"times":2,"n":5}"#)
        #expect(stage.words == ["POST http://h/5", "POST http://h/5"])
        stage.respond("r[0]", "1")
        stage.respond("r[1]", "2")
        #expect(stage.output?.text == #"{"all":[1,2]}"#)
    }

    @Test func `loop hands its output on until the condition holds`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - id: l
                  type: loop
                  input: ${input}
                  do: { component: call }
                  until: { input: "${output.n}", operator: gte, value: 3 }
            """#
        )
        stage.start(#"{"n":1}"#)
        for next in 2...3 {
            #expect(stage.words == ["POST http://h/\(next - 1)"])
            stage.respond("l[\(next - 2)]", "{\"n\":\(next)}")
        }
        #expect(stage.output?.text == #"{"n":3}"#)
    }

    @Test func `loop ends after its last iteration`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - { id: l, type: loop, max_iteration_count: 2, do: { component: say, input: { data: 1 } }, while: { input: 1, value: 1 } }
            """#
        )
        stage.start()
        #expect(stage.output == .integer(1))
        #expect(stage.words == ["log info ", "log info ", "finished"])
    }

    @Test func `an OR dependency needs one of its steps`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - { id: a, component: call }
                - { id: b, component: call }
                - { id: c, component: say, depends_on: [ [ a, b ] ], input: { data: done } }
            """#
        )
        stage.start()
        stage.respond("b", "1")
        #expect(stage.status("c") == .completed)
        stage.respond("a", #"{"a":1}"#)
        #expect(stage.output == .string("done"))
    }

    @Test func `outputs of several ends are merged in the order of the plan`() throws {
        var stage = try Self.stage(
            "workflow: { output: { all: \"${output}\" }, jobs: [ { id: a, component: call }, { id: b, component: call } ] }"
        )
        stage.start()
        stage.respond("b", #"{"x":"b","y":2}"#)
        stage.respond("a", #"{"x":"a","z":3}"#)
        #expect(stage.output?.text == #"{"all":{"x":"b","z":3,"y":2}}"#)
    }

    @Test func `routing back runs a step again, up to its bound`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - { id: begin, type: if, input: 1, value: 1, if_true: work }
                - { id: work, component: call, max_run_count: 3 }
                - { id: check, type: if, depends_on: [work], input: "${jobs.work.output.ok}", value: true, if_true: end, if_false: work }
                - { id: end, component: say, input: { data: done } }
            """#
        )
        stage.start()
        stage.respond("work", #"{"ok":false}"#)
        #expect(stage.words == ["POST http://h/0"])
        stage.respond("work", #"{"ok":false}"#)
        stage.respond("work", #"{"ok":false}"#)
        #expect(stage.failure?.code == .tooManySteps)
        #expect(stage.failure?.message == "step 'work' was started more than 3 times")
    }
}
