import JSONWire
import Primitives
import Testing

@testable import Workflows

/// Forms of expressions in steps and components: paths behind casts, functions, computed steps, steps by their id.
@Suite struct ExpressionFormsTests {
    @Test func `a path behind a cast works in a component, a condition and an output`() throws {
        let fixture = PlanFixture(
            #"""
            components:
              call:
                type: http-client
                endpoint: "http://h/${(input.payload as json).path[0]}"
                body: { n: "${length((input.payload as json).list)}" }
                output: "${(response.payload as json).x[0].y}"
            workflow:
              jobs:
                - { id: a, component: call }
                - { id: b, type: if, input: "${(a.output as json).go}", conditions: [ { value: 1, if_true: c } ] }
                - { id: c, type: filter, input: "${(jobs.a.output as json).items}", where: { input: "${(item as json).keep}", value: true } }
              output: "${lower(join(c.output, \"+\"))}"
            """#
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"payload":"{\"path\":[\"p\"],\"list\":[1,2]}"}"#)
        #expect(stage.request("a")?.url == "http://h/p")
        #expect(stage.body("a")?.jsonText == #"{"n":2}"#)
        let output = #"{"go":1,"items":[{"keep":true},{"keep":false}]}"#
        let payload = #"{"x":[{"y":\#(JSONValue.string(output).jsonText)}]}"#
        stage.respond("a", #"{"payload":\#(JSONValue.string(payload).jsonText)}"#)
        #expect(
            stage.machine.outcome == .completed(.string(#"{"keep":true}"#)),
            "\(String(describing: stage.machine.outcome))"
        )
    }

    @Test func `a step named by its id alone is waited for`() throws {
        let fixture = PlanFixture(
            #"""
            components: { call: { type: http-client, endpoint: "http://h/${input.n}" } }
            workflow:
              jobs:
                - { id: second, component: call, input: { n: "${first.output.n}" } }
                - { id: first, component: call, input: { n: 1 } }
            """#
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start()
        #expect(stage.words == ["POST http://h/1"])
        stage.respond("first", #"{"n":2}"#)
        #expect(stage.request("second")?.url == "http://h/2")
    }

    @Test func `a step that is not there is told under its short name`() {
        let fixture = PlanFixture(
            #"""
            workflow:
              jobs:
                - { id: first, type: delay, duration: 1 }
                - { id: second, type: delay, duration: "${frist.output}" }
                - { id: third, type: delay, duration: "${first.result}" }
            """#
        )
        #expect(fixture.findings.count == 2)
        #expect(fixture.findings.first?.hasSuffix("(first)") == true)
        #expect(fixture.findings.last?.contains("a job has only `output`") == true)
    }

    @Test func `the time is that of the run's event`() throws {
        let fixture = PlanFixture(
            #"""
            components:
              call: { type: http-client, endpoint: "http://h/", body: { at: "${now()}" }, output: "${now()}" }
            workflow: { jobs: [ { id: a, component: call, input: { n: "${now()}" } } ] }
            """#
        )
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.time = 5
        stage.start()
        #expect(stage.body("a")?["at"] == .string(stage.wall.rfc3339))
        stage.time = 1000
        stage.respond("a", "{}")
        #expect(stage.machine.outcome == .completed(.string(stage.wall.rfc3339)))
    }
}
