import JSONWire
import Primitives
import Testing

@testable import Workflows

/// The forms in which the same thing may be written, and what a plan tells.
@Suite struct PlanFormsTests {
    /// A form: its name and text; each runs `POST http://h/x` with the workflow's input.
    struct Form: CustomTestStringConvertible {
        let name: String
        let yaml: String
        var testDescription: String { name }
    }

    static let job = "workflow: { jobs: [ { id: a, component: s } ] }"

    static let forms: [Form] = [
        Form(
            name: "components as a map",
            yaml:
                "components: { s: { type: http-client, endpoint: \"http://h/x\", body: \"${input}\" } }\n"
                + job
        ),
        Form(
            name: "components as a list",
            yaml:
                "components: [ { id: s, type: http-client, endpoint: \"http://h/x\", body: \"${input}\" } ]\n"
                + job
        ),
        Form(
            name: "an action",
            yaml:
                "component: { id: s, type: http-client, base_url: \"http://h\", action: { path: /x, body: \"${input}\" } }\n"
                + job
        ),
        Form(
            name: "actions with a default",
            yaml:
                "component: { id: s, type: http-client, base_url: \"http://h\", actions: [ { id: o, path: /o }, { id: x, path: /x, body: \"${input}\", default: true } ] }\n"
                + job
        ),
        Form(
            name: "actions as a map, one named",
            yaml:
                "component: { id: s, type: http-client, base_url: \"http://h\", actions: { o: { path: /o }, x: { path: /x, body: \"${input}\" } } }\n"
                + "workflow: { job: { component: s, action: x } }"
        ),
        Form(
            name: "the only component and one job without id",
            yaml:
                "component: { type: http-client, endpoint: \"http://h/x\", body: \"${input}\" }\n"
                + "workflow: { title: t, job: { input: \"${input}\", output: \"${output}\" } }"
        ),
        Form(
            name: "the default component",
            yaml:
                "components: { o: { type: logger }, s: { type: http-client, endpoint: \"http://h/x\", body: \"${input}\", default: true } }\n"
                + "workflow: { job: {} , jobs: [ { id: a } ] }"
        ),
        Form(
            name: "a component inside the job",
            yaml:
                "workflow: { jobs: [ { id: a, component: { type: http-client, endpoint: \"http://h/x\", body: \"${input}\" } } ] }"
        ),
        Form(
            name: "a workflow without jobs",
            yaml:
                "component: { type: http-client, endpoint: \"http://h/x\", body: \"${input}\" }\n"
                + "workflow: { title: t, input: \"${input}\", output: \"${output}\" }"
        ),
        Form(
            name: "workflows as a map, jobs as a map",
            yaml:
                "component: { id: s, type: http-client, endpoint: \"http://h/x\", body: \"${input}\" }\n"
                + "workflows: { w: { jobs: { a: { component: s } } } }"
        ),
        Form(
            name: "no type",
            yaml: "component: { id: s, endpoint: \"http://h/x\", body: \"${input}\" }\n" + job
        ),
        Form(
            name: "keys of ours without effect",
            yaml:
                "component: { id: s, type: http-client, endpoint: \"http://h/x\", body: \"${input}\", runtime: native, x-note: 1 }\n"
                + job
        ),
    ]

    @Test(arguments: forms) func `every form runs`(form: Form) throws {
        let fixture = PlanFixture(form.yaml)
        #expect(!fixture.findings.contains { !$0.contains("has no effect here") })
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"k":1}"#)
        #expect(stage.words == ["POST http://h/x"])
        let step = try #require(stage.machine.state.steps.first?.name)
        #expect(stage.body(step)?.text == #"{"k":1}"#)
        stage.respond(step, #"{"r":2}"#)
        #expect(stage.output?.text == #"{"r":2}"#)
    }

