import Documents
import JSONWire
import Testing

@testable import Workflows

/// Jobs whose inner jobs run one after another, and those that only hand things on.
@Suite struct SeriesTests {
    static func stage(_ workflow: String) throws -> RunMachineFixture {
        let fixture = PlanFixture(JobTypesTests.components + workflow)
        #expect(fixture.findings.filter { !$0.contains("no workflow `child`") } == [])
        return try #require(RunMachineFixture(fixture))
    }

    @Test func `a loop has its own input all the time, and the output of the iteration before`()
        throws
    {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - { id: before, component: say, input: { data: 9 } }
                - id: l
                  type: loop
                  depends_on: [ before ]
                  input: { id: job-42, n: 7 }
                  do: { component: call, input: { n: "${input.n}", id: "${input.id}", next: "${output.next}", at: "${index}" } }
                  while: { input: "${output.next}", operator: neq, value: null }
            """#
        )
        stage.start()
        #expect(stage.body("l[0]")?.text == #"{"n":7,"id":"job-42","next":null,"at":0}"#)
        stage.respond("l[0]", #"{"next":"c1"}"#)
        #expect(stage.body("l[1]")?.text == #"{"n":7,"id":"job-42","next":"c1","at":1}"#)
        stage.respond("l[1]", #"{"done":true}"#)
        #expect(stage.output?.text == #"{"done":true}"#)
    }

    static let pipeline = #"""
        workflow:
          jobs:
            - id: p
              type: pipeline
              input: { n: 1, all: "${input}" }
              steps:
                - { component: call }
                - { component: call, input: { n: "${output.n}", first: "${input.n}" } }
                - { component: say, input: { data: "${output}" } }
              output: { last: "${output}" }
        """#

    @Test func `a pipeline hands each step's output to the next one`() throws {
        var stage = try Self.stage(Self.pipeline)
        stage.start("5")
        #expect(stage.body("p[0]")?.text == #"{"n":1,"all":5}"#)
        stage.respond("p[0]", #"{"n":2}"#)
        #expect(stage.body("p[1]")?.text == #"{"n":2,"first":1}"#)
        stage.respond("p[1]", #"{"n":3}"#)
        #expect(stage.output?.text == #"{"last":{"n":3}}"#)
    }

    @Test func `a step of a pipeline that fails fails the pipeline`() throws {
        var stage = try Self.stage(Self.pipeline)
        stage.start("5")
        stage.fail("p[0]")
        #expect(stage.failure?.step == "p[0]")
        #expect(stage.words == ["finished"])
    }

    @Test func `accumulate folds a list, one item after another`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - id: sum
                  type: accumulate
                  input: ${input.list}
                  accumulator: { total: 0 }
                  do: { component: call, input: { n: "${item}", so_far: "${accumulator.total}", at: "${index}" } }
            """#
        )
        stage.start(#"{"list":[5,6]}"#)
        #expect(stage.body("sum[0]")?.text == #"{"n":5,"so_far":0,"at":0}"#)
        #expect(stage.words == ["POST http://h/5"])
        stage.respond("sum[0]", #"{"total":5}"#)
        #expect(stage.body("sum[1]")?.text == #"{"n":6,"so_far":5,"at":1}"#)
        stage.respond("sum[1]", #"{"total":11}"#)
        #expect(stage.output?.text == #"{"total":11}"#)
    }

    @Test(arguments: [("[]", #"{"total":0}"#), ("null", #"{"total":0}"#)])
    func `accumulate of nothing is what it began with`(list: String, output: String) throws {
        var stage = try Self.stage(
            #"""
            workflow: { jobs: [ { id: a, type: accumulate, input: "${input.list}", accumulator: { total: 0 }, do: { component: call } } ] }
            """#
        )
        stage.start("{\"list\":\(list)}")
        #expect(stage.output?.text == output)
    }

    @Test func `accumulate of what is no list fails`() throws {
        var stage = try Self.stage(
            #"""
            workflow: { jobs: [ { id: a, type: accumulate, input: "${input}", do: { component: call } } ] }
            """#
        )
        stage.start("7")
        #expect(stage.failure?.message.contains("accumulate needs a list") == true)
    }

    @Test func `fan-out hands its input on under every name`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - { id: f, type: fan-out, input: { n: "${input.n}" }, output: [ left, right ] }
                - { id: a, component: call, input: "${jobs.f.output.left}" }
                - { id: b, component: say, input: { data: "${jobs.f.output.right.n}" } }
              output: { b: "${jobs.b.output}" }
            """#
        )
        stage.start(#"{"n":4}"#)
        #expect(stage.body("a")?.text == #"{"n":4}"#)
        stage.respond("a", "{}")
        #expect(stage.output?.text == #"{"b":4}"#)
    }

    @Test func `series nest, and an item stays the item inside a pipeline`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - id: each
                  type: for-each
                  input: ${input}
                  do:
                    type: pipeline
                    input: { n: "${item}" }
                    steps:
                      - { component: call, input: { n: "${item}", at: "${index}", of: "${input.n}" } }
                      - { component: say, input: { data: [ "${item}", "${output.r}" ] } }
            """#
        )
        stage.start("[3,4]")
        #expect(stage.body("each[0][0]")?.text == #"{"n":3,"at":0,"of":3}"#)
        stage.respond("each[0][0]", #"{"r":1}"#)
        stage.respond("each[1][0]", #"{"r":2}"#)
        #expect(stage.output?.text == "[[3,1],[4,2]]")
    }

    @Test func `a filter without a condition keeps all`() throws {
        var stage = try Self.stage(
            #"""
            workflow: { jobs: [ { id: f, type: filter, input: "${input}", output: { kept: "${output}" } } ] }
            """#
        )
        stage.start("[1,2]")
        #expect(stage.output?.text == #"{"kept":[1,2]}"#)
    }

    @Test func `jobs without ids have their numbers, and workflow input beside jobs is noted`()
        throws
    {
        let fixture = PlanFixture(
            JobTypesTests.components + #"""
                workflow:
                  input: ${input}
                  jobs:
                    - { component: say, input: { data: 1 } }
                    - { component: say, input: { data: "${jobs.job-1.output}" } }
                """#
        )
        #expect(fixture.findings.filter { !$0.contains("no workflow `child`") }.count == 1)
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        #expect(stage.status("job-1") == .completed)
        #expect(stage.output == .integer(1))
    }

    @Test func `a question can name the step it asks about`() throws {
        var stage = try Self.stage(
            #"""
            workflow:
              jobs:
                - id: a
                  component: call
                  input: { n: "${input.n}" }
                  interrupt:
                    before: { message: "run ${job.input.n}?", condition: { input: "${job.input.n}", operator: gt, value: 1 } }
                    after: { message: "${job.input.n} gave", metadata: { r: "${job.output.r}", i: "${job.input}" } }
            """#
        )
        stage.start(#"{"n":4}"#)
        #expect(stage.machine.state.interrupts.first?.message == "run 4?")
        stage.send(.answered(interrupt: "a.before", nil))
        #expect(stage.words == ["POST http://h/4"])
        stage.respond("a", #"{"r":7}"#)
        let asked = try #require(stage.machine.state.interrupts.first)
        #expect(asked.message == "4 gave")
        #expect(asked.metadata.text == #"{"r":7,"i":{"n":4}}"#)
    }

    @Test(arguments: [("3", 3), ("{ max_retry_count: 2 }", 3), ("{ max_attempt_count: 2 }", 2)])
    func `retry takes either naming`(retry: String, tries: Int) throws {
        var stage = try Self.stage(
            "workflow: { jobs: [ { id: a, component: call, input: { n: 1 }, retry: \(retry) } ] }"
        )
        stage.start()
        for _ in 1..<tries {
            stage.fail("a")
            #expect(stage.failure == nil)
            stage.ring()
        }
        stage.fail("a")
        #expect(stage.failure != nil)
    }

    @Test(arguments: [
        ("type: pipeline", "the key `steps` is missing"),
        ("type: pipeline, steps: []", "empty list"),
        ("type: pipeline, steps: [ { type: if } ]", "cannot be a router"),
        ("type: pipeline, steps: [ { component: say, depends_on: [ a ] } ]", "cannot depend"),
        ("type: accumulate, input: [1]", "the key `do` is missing"),
        ("type: accumulate, do: { component: say }", "the key `input` is missing"),
        ("type: fan-out, input: 1", "the key `output` is missing"),
        ("type: fan-out, input: 1, output: [ a, a ]", "differ"),
        ("type: fan-out, input: 1, output: a", "a list of names"),
        ("component: say, input: \"${accumulator}\"", "`accumulator` is not available here"),
        ("component: say, input: \"${job.input}\"", "`job` is not available here"),
    ])
    func `what is wrong inside is told`(job: String, message: String) {
        let fixture = PlanFixture(
            JobTypesTests.components + "workflow: { jobs: [ { id: a, \(job) } ] }"
        )
        #expect(fixture.findings.contains { $0.contains(message) }, "\(fixture.findings)")
    }
}
