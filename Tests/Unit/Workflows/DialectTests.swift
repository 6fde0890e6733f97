import JSONWire
import Testing

@testable import Workflows

/// Two dialects in one configuration, compiled by the same compiler.
@Suite struct DialectTests {
    private static let components = """
        component: { id: tool, type: echo-test, text: "${input.word}", output: "${result}" }

        """

    private static func fixture(_ workflows: String) -> PlanFixture {
        PlanFixture(
            components + workflows,
            components: EchoComponent.table,
            dialects: TasksFixture.dialects
        )
    }

    @Test func `a draft of another dialect becomes a plan that runs`() throws {
        let fixture = Self.fixture(
            """
            workflow:
              id: chain
              tasks:
                - { id: first, tool: tool, with: { word: "{{ .input.word }}" } }
                - { id: second, tool: tool, with: { word: "{{ .tasks.first.output.said }}!" } }
              outputs: { end: "{{ .tasks.second.output.said }}" }
            """
        )
        #expect(fixture.findings == [])
        let plan = try #require(fixture.plans.find("chain"))
        #expect(plan.steps.map(\.type) == ["basic", "basic"])
        #expect(plan.steps.map(\.dependencies) == [[], [[0]]])
        #expect(plan.inputFields.map(\.name) == ["word"])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"word":"hello"}"#)
        for step in ["first", "second"] {
            let (ref, call) = try #require(stage.lastCall(step))
            let echo = try #require(call as? EchoCall)
            stage.send(.responded(ref, echo.outcome(heard: echo.text)))
        }
        #expect(stage.output?.text == #"{"end":"hello!"}"#)
    }

    @Test func `what is wrong is told in the words of the dialect, with its place`() {
        let fixture = Self.fixture(
            """
            workflow:
              tasks:
                - { id: first, tool: tool, with: { word: "{{ .tasks.frist.output.said }}" } }
                - { id: first, tool: tool, with: { word: "{{ .jobs.first.output }}" } }
            """
        )
        #expect(
            fixture.findings.contains("5:7 there is another task with the id `first`")
        )
        #expect(
            fixture.findings.contains {
                $0.hasPrefix("4:51 there is no task `frist` in this workflow")
            },
            "\(fixture.findings)"
        )
        #expect(
            fixture.findings.contains { $0.hasPrefix("5:51") && $0.contains("jobs") },
            "\(fixture.findings)"
        )
    }

    @Test func `its spelling ends where another dialect begins`() throws {
        let fixture = Self.fixture(
            """
            workflows:
              new:
                tasks: [ { id: a, tool: tool, with: { word: "{{ .input.word }}" } } ]
              old:
                jobs: [ { id: a, component: tool, input: { word: "{{ .input.word }}" } } ]
            """
        )
        let old = try #require(fixture.plans.find("old"))
        #expect(old.inputFields.isEmpty)
        let new = try #require(fixture.plans.find("tasks"))
        #expect(new.inputFields.map(\.name) == ["word"])
    }
}