    @Test func `a component without type is assumed to be an http-client`() {
        let fixture = PlanFixture("component: { endpoint: \"http://h/x\" }")
        #expect(
            fixture.assumptions == ["1:12 `__component__` has no `type`; taken as `http-client`"]
        )
    }

    @Test func `the same job id in two workflows keeps its own inline component`() throws {
        let fixture = PlanFixture(
            #"""
            workflows:
              - { id: one, jobs: [ { id: a, component: { type: http-client, endpoint: "http://one" } } ] }
              - { id: two, jobs: [ { id: a, component: { type: http-client, endpoint: "http://two" } } ] }
            """#
        )
        for id in ["one", "two"] {
            var stage = try #require(RunMachineFixture(fixture, workflow: id))
            stage.start()
            #expect(stage.words == ["POST http://\(id)"])
            #expect(stage.request("a")?.component == "\(id).a")
        }
    }

    @Test func `an http-server is called on its port and named as the server`() throws {
        let fixture = PlanFixture(
            #"""
            component:
              type: http-server
              start: [ uvicorn, main:app ]
              port: 9000
              base_path: /api
              action: { path: /echo, headers: { Content-Type: application/json }, body: { text: "${input.text}" } }
            workflow: { job: { input: "${input}" } }
            """#
        )
        #expect(fixture.findings == [])
        #expect(fixture.plans.components.first?.server?.start == ["uvicorn", "main:app"])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"text":"hi"}"#)
        #expect(stage.words == ["POST http://localhost:9000/api/echo"])
        #expect(stage.request("__job__")?.server == "__component__")
    }

    @Test(arguments: [
        ("10/s", 10, 1_000_000_000), ("60/1m", 60, 60_000_000_000), ("5/500ms", 5, 500_000_000),
    ])
    func `a rate limit is read`(text: String, requests: Int, period: Int64) {
        let fixture = PlanFixture(
            "component: { type: http-client, endpoint: \"http://h\", rate_limit: \(text) }"
        )
        #expect(fixture.findings == [])
        let limit = fixture.plans.components.first?.rateLimit
        #expect(limit?.requests == requests)
        #expect(limit?.period == Nanoseconds(period))
    }

    @Test func `the input's fields have types, defaults and descriptions`() throws {
        let fixture = PlanFixture(
            #"""
            component: { type: http-client, endpoint: "http://h", body: { size: "${input.size as text | 1024x1024}", n: "${input.n as integer | 5}" } }
            workflow: { jobs: [ { id: a, input: "${input}" }, { id: b, input: { q: "${input.q as text @(description What to ask)}" } } ] }
            """#
        )
        let fields = try #require(fixture.plans.defaultWorkflow?.inputFields)
        #expect(fields.map(\.name) == ["size", "n", "q"])
        #expect(fields.first?.defaultValue == .string("1024x1024"))
        #expect(fields.first { $0.name == "n" }?.type == "integer")
        #expect(fields.first { $0.name == "n" }?.defaultValue == .integer(5))
        #expect(fields.last?.description == "What to ask")
    }

    @Test func `order follows from references`() throws {
        let fixture = PlanFixture(
            #"""
            component: { id: s, type: http-client, endpoint: "http://h" }
            workflow:
              jobs:
                - { id: c, input: "${jobs.b.output}" }
                - { id: a }
                - { id: b, input: { x: "${output}", y: "${jobs.a.output.z}" } }
            """#
        )
        let steps = try #require(fixture.plans.defaultWorkflow?.steps)
        #expect(steps.map(\.dependencies) == [[[2]], [], [[1]]])
    }

    @Test func `the default workflow is the only one, or the one that says so`() {
        let two = "workflows: [ { id: a, jobs: [] }, { id: b, jobs: []"
        #expect(
            PlanFixture("workflow: { jobs: [] }").plans.find("__default__")?.id == "__workflow__"
        )
        #expect(PlanFixture(two + " } ]").plans.defaultWorkflow == nil)
        #expect(PlanFixture(two + ", default: true } ]").plans.defaultWorkflow?.id == "b")
    }

    @Test func `a workflow without jobs completes without output`() throws {
        var stage = try #require(RunMachineFixture(PlanFixture("workflow: { jobs: [] }")))
        stage.start()
        #expect(stage.machine.outcome == .completed(.null))
    }

    @Test func `a run stays small`() {
        #expect(MemoryLayout<StepInstance>.stride <= 120)
        #expect(MemoryLayout<RunMachine>.stride <= 224)
    }
}
