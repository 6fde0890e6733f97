import JSONWire
import Primitives
import Testing

@testable import Workflows

/// A component type that the table alone makes known.
@Suite struct ComponentTableTests {
    private static let configuration = """
        component: { id: speaker, type: echo-test, prefix: "> ", text: "${input.word}", output: "${result.said}" }
        workflow:
          jobs:
            - { id: first, component: speaker, input: { word: "${input.word}" } }
            - { id: second, component: speaker, input: { word: "${jobs.first.output} again" } }
          output: ${jobs.second.output}
        """

    @Test func `a type that the table has is read, called and answered`() throws {
        let fixture = PlanFixture(Self.configuration, components: EchoComponent.table)
        #expect(fixture.findings == [])
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"word":"hello"}"#)
        try Self.answer("first", &stage, expecting: "> hello")
        try Self.answer("second", &stage, expecting: "> > hello again")
        #expect(stage.output?.text == #""> > hello again""#)
    }

    @Test func `its failures are failures of its steps`() throws {
        let fixture = PlanFixture(Self.configuration, components: EchoComponent.table)
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"word":""}"#)
        #expect(stage.failure?.code == .requestInvalid)
        #expect(stage.failure?.message.contains("there is nothing to say") == true)

        stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"word":"hello"}"#)
        let (ref, call) = try Self.call("first", stage)
        stage.send(.responded(ref, call.outcome(heard: "")))
        #expect(stage.failure?.message.contains("nothing came back") == true)
    }

    @Test func `what it says of crashes holds for its calls`() throws {
        let fixture = PlanFixture(Self.configuration, components: EchoComponent.table)
        var stage = try #require(RunMachineFixture(fixture))
        stage.start(#"{"word":"hello"}"#)
        let (ref, _) = try Self.call("first", stage)
        #expect(!stage.machine.repeatsAfterCrash(ref))
    }

    @Test func `its keys are checked like those of all others`() {
        let fixture = PlanFixture(
            "component: { type: echo-test, txt: hello }",
            components: EchoComponent.table
        )
        #expect(
            fixture.findings == [
                "1:12 the key `text` is missing, expected what is said",
                "1:31 unknown key `txt` (text)",
            ]
        )
    }

    @Test func `a type that the table does not have is refused`() {
        let fixture = PlanFixture(Self.configuration)
        #expect(fixture.findings.count == 1)
        #expect(
            fixture.findings.first?.hasPrefix("1:33 there is no component type `echo-test`") == true
        )
    }

    @Test func `each type of the program has one name, and the schema's list is the table's`() {
        let names = ComponentTable.standard.names
        #expect(Set(names).count == names.count)
        #expect(
            names == ["http-client", "http-server", "shell", "workflow", "logger", "delay"]
        )
    }

    /// The echo that a step has asked for.
    private static func call(
        _ step: String,
        _ stage: RunMachineFixture
    ) throws -> (ref: AttemptRef, call: EchoCall) {
        let (ref, call) = try #require(stage.lastCall(step))
        return (ref, try #require(call as? EchoCall))
    }

    /// Answers a step's echo, which has to be for a text.
    private static func answer(
        _ step: String,
        _ stage: inout RunMachineFixture,
        expecting text: String
    ) throws {
        let (ref, call) = try call(step, stage)
        #expect(call.text == text)
        #expect(call.component == "speaker")
        stage.send(.responded(ref, call.outcome(heard: call.text)))
    }
}
